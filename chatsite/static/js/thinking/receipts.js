const DELAY_MS = 250

/**
 * Gathers receipts and sends the highest of each kind and conversation, at most once each quarter of a second.
 * What was said on a line that broke before a pong proved that it had arrived is said again.
 */
export class Receipts {
  #sent = new Map()
  #due = new Map()
  #timer = null
  #confirmedAt = -Infinity

  /** `send(frame)` returns whether the frame went out; what did not stays due until `flush()`. */
  constructor({ send, now = Date.now, schedule = (task, ms) => setTimeout(task, ms) }) {
    Object.assign(this, { send, now, schedule })
  }

  delivered(conversationId, seq) {
    this.#note("receipt.delivered", conversationId, seq)
  }

  /** To have read is to have received: the server takes it for both. */
  read(conversationId, seq) {
    this.#note("receipt.read", conversationId, seq)
  }

  flush() {
    this.#timer = null
    for (const [key, frame] of this.#due) {
      if (frame.seq <= this.#readSeq(frame)) {
        this.#due.delete(key)
        continue
      }
      if (!this.send(frame)) return
      this.#due.delete(key)
      this.#sent.set(key, { frame, at: this.now() })
    }
  }

  /** What went out before `at` has arrived. */
  confirmed(at) {
    this.#confirmedAt = Math.max(at, this.#confirmedAt)
  }

  /** The line broke: what may have been lost with it is due again. */
  lost() {
    for (const { frame, at } of this.#sent.values()) if (at >= this.#confirmedAt) this.returned(frame)
  }

  /** This one did not arrive. */
  returned(frame) {
    const key = keyOf(frame)
    if (frame.seq > (this.#due.get(key)?.seq ?? 0)) this.#due.set(key, frame)
    if (this.#sent.get(key)?.frame.seq <= frame.seq) this.#sent.delete(key)
  }

  /** Another log stands in the place of the old one: its numbers begin anew. */
  forget() {
    this.#sent.clear()
    this.#due.clear()
  }

  /** Up to where a delivery is covered by a reading. */
  #readSeq({ type, conversation_id }) {
    return type === "receipt.read" ? 0 : this.#known(keyOf({ type: "receipt.read", conversation_id }))
  }

  #known(key) {
    return Math.max(this.#sent.get(key)?.frame.seq ?? 0, this.#due.get(key)?.seq ?? 0)
  }

  #note(type, conversation_id, seq) {
    const frame = { type, conversation_id, seq }
    if (seq <= this.#known(keyOf(frame))) return
    this.#due.set(keyOf(frame), frame)
    this.#timer ??= this.schedule(() => this.flush(), DELAY_MS)
  }
}

const keyOf = ({ type, conversation_id }) => `${type} ${conversation_id}`
