/** A clock and timers that move only when told to. Milliseconds. */
export class Clock {
  time = 1_000_000
  #tasks = []

  now = () => this.time

  schedule = (task, ms) => {
    const entry = { at: this.time + ms, task }
    this.#tasks.push(entry)
    return entry
  }

  cancel = (entry) => {
    this.#tasks = this.#tasks.filter((task) => task !== entry)
  }

  /** Time goes by and no timer runs: what is due runs when the clock goes on. */
  sleep(ms) {
    this.time += ms
  }

  pass(ms) {
    const end = this.time + ms
    for (;;) {
      const next = this.#tasks.filter((task) => task.at <= end).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      this.cancel(next)
      this.time = Math.max(this.time, next.at)
      next.task()
    }
    this.time = end
  }
}
