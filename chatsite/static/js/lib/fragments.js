/** Elements of an HTML fragment that our server made, imported into this document. Never give it a person's text. */
export function elements(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html")
  return [...document.importNode(parsed.body, true).children]
}

/**
 * Fetches a page or fragment of ours: `{response, body}`, body imported into this document. Null when there is no network, no
 * answer to use, or the session is over (then the answer is the sign-in page, somewhere else).
 */
export async function fetchFragment(path) {
  let response
  try {
    response = await fetch(path, { headers: { "X-Requested-With": "XMLHttpRequest" } })
  } catch (failure) {
    if (failure instanceof TypeError) return null // what fetch throws when there is no network
    throw failure
  }
  if (!response.ok || response.redirected) return null
  const parsed = new DOMParser().parseFromString(await response.text(), "text/html")
  return { response, body: document.importNode(parsed.body, true) }
}
