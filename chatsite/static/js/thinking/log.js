import { Cursor } from "chat/thinking/cursor.js"

/** One conversation's log as a page follows it: takes in what arrives, has it applied in order and once, asks for what is missing. */
export class Log {
  #held = null
  #again = false
  #due = false

  /**
   * `apply(events)` shows what comes next, `ask({after_seq, after_rev})` sends a `sync`, and `restart()` puts the last page in place of
   * what is shown and promises its `[seq, rev]`, or null when it cannot be had now.
   */
  constructor({ seq, rev, apply, ask, restart, now }) {
    this.cursor = new Cursor({ seq, rev }, { now })
    Object.assign(this, { apply, ask, restart })
  }

  get head() {
    return this.cursor.head
  }

  offer(...events) {
    // The page on its way may be older than these: they come after it.
    if (this.#held) return this.#held.push(...events)
    for (const event of events) this.cursor.offer(event)
    return this.#go(this.cursor.take())
  }

  /** Takes in a `sync.batch` as the server sends it. */
  answer({ conversation_id, messages, html = [], changes, seq, rev, more }) {
    if (this.#held) return
    const created = messages.map((message, index) => ({ type: "message.created", conversation_id, seq: message.seq, message, html: html[index] }))
    const changed = changes.map((change) => ({ type: change.message ? "message.changed" : "conversation.changed", conversation_id, ...change }))
    this.#go(this.cursor.answer({ created, changed, seq, rev, more }))
  }

  /** Learns, from a `pong` or an `ack`, how far the log goes. */
  know(head) {
    if (this.#held) return
    this.cursor.know(head)
    this.#go([])
    this.resume()
  }

  /** A new socket said `hello`. */
  greeted() {
    this.cursor.greeted()
    if (!this.#held) this.#go([])
    this.resume()
  }

  /** Tries again where a reset could not have its page. */
  resume() {
    if (this.#due) this.reset()
  }

  /** `sync.reset`: starts over with the last page. One that comes while the page is on its way asks for a page later than that. */
  async reset() {
    this.#again = true
    if (this.#held) return
    this.#held = []
    let head = null
    try {
      do {
        this.#again = false
        head = await this.restart()
      } while (this.#again && head)
    } finally {
      this.#restarted(head)
    }
  }

  #restarted(head) {
    const held = this.#held
    this.#held = null
    this.#due = head === null
    if (head) this.cursor.reset(head)
    this.offer(...held)
  }

  #go(events) {
    if (events.length) this.apply(events)
    const wants = this.cursor.wants()
    if (wants) this.ask(wants)
  }
}
