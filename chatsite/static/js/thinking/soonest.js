/** Does `task` once, at the soonest of the moments it was asked for. */
export class Soonest {
  #timer = null
  #wait = Infinity

  /** `timers` has `schedule(task, ms)` and `cancel(timer)`. */
  constructor({ task, timers }) {
    Object.assign(this, { task, timers })
  }

  ask(ms) {
    if (ms >= this.#wait) return
    if (this.#timer !== null) this.timers.cancel(this.#timer)
    this.#wait = ms
    this.#timer = this.timers.schedule(() => {
      this.#timer = null
      this.#wait = Infinity
      this.task()
    }, ms)
  }
}
