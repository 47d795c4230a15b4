const ANSWER_MS = 10_000
const TRY_AGAIN = new Set(["too_fast", "unavailable"])
const TRY_AGAIN_MS = 2_000

/**
 * Changes to messages on their way: edits, deletions, reactions, pins. Each goes out again, under the same `op_id`, until there is
 * an answer; the server applies it once.
 */
export class Amender {
  #open = new Map()

  /** `http()` gives the route to take in place of the socket, or null; `id()` makes an `op_id`. */
  constructor({ socket, frames, http, timers, id }) {
    Object.assign(this, { socket, http, timers, id })
    frames.on("ack", (event) => this.#answer(event.op_id, { ack: event }))
    frames.on("error", (event) => this.#refused(event.op_id, event))
    socket.addEventListener("state", () => this.flush())
  }

  /** Promises `{ack}` or `{refusal: {code, detail}}`; once `signal` is aborted, nothing goes out any more, and `{}`. */
  amend(frame, { signal } = {}) {
    const op_id = this.id()
    return new Promise((resolve) => {
      this.#open.set(op_id, { frame: { ...frame, op_id }, resolve, timer: null, route: null })
      signal?.addEventListener("abort", () => this.#answer(op_id, {}))
      this.#send(op_id)
    })
  }

  /** Sends what waits over whichever way there is now. */
  flush() {
    for (const [op_id, open] of this.#open) {
      if (open.route === this.socket && this.socket.state !== "ready") open.route = null // what was said on it may be lost
      if (open.route !== this.#route) this.#send(op_id)
    }
  }

  get #route() {
    return this.socket.state === "ready" ? this.socket : this.http()
  }

  #send(op_id) {
    const open = this.#open.get(op_id)
    if (!open) return
    this.timers.cancel(open.timer)
    open.route = this.#route
    if (open.route === this.socket) this.#overSocket(op_id, open)
    else if (open.route) this.#overHttp(op_id, open)
  }

  #overSocket(op_id, open) {
    this.socket.send(open.frame)
    open.timer = this.timers.schedule(() => (this.socket.check(), this.#send(op_id)), ANSWER_MS)
  }

  async #overHttp(op_id, open) {
    const result = await open.route.amend(open.frame)
    if (result.refusal) this.#refused(op_id, result.refusal)
    else if (result.later) this.#later(op_id, TRY_AGAIN_MS)
    else this.#answer(op_id, result)
  }

  #refused(op_id, refusal) {
    if (TRY_AGAIN.has(refusal.code)) this.#later(op_id, refusal.retry_after ? refusal.retry_after * 1000 : TRY_AGAIN_MS)
    else this.#answer(op_id, { refusal })
  }

  #later(op_id, ms) {
    const open = this.#open.get(op_id)
    if (!open) return
    this.timers.cancel(open.timer)
    open.timer = this.timers.schedule(() => this.#send(op_id), ms)
  }

  #answer(op_id, result) {
    const open = this.#open.get(op_id)
    if (!open) return
    this.#open.delete(op_id)
    this.timers.cancel(open.timer)
    open.resolve(result)
  }
}
