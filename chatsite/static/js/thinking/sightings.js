/** Which messages are on screen, and up to where they count as read: only while somebody is looking. */
export class Sightings {
  #visible = new Set()

  /** `readSeq`: up to where it is read already. */
  constructor(readSeq) {
    this.readSeq = readSeq
  }

  seen(seq, visible) {
    if (visible) this.#visible.add(seq)
    else this.#visible.delete(seq)
  }

  /** Says of everything up to `seq` that it was seen; returns whether that is news. */
  through(seq) {
    const news = seq > this.readSeq
    if (news) this.readSeq = seq
    return news
  }

  /** The seq that is newly read, or null. `attended`: the tab is visible and has the focus. */
  read(attended) {
    const seq = Math.max(0, ...this.#visible)
    if (!attended || seq <= this.readSeq) return null
    this.readSeq = seq
    return seq
  }
}
