const DELAY_MS = 250

/** Gathers receipts and sends the highest of each kind and conversation, at most once each quarter of a second. */
export class Receipts {
  #sent = new Map()
  #due = new Map()
  #timer = null

  /** `send(frame)` returns whether the frame went out; what did not stays due until `flush()`. */
  constructor({ send, schedule = (task, ms) => setTimeout(task, ms) }) {
    Object.assign(this, { send, schedule })
  }

  delivered(conversationId, seq) {
    this.#note("receipt.delivered", conversationId, seq)
  }

  /** To have read is to have received: the server takes it for both. */
  read(conversationId, seq) {
    this.#note("receipt.read", conversationId, seq)
  }

  /** Says the last ones again: the server may have stopped before it wrote them, and repeating changes nothing. */
  again() {
    for (const [key, seq] of this.#sent) {
      const [type, conversation_id] = key.split(" ")
      if (!this.#due.has(key)) this.#due.set(key, { type, conversation_id, seq })
    }
    this.#sent.clear()
    this.flush()
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
      this.#sent.set(key, frame.seq)
    }
  }

  /** Up to where a delivery is covered by a reading. */
  #readSeq({ type, conversation_id }) {
    const read = `receipt.read ${conversation_id}`
    return type === "receipt.read" ? 0 : Math.max(this.#sent.get(read) ?? 0, this.#due.get(read)?.seq ?? 0)
  }

  #note(type, conversation_id, seq) {
    const key = `${type} ${conversation_id}`
    const known = Math.max(this.#sent.get(key) ?? 0, this.#due.get(key)?.seq ?? 0)
    if (seq <= known) return
    this.#due.set(key, { type, conversation_id, seq })
    this.#timer ??= this.schedule(() => this.flush(), DELAY_MS)
  }
}
