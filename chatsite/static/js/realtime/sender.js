import { Backoff } from "chat/thinking/backoff.js"

/** Empties the outbox, over whichever route is open, in one tab at a time. */
export class Sender {
  #running = false
  #again = false
  #timer = null

  /** `route()` gives the route to use now or null; `exclusive(task)` runs it while no other tab does; `acked(ack)` hears of answers. */
  constructor({ outbox, route, exclusive, acked, timers }) {
    Object.assign(this, { outbox, route, exclusive, acked, timers })
    this.backoff = new Backoff()
  }

  /** Sends all that waits; safe to call at any time. */
  async flush() {
    this.#again = true
    if (this.#running) return
    this.#running = true
    this.timers.cancel(this.#timer)
    try {
      while (this.#again && this.route()) {
        this.#again = false
        await this.exclusive(() => this.#drain())
      }
    } finally {
      this.#running = false
    }
  }

  async #drain() {
    await this.outbox.load()
    for (let route, entries; (route = this.route()) && (entries = this.outbox.next()).length; ) {
      const results = await Promise.all(entries.map((entry) => this.#send(route, entry)))
      if (results.some((result) => result.later)) return this.#later(this.backoff.next())
      this.backoff.reset()
    }
    return this.outbox.pause === null || this.#later(this.outbox.pause)
  }

  #later(ms) {
    this.timers.cancel(this.#timer)
    this.#timer = this.timers.schedule(() => this.flush(), ms)
  }

  async #send(route, entry) {
    this.outbox.sending(entry.client_id)
    const result = await route.send(entry)
    if (result.later) this.outbox.returned(entry.client_id)
    else if (result.refusal) await this.outbox.refused(entry.client_id, result.refusal)
    else {
      if (result.ack) this.acked(result.ack)
      await this.outbox.settled(entry.client_id)
    }
    return result
  }
}
