import { Backoff } from "chat/thinking/backoff.js"

export const PIECE = 2 * 1024 * 1024 // bytes

/**
 * One file on its way to the server, piece by piece. What breaks off is gone on with where the server has it; what the server no
 * longer knows is begun anew.
 *
 * `file` is `{id, name, conversation_id, blob}`, `id` null before the server knows it. `route` has `begin(file)`, `look(id)` and
 * `piece(id, offset, blob)`: each promises `{id, offset, state}`, `{refusal}` or `{later: true}`. `wait(ms)` promises to be back.
 */
export class Upload {
  #known = false // whether we know where the server's part ends
  #offset = 0

  constructor({ file, route, wait, changed = () => {} }) {
    Object.assign(this, { file, route, wait, changed })
    this.backoff = new Backoff()
    this.state = "waiting"
    this.error = null
  }

  /** Whether the server knows it since the last step: from then on it can be gone on with after a reload. */
  begun = false

  /** Bytes that the server has. */
  get sent() {
    return this.#offset
  }

  /** Promises the state it ends with: "ready", "failed" (then `error` says why) or "cancelled". */
  async run() {
    while (this.state === "waiting") {
      const answer = await this.#step()
      this.begun = !this.file.id && Boolean(answer.id)
      this.file.id = answer.id ?? this.file.id // also when it was cancelled meanwhile: the server has to hear of that
      if (this.state !== "waiting") break
      if (answer.later) await this.wait(this.backoff.next())
      else if (answer.refusal) this.#refused(answer.refusal)
      else this.#came(answer)
      this.changed(this)
    }
    return this.state
  }

  cancel() {
    this.state = "cancelled"
  }

  #step() {
    const { id, blob } = this.file
    if (!id) return this.route.begin(this.file)
    if (!this.#known) return this.route.look(id)
    return this.route.piece(id, this.#offset, blob.slice(this.#offset, this.#offset + PIECE))
  }

  #came({ offset, state }) {
    this.backoff.reset()
    this.#known = true
    this.#offset = offset
    if (state === "ready") this.state = "ready"
  }

  #refused(error) {
    const { id, blob } = this.file
    if (error.code === "conflict" && this.#known) this.#known = false // another try of this piece was faster
    else if (error.code === "not_found" && id && blob) this.#anew()
    else Object.assign(this, { state: "failed", error })
  }

  #anew() {
    this.file.id = null
    this.#known = false
    this.#offset = 0
  }
}
