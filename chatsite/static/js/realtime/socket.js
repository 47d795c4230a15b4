import { Allowance } from "chat/thinking/allowance.js"
import { Backoff } from "chat/thinking/backoff.js"
import { farewell, restAfter } from "chat/thinking/farewell.js"
import { Liveness } from "chat/thinking/liveness.js"

const SUBPROTOCOL = "chat.v1.html"
const READY_MS = 10_000
const STABLE_MS = 5_000 // a socket that ended sooner was no success, however far it came
const PROBE_MS = 5_000 // for the answer to a ping when there is reason to doubt the line
const SIGNED_OUT = 4401
const ACKNOWLEDGING = new Set(["ping", "receipt.delivered", "receipt.read"])

/**
 * One connection that comes back by itself. `frames` (a Dispatcher) gets what arrives; "state" is dispatched on every change
 * of `state`: connecting, ready, down, or over (then `verdict` says why: "sign-in" or "stop").
 */
export class Socket extends EventTarget {
  state = "down"
  verdict = null
  #socket = null
  #retry = null
  #beat = null
  #doubt = null
  #pause = 0
  #readyAt = null

  /** Sockets that failed in a row. */
  failures = 0

  /** `userId`: whose page this is. `hello()` and `ping()` give the frames to send at the start and on every beat. */
  constructor({ url, userId, frames, hello, ping, timers, random = Math.random, WebSocket = globalThis.WebSocket }) {
    super()
    Object.assign(this, { url, userId, frames, hello, ping, timers, WebSocket, random })
    this.backoff = new Backoff({ random })
    frames.on("ready", (event) => this.#ready(event))
    frames.on("bye", (event) => (this.#pause = event.reconnect_in_ms))
  }

  /** Connects unless that is done or under way, without waiting for the next try's turn. */
  start() {
    if (this.#socket || this.state === "over") return
    this.timers.cancel(this.#retry)
    this.#open()
  }

  /** Leaves; `start()` comes back. */
  stop() {
    this.timers.cancel(this.#retry)
    this.#drop()
    this.#to("down")
  }

  /** A good moment to look whether all is well: the network came back, the page is looked at again. */
  check() {
    if (!this.#socket) this.start()
    else if (this.state === "ready") this.#pulse({ doubtful: true })
  }

  /** Sends `frame`; false when it cannot go out now. */
  send(frame) {
    if (this.state !== "ready") return false
    this.#socket.send(JSON.stringify(frame))
    if (ACKNOWLEDGING.has(frame.type)) this.allowance.acknowledged()
    return true
  }

  #open() {
    this.liveness = new Liveness({ now: this.timers.now, random: this.random })
    this.allowance = new Allowance()
    const socket = (this.#socket = new this.WebSocket(this.url, SUBPROTOCOL))
    // Each listener checks that this is still the socket: a dropped one may speak long after its successor came.
    const current = (listener) => (event) => socket === this.#socket && listener(event)
    socket.addEventListener("open", current(() => socket.send(JSON.stringify(this.hello()))))
    socket.addEventListener("message", current(({ data }) => this.#heard(data)))
    socket.addEventListener("close", current(({ code }) => this.#closed(code)))
    this.#beat = this.timers.schedule(() => this.#lost(), READY_MS)
    this.#to("connecting")
  }

  #heard(text) {
    this.liveness.heard()
    this.allowance.took(this.frames.receive(text), text.length)
    if (this.allowance.due && this.state === "ready") this.#pulse()
  }

  #ready({ ping_ms, user_id }) {
    // In this browser somebody else has signed in since: nothing of this page may go out in their name.
    if (user_id !== this.userId) return this.#closed(SIGNED_OUT)
    this.liveness.interval = ping_ms
    this.failures = 0
    this.#pause = 0
    this.#readyAt = this.timers.now()
    this.timers.cancel(this.#beat)
    this.#next()
    return this.#to("ready")
  }

  #next() {
    this.#beat = this.timers.schedule(() => this.#pulse(), this.liveness.pause())
  }

  /** After a long silence the line may be dead, or the machine slept: then the answer has to come soon. */
  #pulse({ doubtful = this.liveness.silent } = {}) {
    if (this.liveness.dead) return this.#lost()
    this.timers.cancel(this.#beat)
    this.send(this.ping())
    this.liveness.pinged()
    if (doubtful) this.#doubt ??= this.timers.schedule(() => this.#settleDoubt(), PROBE_MS)
    return this.#next()
  }

  #settleDoubt() {
    this.#doubt = null
    if (this.liveness.unanswered(PROBE_MS)) this.#lost()
  }

  #lost() {
    this.#closed(null)
  }

  #closed(code) {
    this.#drop()
    this.dispatchEvent(new CustomEvent("closed", { detail: code }))
    this.verdict = farewell(code)
    if (this.verdict !== "again") return this.#to("over")
    this.failures += 1
    if (this.#readyAt !== null && this.timers.now() - this.#readyAt >= STABLE_MS) this.backoff.reset()
    this.#readyAt = null
    const wait = this.backoff.next()
    this.#retry = this.timers.schedule(() => this.#open(), Math.max(this.#pause || wait, restAfter(code)))
    this.#pause = 0
    return this.#to("down")
  }

  #drop() {
    this.timers.cancel(this.#beat)
    this.timers.cancel(this.#doubt)
    this.#doubt = null
    const socket = this.#socket
    this.#socket = null
    socket?.close()
  }

  #to(state) {
    this.state = state
    this.dispatchEvent(new Event("state"))
  }
}
