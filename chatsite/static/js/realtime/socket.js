import { Backoff } from "chat/thinking/backoff.js"
import { farewell } from "chat/thinking/farewell.js"
import { Liveness } from "chat/thinking/liveness.js"

const SUBPROTOCOL = "chat.v1.html"
const READY_MS = 10_000

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
  #pause = null

  /** `hello()` and `ping()` give the frames to send at the start and on every beat. */
  constructor({ url, frames, hello, ping, timers, random = Math.random, WebSocket = globalThis.WebSocket }) {
    super()
    Object.assign(this, { url, frames, hello, ping, timers, WebSocket, random })
    this.backoff = new Backoff({ random })
    frames.on("ready", (event) => this.#ready(event))
    frames.on("bye", (event) => (this.#pause = event.reconnect_in_ms))
  }

  /** Sockets that failed in a row. */
  get failures() {
    return this.backoff.tries
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
    else if (this.state === "ready") this.#pulse()
  }

  /** Sends `frame`; false when it cannot go out now. */
  send(frame) {
    if (this.state !== "ready") return false
    this.#socket.send(JSON.stringify(frame))
    return true
  }

  #open() {
    this.liveness = new Liveness({ now: this.timers.now, random: this.random })
    const socket = (this.#socket = new this.WebSocket(this.url, SUBPROTOCOL))
    // Each listener checks that this is still the socket: a dropped one may speak long after its successor came.
    const current = (listener) => (event) => socket === this.#socket && listener(event)
    socket.addEventListener("open", current(() => socket.send(JSON.stringify(this.hello()))))
    socket.addEventListener("message", current(({ data }) => (this.liveness.heard(), this.frames.receive(data))))
    socket.addEventListener("close", current(({ code }) => this.#closed(code)))
    this.#beat = this.timers.schedule(() => this.#lost(), READY_MS)
    this.#to("connecting")
  }

  #ready({ ping_ms }) {
    this.liveness.interval = ping_ms
    this.backoff.reset()
    this.timers.cancel(this.#beat)
    this.#next()
    this.#to("ready")
  }

  #next() {
    this.#beat = this.timers.schedule(() => this.#pulse(), this.liveness.pause())
  }

  #pulse() {
    if (this.liveness.dead) return this.#lost()
    this.timers.cancel(this.#beat)
    this.send(this.ping())
    this.liveness.pinged()
    return this.#next()
  }

  #lost() {
    this.#closed(null)
  }

  #closed(code) {
    this.#drop()
    this.dispatchEvent(new CustomEvent("closed", { detail: code }))
    this.verdict = farewell(code)
    if (this.verdict !== "again") return this.#to("over")
    const wait = this.backoff.next()
    this.#retry = this.timers.schedule(() => this.#open(), this.#pause ?? wait)
    this.#pause = null
    return this.#to("down")
  }

  #drop() {
    this.timers.cancel(this.#beat)
    const socket = this.#socket
    this.#socket = null
    socket?.close()
  }

  #to(state) {
    this.state = state
    this.dispatchEvent(new Event("state"))
  }
}
