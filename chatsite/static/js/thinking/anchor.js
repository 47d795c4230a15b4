const NEAR_BOTTOM_PX = 48

/**
 * Decides what a list of messages does when it changes. Lengths in CSS pixels.
 * At the bottom it follows what is new; away from it nothing moves under the reader, and what came is counted.
 */
export class Anchor {
  #following = true
  missed = 0

  /** The reader scrolled, and now `below` is left under the lower edge. */
  scrolled(below) {
    this.#following = below <= NEAR_BOTTOM_PX
    if (this.#following) this.missed = 0
  }

  get following() {
    return this.#following
  }

  /** A message was added at the end; true when the list is to scroll to it. One's own message always takes one there. */
  added({ mine, seen = true }) {
    if (mine) this.#following = true
    if (this.#following) {
      this.missed = 0
      return true
    }
    if (seen) this.missed += 1
    return false
  }

  /** How far to scroll so that what stood at `before` (distance from the upper edge) stands there again. */
  static correction(before, after) {
    return after - before
  }
}
