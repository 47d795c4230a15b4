const REPEAT_MS = 3_000
const EXPIRY_MS = 6_000

/** Says when to tell the others that one is typing: at the first key, every three seconds after, and once at the end. */
export class TypingAnnouncer {
  #saidAt = null

  constructor({ send, now = Date.now }) {
    Object.assign(this, { send, now })
  }

  typed() {
    if (this.#saidAt !== null && this.now() - this.#saidAt < REPEAT_MS) return
    this.#saidAt = this.now()
    this.send(true)
  }

  stopped() {
    if (this.#saidAt === null) return
    this.#saidAt = null
    this.send(false)
  }
}

/** Who is typing now. Nobody types for longer than six seconds without saying so again: the end may get lost on the way. */
export class Typists {
  #until = new Map()

  constructor({ now = Date.now } = {}) {
    this.now = now
  }

  heard(userId, on) {
    this.#until.delete(userId)
    if (on) this.#until.set(userId, this.now() + EXPIRY_MS)
  }

  /** User ids, the one who began first in front. */
  get current() {
    for (const [userId, until] of this.#until) if (until <= this.now()) this.#until.delete(userId)
    return [...this.#until.keys()]
  }

  /** Milliseconds until the next of them expires, or null when nobody types. */
  get expiry() {
    const next = Math.min(...this.#until.values())
    return Number.isFinite(next) ? Math.max(0, next - this.now()) : null
  }
}
