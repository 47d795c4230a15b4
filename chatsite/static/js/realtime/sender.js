import { Backoff } from "chat/thinking/backoff.js"

/** Empties the outbox, over whichever route is open, in one tab at a time. */
export class Sender {
  #running = false
  #again = false
  #wake = () => {}
  #timer = null

  /** `route()` gives the route to use now or null; `exclusive(task)` runs it while no other tab does; `acked(ack)` hears of answers. */
  constructor({ outbox, route, exclusive, acked, timers, report = (failure) => reportError(failure) }) {
    Object.assign(this, { outbox, route, exclusive, acked, timers, report })
    this.backoff = new Backoff()
  }

  /** Sends all that waits; safe to call at any time. */
  async flush() {
    this.#again = true
    this.#wake()
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

  /** Conversations do not wait for each other: whatever may go out next goes, as soon as an answer or another message came. */
  async #drain() {
    await this.outbox.load()
    const underWay = new Set()
    let broken = false
    do {
      const route = broken ? null : this.route()
      for (const entry of route ? this.outbox.next() : []) {
        const sending = this.#send(route, entry).then(({ later }) => {
          underWay.delete(sending)
          broken ||= later === true
        })
        underWay.add(sending)
      }
      const woken = new Promise((resolve) => (this.#wake = resolve))
      if (underWay.size) await Promise.race([woken, ...underWay])
    } while (underWay.size || (!broken && this.route() && this.outbox.next().length))
    if (broken) return this.#later(this.backoff.next())
    this.backoff.reset()
    return this.outbox.pause === null || this.#later(this.outbox.pause)
  }

  #later(ms) {
    this.timers.cancel(this.#timer)
    this.#timer = this.timers.schedule(() => this.flush(), ms)
  }

  async #send(route, entry) {
    this.outbox.sending(entry.client_id)
    const result = await this.#attempt(route, entry)
    if (result.later) this.outbox.returned(entry.client_id)
    else if (result.refusal) await this.outbox.refused(entry.client_id, result.refusal)
    else {
      if (result.ack) this.acked(result.ack)
      await this.outbox.settled(entry.client_id)
    }
    return result
  }

  /** A way that breaks in a way nobody thought of must not leave the entry "sending" for ever, and all behind it waiting. */
  async #attempt(route, entry) {
    try {
      return await route.send(entry)
    } catch (failure) {
      this.report(failure)
      return { later: true }
    }
  }
}
