/** Waiting times between tries: doubling limits, full jitter, so that a thousand tabs do not come back in step. */
export class Backoff {
  #tries = 0

  constructor({ base = 500, cap = 30_000, random = Math.random } = {}) {
    Object.assign(this, { base, cap, random })
  }

  /** Milliseconds to wait before the next try. */
  next() {
    const limit = Math.min(this.cap, this.base * 2 ** this.#tries)
    this.#tries += 1
    return Math.round(this.random() * limit)
  }

  /** Failed tries since the last success. */
  get tries() {
    return this.#tries
  }

  reset() {
    this.#tries = 0
  }
}
