const JITTER = 0.2
const SILENT_INTERVALS = 2

/** Tells when to ping and when a socket that still claims to be open is dead. Times in milliseconds. */
export class Liveness {
  #heardAt
  #pingedAt = null

  constructor({ interval = 25_000, now = Date.now, random = Math.random } = {}) {
    Object.assign(this, { interval, now, random })
    this.#heardAt = now()
  }

  /** Any frame is a sign of life. */
  heard() {
    this.#heardAt = this.now()
    this.#pingedAt = null
  }

  pinged() {
    this.#pingedAt ??= this.now()
  }

  /** How long until the next ping: the interval ± 20 %. */
  pause() {
    return Math.round(this.interval * (1 - JITTER + 2 * JITTER * this.random()))
  }

  /** Nothing heard for two intervals. */
  get silent() {
    return this.now() - this.#heardAt >= SILENT_INTERVALS * this.interval
  }

  /** Whether a ping of ours has had no answer for `ms`. */
  unanswered(ms) {
    return this.#pingedAt !== null && this.now() - this.#pingedAt >= ms
  }

  /**
   * Silent for too long. Browsers slow the timers of hidden tabs down to one a minute and sleeping machines stop them,
   * so silence alone proves nothing: only a question of ours that stayed open for a while does.
   */
  get dead() {
    return this.silent && this.unanswered(this.interval * (1 - JITTER))
  }
}
