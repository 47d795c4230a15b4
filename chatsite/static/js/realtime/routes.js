import { answered, json } from "chat/lib/fragments.js"

const ANSWER_MS = 10_000
const FRAME_TOO_LARGE = 4413

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

  send({ client_id, conversation_id, content, files, ...entry }) {
    const frame = { type: "message.send", client_id, conversation_id, content, ...answering(entry), ...attached(files) }
    return new Promise((resolve) => {
      const timer = this.timers.schedule(() => this.#unanswered(client_id), ANSWER_MS)
      this.#open.set(client_id, { resolve, timer, size: JSON.stringify(frame).length })
      if (!this.socket.send(frame)) this.#answer(client_id, { later: true })
    })
  }

  #unanswered(clientId) {
    this.#answer(clientId, { later: true })
    this.socket.check()
  }

  #answer(clientId, result) {
    const open = this.#open.get(clientId)
    if (!open) return
    this.#open.delete(clientId)
    this.timers.cancel(open.timer)
    open.resolve(result)
  }

  #closed(code) {
    // A frame the server found too large would end the next socket as well. It can only have been the largest.
    const [largest] = [...this.#open].sort(([, one], [, other]) => other.size - one.size)
    if (code === FRAME_TOO_LARGE && largest) this.#answer(largest[0], { refusal: { code: "too_large", detail: "" } })
    for (const clientId of [...this.#open.keys()]) this.#answer(clientId, { later: true })
  }
}

/** Sends entries of the outbox over HTTP, for networks that let no socket through. `works` tells whether the last request arrived. */
export class HttpRoute {
  works = false

  constructor({ csrfToken, userId, signedOut, fetch = (...request) => globalThis.fetch(...request) }) {
    Object.assign(this, { csrfToken, userId, signedOut, fetch })
  }

  async send({ client_id, conversation_id, content, files, ...entry }) {
    const message = { client_id, content, ...answering(entry), ...attached(files) }
    const response = await this.#post(`/api/v1/conversations/${conversation_id}/messages/`, message)
    if (!response || response.status >= 500) return { later: true }
    const answer = await json(response)
    if (response.status === 401 || isStale(answer)) return this.signedOut(), { later: true }
    // Something between us and the chat has answered: only for a length it will do so again.
    if (!answer) return response.status === 413 ? { refusal: { code: "too_large", detail: "" } } : { later: true }
    if (!response.ok) return { refusal: { retry_after: Number(response.headers.get("Retry-After")) || undefined, ...answer } }
    const { id: message_id, seq, created_at } = answer
    return { ack: { type: "ack", client_id, message_id, conversation_id, seq, created_at } }
  }

  /** Says a change to a message; promises `{ack}`, `{refusal}` or `{later: true}`. */
  async amend({ type, op_id, message_id, ...what }) {
    const [method, path, body] = AMENDMENTS[type]({ op_id, ...what })
    const response = await this.#ask(method, `/api/v1/messages/${message_id}/${path}`, body)
    if (!response || response.status >= 500) return { later: true }
    if (response.ok) return { ack: { type: "ack", op_id, message_id } }
    const answer = await json(response)
    if (response.status === 401 || isStale(answer)) return this.signedOut(), { later: true }
    return answer ? { refusal: answer } : { later: true }
  }

  /** Says a `receipt.delivered` or `receipt.read`; promises whether it arrived. */
  async receipt({ type, conversation_id, seq }) {
    const response = await this.#post(`/api/v1/conversations/${conversation_id}/receipts/`, { kind: type.replace("receipt.", ""), seq })
    return response !== null && response.status < 500 && response.status !== 429
  }

  #post(path, body) {
    return this.#ask("POST", path, body)
  }

  async #ask(method, path, body) {
    const headers = { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": this.csrfToken, "X-User-Id": this.userId }
    const response = await answered(this.fetch(path, { method, headers, body: body && JSON.stringify(body), signal: AbortSignal.timeout(ANSWER_MS) }))
    this.works = response !== null && response.status < 500
    return response
  }
}

/** How each change is said over HTTP: `[method, path below the message, body]`. */
const AMENDMENTS = {
  "message.edit": (what) => ["PATCH", "", what],
  "message.delete": ({ op_id }) => ["DELETE", `?op_id=${op_id}`],
  "message.hide": ({ on }) => [on ? "PUT" : "DELETE", "hidden/"],
  "message.pin": (what) => ["POST", "pin/", what],
  "reaction.set": (what) => ["POST", "reactions/", what],
}

const answering = ({ reply_to, thread_id }) => ({ ...(reply_to && { reply_to }), ...(thread_id && { thread_id }) })
const attached = (files) => (files?.length ? { attachments: files.map(({ id }) => id) } : {})

/** The page's token is from before somebody signed in again in this browser, maybe somebody else. */
const isStale = (answer) => answer?.detail?.startsWith?.("CSRF Failed") ?? false
