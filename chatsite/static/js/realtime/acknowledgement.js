import { timers as browserTimers } from "chat/realtime/timers.js"
import { Heard } from "chat/thinking/heard.js"
import { Receipts } from "chat/thinking/receipts.js"

const IN_A_LOG = ["message.created", "message.changed", "conversation.changed", "sync.batch"]
const WRITTEN_WITHIN_MS = 1_000 // a receipt that came so shortly before a ping may not be written yet when the pong goes out

/**
 * Tells the server what arrived, of all conversations, on any page and in a hidden tab too: it waits for that before it sends
 * more. Others' messages are acknowledged by receipts, everything by the cursors of a ping.
 */
export class Acknowledgement {
  #heard = new Heard()
  #pings = [] // when those were sent that have no answer yet

  /** `send(receipt)` returns whether it went out. */
  constructor({ userId, frames, socket, send, timers = browserTimers }) {
    Object.assign(this, { userId, timers })
    this.receipts = new Receipts({ send, now: timers.now, schedule: timers.schedule })
    for (const type of IN_A_LOG) frames.on(type, (event) => this.#got(event))
    frames.on("pong", () => this.receipts.confirmed((this.#pings.shift() ?? 0) - WRITTEN_WITHIN_MS))
    socket.addEventListener("closed", () => this.#lost())
  }

  /** The cursors for a ping that goes out now. */
  pinging() {
    this.#pings.push(this.timers.now())
    return this.#heard.cursors
  }

  /** Another log stands in the place of the old one. */
  forget() {
    this.#heard.forget()
    this.receipts.forget()
  }

  #got(event) {
    this.#heard.note(event)
    const messages = event.messages ?? (event.type === "message.created" ? [event.message] : [])
    const last = messages.findLast(({ sender_id }) => sender_id !== this.userId)
    if (last) this.receipts.delivered(event.conversation_id, last.seq)
  }

  #lost() {
    this.#pings = []
    this.receipts.lost()
  }
}
