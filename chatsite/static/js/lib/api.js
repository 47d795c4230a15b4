import { answered, json } from "chat/lib/fragments.js"

const PATIENCE_MS = 15_000

/**
 * Asks the API: promises `{ok, status, answer}`, `answer` being the JSON or null; or null where nothing came back. `keepalive` lets it
 * go out while the page goes.
 */
export async function ask(method, path, body = undefined, { keepalive = false } = {}) {
  const { csrf, userId } = document.body.dataset
  const headers = { Accept: "application/json", "X-CSRFToken": csrf, "X-User-Id": userId, ...(body && { "Content-Type": "application/json" }) }
  const request = { method, headers, body: body && JSON.stringify(body), keepalive, signal: AbortSignal.timeout(PATIENCE_MS) }
  const response = await answered(fetch(`/api/v1/${path}`, request))
  if (!response) return null
  const { ok, status } = response
  return { ok, status, answer: status === 204 ? null : await json(response) }
}
