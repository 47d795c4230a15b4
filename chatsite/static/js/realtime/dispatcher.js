/** Turns frames into DOM events named by their type; `detail` is the event as the server sent it. */
export class Dispatcher extends EventTarget {
  /** Takes one text frame: an event or an array of events. Returns how many there were. */
  receive(text) {
    const events = [JSON.parse(text)].flat()
    for (const event of events) this.give(event)
    return events.length
  }

  give(event) {
    this.dispatchEvent(new CustomEvent(event.type, { detail: event }))
  }

  /** Calls `listener(event)` for each event of `type`, until `signal` is aborted. */
  on(type, listener, { signal } = {}) {
    this.addEventListener(type, ({ detail }) => listener(detail), { signal })
  }
}
