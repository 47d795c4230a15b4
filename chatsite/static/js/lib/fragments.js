const PATIENCE_MS = 15_000 // for an answer

/** Elements of an HTML fragment that our server made, imported into this document. Never give it a person's text. */
export function elements(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html")
  return [...document.importNode(parsed.body, true).children]
}

/** What a request promises, or null when it broke or took too long. */
export async function answered(request) {
  try {
    return await request
  } catch (failure) {
    // TypeError is what fetch throws when there is no network, DOMException what its time limit does.
    if (failure instanceof TypeError || failure instanceof DOMException) return null
    throw failure
  }
}

/**
 * Fetches a page or fragment of ours: `{response, body}`, body imported into this document. Null when there is no network, no
 * answer to use, or the session is over (then the answer is the sign-in page, somewhere else).
 */
export async function fetchFragment(path) {
  const headers = { "X-Requested-With": "XMLHttpRequest" }
  const response = await answered(fetch(path, { headers, signal: AbortSignal.timeout(PATIENCE_MS) }))
  if (!response?.ok || response.redirected) return null
  const text = await answered(response.text())
  if (text === null) return null
  return { response, body: document.importNode(new DOMParser().parseFromString(text, "text/html").body, true) }
}

/** Fetches what the API says at `path`, or null as above. */
export async function fetchData(path) {
  const response = await answered(fetch(path, { headers: { Accept: "application/json" }, signal: AbortSignal.timeout(PATIENCE_MS) }))
  return response?.ok ? json(response) : null
}

/** The JSON of an answer, or null where it is none: a proxy's page about an error, or the start of an answer that broke off. */
export async function json(response) {
  try {
    return JSON.parse((await answered(response.text())) ?? "")
  } catch (failure) {
    if (failure instanceof SyntaxError) return null
    throw failure
  }
}
