/** Stands where the browser's WebSocket stands; the test plays the server. */
export class FakeSocket extends EventTarget {
  static made = []
  sent = []
  closed = false

  constructor(url, protocol) {
    super()
    Object.assign(this, { url, protocol })
    FakeSocket.made.push(this)
  }

  static get last() {
    return FakeSocket.made.at(-1)
  }

  send(text) {
    this.sent.push(JSON.parse(text))
  }

  close() {
    this.closed = true
  }

  /** The server's side. */
  opens() {
    this.dispatchEvent(new Event("open"))
  }

  says(...events) {
    this.dispatchEvent(Object.assign(new Event("message"), { data: JSON.stringify(events.length === 1 ? events[0] : events) }))
  }

  ends(code) {
    this.dispatchEvent(Object.assign(new Event("close"), { code }))
  }

  becomesReady() {
    this.opens()
    this.says({ type: "ready", user_id: "ada", epoch: "e", ping_ms: 25_000, limits: {} })
  }
}
