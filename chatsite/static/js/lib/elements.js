/**
 * Fetches what makes the custom elements of this page work that are not on every page; promises when that is done. The others of
 * the page must not wait for one that cannot be had.
 */
export async function fetchElements() {
  const names = new Set([...document.querySelectorAll(":not(:defined)")].map(({ localName }) => localName))
  const ours = [...names].filter((name) => name.startsWith("chat-"))
  const results = await Promise.allSettled(ours.map(fetchElement))
  for (const { reason } of results) if (reason) reportError(reason)
}

/** The same for one that is about to be put into the page, by the name of its tag. */
export function fetchElement(name) {
  return import(`chat/elements/${name}.js`)
}
