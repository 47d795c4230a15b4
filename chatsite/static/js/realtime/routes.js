const ANSWER_MS = 10_000

/** Sends entries of the outbox over the socket. Each `send` promises `{ack}`, `{refusal}` or `{later: true}`. */
export class SocketRoute {
  #open = new Map()

  constructor({ socket, frames, timers }) {
    Object.assign(this, { socket, timers })
    frames.on("ack", (event) => this.#answer(event.client_id, { ack: event }))
    frames.on("error", (event) => this.#answer(event.client_id, { refusal: event }))
    frames.on("message.created", ({ message }) => this.#answer(message.client_id, { ack: null }))
    socket.addEventListener("closed", ({ detail: code }) => this.#closed(code))
    socket.addEventListener("state", () => socket.state !== "ready" && this.#closed(null))
  }

  get usable() {
    return this.socket.state === "ready"
  }

  send({ client_id, conversation_id, content, reply_to }) {
    const frame = { type: "message.send", client_id, conversation_id, content, ...(reply_to && { reply_to }) }
    return new Promise((resolve) => {
      const timer = this.timers.schedule(() => this.#answer(client_id, { later: true }), ANSWER_MS)
      this.#open.set(client_id, { resolve, timer })
      if (!this.socket.send(frame)) this.#answer(client_id, { later: true })
    })
  }

  #answer(clientId, result) {
    const open = this.#open.get(clientId)
    if (!open) return
    this.#open.delete(clientId)
    this.timers.cancel(open.timer)
    open.resolve(result)
  }

  #closed(code) {
    // A frame the server found too large would end the next socket as well.
    const result = code === 4413 ? { refusal: { code: "too_large", detail: "" } } : { later: true }
    for (const clientId of [...this.#open.keys()]) this.#answer(clientId, result)
  }
}

/** Sends entries of the outbox over HTTP, for networks that let no socket through. */
export class HttpRoute {
  constructor({ csrfToken, signedOut, fetch = (...request) => globalThis.fetch(...request) }) {
    Object.assign(this, { csrfToken, signedOut, fetch })
  }

  async send({ client_id, conversation_id, content, reply_to }) {
    const response = await this.#post(`/api/v1/conversations/${conversation_id}/messages/`, { client_id, content, ...(reply_to && { reply_to }) })
    if (!response || response.status >= 500) return { later: true }
    if (response.status === 401) return this.signedOut(), { later: true }
    const answer = await response.json()
    if (!response.ok) return { refusal: { retry_after: Number(response.headers.get("Retry-After")) || undefined, ...answer } }
    const { id: message_id, seq, created_at } = answer
    return { ack: { type: "ack", client_id, message_id, conversation_id, seq, created_at } }
  }

  /** Says a `receipt.delivered` or `receipt.read`. When it does not arrive, the next one says it too. */
  async receipt({ type, conversation_id, seq }) {
    await this.#post(`/api/v1/conversations/${conversation_id}/receipts/`, { kind: type.replace("receipt.", ""), seq })
  }

  async #post(path, body) {
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.csrfToken }
    try {
      return await this.fetch(path, { method: "POST", headers, body: JSON.stringify(body) })
    } catch (failure) {
      if (failure instanceof TypeError) return null // what fetch throws when there is no network
      throw failure
    }
  }
}
