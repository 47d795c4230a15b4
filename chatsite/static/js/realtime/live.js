import { Dispatcher } from "chat/realtime/dispatcher.js"
import { IndexedStorage } from "chat/realtime/indexed-storage.js"
import { HttpRoute, SocketRoute } from "chat/realtime/routes.js"
import { Sender } from "chat/realtime/sender.js"
import { Socket } from "chat/realtime/socket.js"
import { Storage } from "chat/realtime/storage.js"
import { timers } from "chat/realtime/timers.js"
import { Outbox } from "chat/thinking/outbox.js"
import { Receipts } from "chat/thinking/receipts.js"

const SOCKETS_BEFORE_HTTP = 2
const POLL_MS = 5_000

/** The page's line to the server: one socket, one outbox, the cursors of what is on the page. */
class Live {
  /** Functions that give `{conversation_id: [seq, rev]}`: those whose events are wanted after a break, and those merely compared. */
  cursors = new Set()
  positions = new Set()
  #epoch
  #routes

  constructor({ userId, csrf: csrfToken }) {
    this.userId = userId
    this.frames = new Dispatcher()
    this.socket = new Socket({
      url: new URL("/ws/", location.href.replace(/^http/, "ws")),
      frames: this.frames,
      timers,
      hello: () => ({ type: "hello", cursors: gather(this.cursors), ...(this.#epoch && { epoch: this.#epoch }) }),
      ping: () => ({ type: "ping", cursors: gather([...this.positions, ...this.cursors]) }),
    })
    this.receipts = new Receipts({ send: (frame) => this.socket.send(frame) || this.#receipt(frame) })
    // The name holds the person: on a shared computer nobody sends what another one left waiting.
    const name = `chat-outbox-${userId}`
    const tabs = new BroadcastChannel(name)
    const storage = new Storage({ open: () => IndexedStorage.open(name), changed: () => tabs.postMessage("changed") })
    this.outbox = new Outbox({ storage })
    tabs.addEventListener("message", () => this.outbox.load())
    this.#routes = {
      socket: new SocketRoute({ socket: this.socket, frames: this.frames, timers }),
      http: new HttpRoute({ csrfToken, signedOut: () => this.signIn() }),
    }
    const exclusive = (task) => (navigator.locks ? navigator.locks.request(name, task) : task())
    this.sender = new Sender({ outbox: this.outbox, route: () => this.#route(), acked: (ack) => this.frames.give(ack), exclusive, timers })
    this.#listen()
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

  /** Takes over a message to send: `{client_id, conversation_id, content, reply_to}`. It goes out as soon as it can. */
  async post(entry) {
    await this.outbox.add(entry)
    await this.sender.flush()
  }

  async retry(clientId) {
    await this.outbox.retry(clientId)
    await this.sender.flush()
  }

  /** Sockets do not get through: HTTP is used in their place. */
  get withoutSocket() {
    return this.socket.state !== "ready" && this.socket.failures >= SOCKETS_BEFORE_HTTP
  }

  signIn() {
    location.assign(`/accounts/login/?next=${encodeURIComponent(location.pathname)}`)
  }

  #receipt(frame) {
    if (this.withoutSocket) this.#routes.http.receipt(frame)
    return this.withoutSocket
  }

  #route() {
    if (this.#routes.socket.usable) return this.#routes.socket
    return this.withoutSocket ? this.#routes.http : null
  }

  #listen() {
    this.on("ready", ({ epoch }) => {
      this.#epoch = epoch
      this.receipts.again()
      this.send(this.socket.ping())
    })
    // Local, not the server's: without a socket one has to ask.
    setInterval(() => this.withoutSocket && document.visibilityState === "visible" && this.frames.give({ type: "poll" }), POLL_MS)
    this.on("message.created", ({ message }) => this.outbox.has(message.client_id) && this.outbox.settled(message.client_id))
    this.socket.addEventListener("state", () => {
      if (this.socket.verdict === "sign-in") this.signIn()
      else this.sender.flush()
    })
    const check = () => document.visibilityState === "visible" && this.socket.check()
    addEventListener("online", () => this.socket.check())
    addEventListener("pageshow", check)
    document.addEventListener("visibilitychange", check)
    addEventListener("pagehide", () => {
      this.receipts.flush()
      this.socket.stop() // a page with an open socket cannot be kept for the way back
    })
  }
}

function gather(suppliers) {
  return Object.assign({}, ...[...suppliers].map((supplier) => supplier()))
}

/** Null on pages where nobody is signed in. */
export const live = document.body.dataset.userId ? new Live(document.body.dataset) : null
