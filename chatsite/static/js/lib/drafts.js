// Where a browser forbids storage, drafts live as long as the page.
const fallback = new Map()

function attempt(work, otherwise) {
  try {
    return work()
  } catch (failure) {
    if (failure instanceof DOMException) return otherwise()
    throw failure
  }
}

const key = (userId, conversationId) => `draft ${userId} ${conversationId}`

/** The text begun in a conversation, or "". */
export function draft(...place) {
  return attempt(() => localStorage.getItem(key(...place)), () => fallback.get(key(...place))) ?? ""
}

/** Keeps `text` for next time; "" forgets. */
export function keepDraft(text, ...place) {
  const name = key(...place)
  attempt(
    () => (text ? localStorage.setItem(name, text) : localStorage.removeItem(name)),
    () => fallback.set(name, text),
  )
}
