import { seqOf } from "chat/lib/message-items.js"
import { Sightings } from "chat/thinking/sightings.js"

const ENOUGH = 0.5 // of the message, or of the window for one that is taller

export const attended = () => document.visibilityState === "visible" && document.hasFocus()

/** Watches which messages somebody really sees, and calls `read(seq)`. */
export class Reader {
  constructor({ root, readSeq, read, signal }) {
    this.sightings = new Sightings(readSeq)
    this.read = read
    this.observer = new IntersectionObserver((entries) => this.#saw(entries), { root, threshold: [0, 0.25, ENOUGH, 0.75, 1] })
    for (const moment of ["focus", "blur"]) addEventListener(moment, () => this.#tell(), { signal })
    document.addEventListener("visibilitychange", () => this.#tell(), { signal })
    signal.addEventListener("abort", () => this.observer.disconnect())
  }

  watch(items) {
    for (const item of items) this.observer.observe(item)
  }

  /** Everything up to `seq` counts as read, seen or not. */
  through(seq) {
    if (this.sightings.through(seq)) this.read(seq)
  }

  #saw(entries) {
    for (const { target, isIntersecting, intersectionRatio, intersectionRect, rootBounds } of entries) {
      const enough = intersectionRatio >= ENOUGH || intersectionRect.height >= ENOUGH * rootBounds.height
      this.sightings.seen(seqOf(target), isIntersecting && enough && target.isConnected)
    }
    this.#tell()
  }

  #tell() {
    const seq = this.sightings.read(attended())
    if (seq !== null) this.read(seq)
  }
}
