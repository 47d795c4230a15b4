/** Of many questions in a row asks the last one, once a moment has passed, and gives on the answer to that one only. */
export class Latest {
  #asked = 0
  #due = null

  /** `pause` is in milliseconds; `timers` has `schedule(task, ms)` and `cancel(timer)`. */
  constructor({ pause, timers }) {
    Object.assign(this, { pause, timers })
  }

  /** `ask()` promises an answer; `give(answer)` is called with it unless something else was asked meanwhile. */
  ask(ask, give, { now = false } = {}) {
    this.#asked += 1
    const mine = this.#asked
    if (this.#due !== null) this.timers.cancel(this.#due)
    const go = async () => {
      this.#due = null
      const answer = await ask()
      if (mine === this.#asked) give(answer)
    }
    if (now) return go()
    this.#due = this.timers.schedule(go, this.pause)
    return undefined
  }
}
