/**
 * Unread messages of every conversation in sight, kept in step with events.
 *
 * What the server counted is exact. It stays exact as long as it is known which messages behind the read mark do not count: one's
 * own that came since are, those that were there before (`blind` of them: one's own, or deleted) are not. Where the mark moves
 * among those, the number is the most it can be, and `sure()` says so.
 */
export class Unread {
  #rows = new Map()

  /** What the server counted for a conversation whose log goes up to `lastSeq`, read up to `readSeq`; `silent`: it is muted. */
  set(conversationId, { unread, lastSeq, readSeq = lastSeq - unread, silent = false }) {
    const blind = Math.max(0, lastSeq - readSeq - unread)
    this.#rows.set(conversationId, { unread, lastSeq, readSeq, blind, silent, own: [], sure: true })
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
    if (seq > row.lastSeq + 1 && seq > row.readSeq + 1) row.sure = false // what stands between was never heard of
    row.lastSeq = seq
    if (seq <= row.readSeq) return true
    if (mine) row.own.push(seq)
    else row.unread += 1
    return true
  }

  /** Read up to `seq`, here or on another device. */
  read(conversationId, seq) {
    const row = this.#rows.get(conversationId)
    if (!row || seq <= row.readSeq) return
    row.readSeq = seq
    row.own = row.own.filter((each) => each > seq)
    const left = Math.max(0, row.lastSeq - seq - row.own.length)
    row.sure = left === 0 || (row.sure && row.blind === 0)
    row.unread = row.sure ? left : Math.min(row.unread, left)
    if (left === 0) row.blind = 0
  }

  of(conversationId) {
    return this.#rows.get(conversationId)?.unread ?? 0
  }

  /** Whether the number is exact; where it is not, the server is to count again. */
  sure(conversationId) {
    return this.#rows.get(conversationId)?.sure ?? true
  }

  lastSeq(conversationId) {
    return this.#rows.get(conversationId)?.lastSeq ?? 0
  }

  /** Of all conversations but those that are muted. */
  get total() {
    return [...this.#rows.values()].reduce((sum, row) => sum + (row.silent ? 0 : row.unread), 0)
  }
}
