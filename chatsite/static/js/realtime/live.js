import { uuid } from "chat/lib/identifiers.js"
import { once } from "chat/lib/once.js"
import { Acknowledgement } from "chat/realtime/acknowledgement.js"
import { Dispatcher } from "chat/realtime/dispatcher.js"
import { KeptOutbox } from "chat/realtime/kept-outbox.js"
import { HttpRoute, SocketRoute } from "chat/realtime/routes.js"
import { Socket } from "chat/realtime/socket.js"
import { timers } from "chat/realtime/timers.js"

const SOCKETS_BEFORE_HTTP = 2
const POLL_MS = 5_000

/** The page's line to the server: one socket, one outbox, the cursors of what is on the page. "state" tells that `state` may have changed. */
class Live extends EventTarget {
  /** Functions that give `{conversation_id: [seq, rev]}`: those whose events are wanted after a break, and those merely compared. */
  cursors = new Set()
  positions = new Set()
  #epoch
  #routes

  constructor({ userId, csrf: csrfToken }) {
    super()
    this.userId = userId
    this.frames = new Dispatcher()
    this.socket = new Socket({
      url: new URL("/ws/", location.href.replace(/^http/, "ws")),
      userId,
      frames: this.frames,
      timers,
      hello: () => ({ type: "hello", language: document.documentElement.lang, cursors: gather(this.cursors), ...(this.#epoch && { epoch: this.#epoch }) }),
      ping: () => ({ type: "ping", cursors: { ...this.acknowledgement.pinging(), ...gather([...this.positions, ...this.cursors]) } }),
    })
    const send = (receipt) => this.socket.send(receipt) || this.#say(receipt)
    this.acknowledgement = new Acknowledgement({ userId, frames: this.frames, socket: this.socket, send })
    this.receipts = this.acknowledgement.receipts
    this.#routes = {
      socket: new SocketRoute({ socket: this.socket, frames: this.frames, timers }),
      http: new HttpRoute({ csrfToken, userId, signedOut: () => this.signIn() }),
    }
    this.outbox = new KeptOutbox({ userId, csrfToken, route: () => this.#route(), acked: (ack) => this.frames.give(ack) })
    const http = () => (this.withoutSocket ? this.#routes.http : null)
    this.amender = once(async () => {
      const { Amender } = await import("chat/realtime/amender.js")
      return new Amender({ socket: this.socket, frames: this.frames, http, timers, id: uuid })
    })
    this.#listen()
    this.#watch()
  }

  /** Connects, once everything on the page listens. */
  start() {
    this.socket.start()
    this.outbox.load()
  }

  /** Calls `listener(event)` for every event of `type` until `signal` is aborted. */
  on(type, listener, signal) {
    this.frames.on(type, listener, { signal })
  }

  /** Sends a fleeting frame; false when there is no line now. */
  send(frame) {
    return this.socket.send(frame)
  }

  /** Takes over a message to send, `{client_id, conversation_id, content, reply_to}`, and promises that it is kept. It goes out as soon as it can. */
  async post(entry) {
    await this.outbox.add(entry)
    this.outbox.sender.flush()
  }

  /** Changes a message: `{type, message_id, …}` as the protocol has it, without `op_id`. Promises as Amender does. */
  async amend(frame, how) {
    const amender = await this.amender()
    if (how?.signal?.aborted) return {}
    const result = await amender.amend(frame, how)
    if (result.ack && this.withoutSocket) this.#poll()
    return result
  }

  async retry(clientId) {
    await this.outbox.retry(clientId)
    this.outbox.sender.flush()
  }

  /** Sockets do not get through: HTTP is used in their place. */
  get withoutSocket() {
    return this.socket.state !== "ready" && (this.socket.failures >= SOCKETS_BEFORE_HTTP || this.socket.verdict === "stop")
  }

  /** "ready"; "http" when that works in its place; else "connecting", "down" or "over", as the socket says. */
  get state() {
    return this.withoutSocket && this.#routes.http.works ? "http" : this.socket.state
  }

  signIn() {
    location.assign(`/accounts/login/?next=${encodeURIComponent(location.pathname)}`)
  }

  /** The page itself asked for something over HTTP: was there an answer? */
  reached(answered) {
    this.#routes.http.works = answered
    this.dispatchEvent(new Event("state"))
  }

  #say(receipt) {
    if (!this.withoutSocket) return false
    this.#routes.http.receipt(receipt).then((arrived) => arrived || this.receipts.returned(receipt))
    return true
  }

  #route() {
    if (this.#routes.socket.usable) return this.#routes.socket
    return this.withoutSocket ? this.#routes.http : null
  }

  #listen() {
    this.on("ready", ({ epoch }) => this.#ready(epoch))
    this.on("message.created", ({ message }) => this.outbox.has(message.client_id) && this.outbox.settled(message.client_id))
    let without = false
    this.socket.addEventListener("state", () => {
      if (this.socket.verdict === "sign-in") return this.signIn()
      this.outbox.sender.flush()
      if (this.withoutSocket && !without) this.#poll()
      without = this.withoutSocket
      return this.dispatchEvent(new Event("state"))
    })
  }

  #ready(epoch) {
    if (this.#epoch !== undefined && epoch !== this.#epoch) this.#startOver()
    this.#epoch = epoch
    this.#routes.http.works = false // until it is needed again, and tried
    this.receipts.flush()
    this.send(this.socket.ping())
  }

  /** The log is another one. The server says so too, but once, and its socket may end before that arrives. */
  #startOver() {
    this.acknowledgement.forget()
    this.frames.give({ type: "sync.reset", conversation_id: null, reason: "epoch" })
  }

  #watch() {
    const seen = () => document.visibilityState === "visible"
    const check = () => seen() && this.socket.check()
    addEventListener("online", () => this.socket.check())
    addEventListener("pageshow", check)
    document.addEventListener("visibilitychange", check)
    addEventListener("pagehide", () => {
      this.receipts.flush()
      this.socket.stop() // a page with an open socket cannot be kept for the way back
    })
    setInterval(() => this.withoutSocket && seen() && this.#poll(), POLL_MS)
  }

  /** Local, not the server's: without a socket one has to ask. */
  #poll() {
    this.frames.give({ type: "poll" })
    this.receipts.flush()
  }
}

function gather(suppliers) {
  return Object.assign({}, ...[...suppliers].map((supplier) => supplier()))
}

/** Null on pages where nobody is signed in. */
export const live = document.body.dataset.userId ? new Live(document.body.dataset) : null
