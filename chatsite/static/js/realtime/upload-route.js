import { answered, json } from "chat/lib/fragments.js"

const ANSWER_MS = 60_000 // for a piece on a slow line
const ADDRESS = "/api/v1/attachments/"

/** The server's side of an upload; see Upload for what each call promises. */
export class UploadRoute {
  constructor({ csrfToken, userId, fetch = (...request) => globalThis.fetch(...request) }) {
    Object.assign(this, { csrfToken, userId, fetch })
  }

  begin({ conversation_id, name, blob }) {
    const body = JSON.stringify({ conversation_id, name, size: blob.size })
    return this.#ask("POST", "", { "Content-Type": "application/json" }, body)
  }

  look(id) {
    return this.#ask("GET", `${id}/`)
  }

  piece(id, offset, blob) {
    return this.#ask("PATCH", `${id}/`, { "Content-Type": "application/octet-stream", "Upload-Offset": String(offset) }, blob)
  }

  cancel(id) {
    return this.#ask("DELETE", `${id}/`)
  }

  async #ask(method, path, more = {}, body = undefined) {
    const headers = { Accept: "application/json", "X-CSRFToken": this.csrfToken, "X-User-Id": this.userId, ...more }
    const response = await answered(this.fetch(ADDRESS + path, { method, headers, body, signal: AbortSignal.timeout(ANSWER_MS) }))
    // Signed out, too fast, or the server is away: none of it is for good.
    if (!response || response.status >= 500 || response.status === 401 || response.status === 429) return later(response)
    if (response.status === 204) return {}
    const answer = await json(response)
    if (!answer) return { later: true }
    return response.ok ? answer : { refusal: answer }
  }
}

/** A full disk will be full in a minute as well. */
async function later(response) {
  const refusal = response?.status === 507 ? await json(response) : null
  return refusal ? { refusal: { ...refusal, code: "too_large" } } : { later: true }
}
