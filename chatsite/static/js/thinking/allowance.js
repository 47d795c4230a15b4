const EVENTS_MOST = 100
const CHARACTERS_MOST = 64 * 1024

/**
 * How much came since the last acknowledgement. The server stops pushing at 500 events or 256 KiB that are not acknowledged, and
 * receipts cover only what others wrote: well before that, a ping is due out of its turn.
 */
export class Allowance {
  #events = 0
  #characters = 0

  took(events, characters) {
    this.#events += events
    this.#characters += characters
  }

  acknowledged() {
    this.#events = this.#characters = 0
  }

  get due() {
    return this.#events >= EVENTS_MOST || this.#characters >= CHARACTERS_MOST
  }
}
