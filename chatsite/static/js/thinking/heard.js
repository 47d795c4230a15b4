const MOST = 500 // conversations; a ping that names them has to fit into one frame

/** How far this page heard every conversation, open or not, as [seq, rev]: with this a ping acknowledges what came. */
export class Heard {
  #places = new Map()

  /** Takes in an event that has a place in a log, or a batch of them. */
  note({ conversation_id, seq = 0, rev = 0 }) {
    const [knownSeq, knownRev] = this.#places.get(conversation_id) ?? [0, 0]
    this.#places.delete(conversation_id) // the latest stands last, and the oldest goes first
    this.#places.set(conversation_id, [Math.max(seq, knownSeq), Math.max(rev, knownRev)])
    if (this.#places.size > MOST) this.#places.delete(this.#places.keys().next().value)
  }

  /** Another log stands in the place of the old one. */
  forget() {
    this.#places.clear()
  }

  /** `{conversation_id: [seq, rev]}` */
  get cursors() {
    return Object.fromEntries(this.#places)
  }
}
