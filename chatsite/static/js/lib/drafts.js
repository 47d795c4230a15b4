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

const key = (...place) => ["draft", ...place].join(" ")

/** The text begun in a conversation, or "". */
export function draft(...place) {
  return attempt(() => localStorage.getItem(key(...place)), () => fallback.get(key(...place))) ?? ""
}

/** What the text begun in a conversation answers, as keepQuote was given it, or null. */
export function quoteKept(...place) {
  return JSON.parse(draft("quote", ...place) || "null")
}

export function keepQuote(quoted, ...place) {
  keepDraft(quoted ? JSON.stringify(quoted) : "", "quote", ...place)
}

/** Keeps `text` for next time; "" forgets. */
export function keepDraft(text, ...place) {
  const name = key(...place)
  attempt(
    () => (text ? localStorage.setItem(name, text) : localStorage.removeItem(name)),
    () => fallback.set(name, text),
  )
}
