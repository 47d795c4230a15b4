/** Unread messages of every conversation in sight, kept in step with events. */
export class Unread {
  #rows = new Map()

  /** What the server counted for a conversation whose log goes up to `lastSeq`. */
  set(conversationId, { unread, lastSeq }) {
    this.#rows.set(conversationId, { unread, lastSeq, readSeq: 0 })
  }

  has(conversationId) {
    return this.#rows.has(conversationId)
  }

  remove(conversationId) {
    this.#rows.delete(conversationId)
  }

  /** A message arrived; returns whether it is news (not a repetition). Own messages are never unread. */
  arrived(conversationId, seq, mine) {
    const row = this.#rows.get(conversationId)
    if (!row || seq <= row.lastSeq) return false
    row.lastSeq = seq
    if (!mine && seq > row.readSeq) row.unread += 1
    return true
  }

  /** Read up to `seq`, here or on another device. */
  read(conversationId, seq) {
    const row = this.#rows.get(conversationId)
    if (!row || seq <= row.readSeq) return
    row.readSeq = seq
    // Which of the remaining ones are one's own is not known here, so this is the most that can be left.
    row.unread = Math.min(row.unread, Math.max(0, row.lastSeq - seq))
  }

  of(conversationId) {
    return this.#rows.get(conversationId)?.unread ?? 0
  }

  lastSeq(conversationId) {
    return this.#rows.get(conversationId)?.lastSeq ?? 0
  }

  get total() {
    return [...this.#rows.values()].reduce((sum, row) => sum + row.unread, 0)
  }
}
