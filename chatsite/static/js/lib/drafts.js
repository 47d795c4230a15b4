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

/** What this browser keeps under a name, or null; null forgets it. */
export const kept = (name) => attempt(() => localStorage.getItem(name), () => fallback.get(name)) ?? null
export const keep = (name, value) =>
  attempt(
    () => (value === null ? localStorage.removeItem(name) : localStorage.setItem(name, value)),
    () => (value === null ? fallback.delete(name) : fallback.set(name, value)),
  )

/** Under which name an edit is kept that was begun in a conversation. */
export const editName = (userId, conversationId) => `editing ${userId} ${conversationId}`

const quoteName = (userId, conversationId) => `draft quote ${userId} ${conversationId}`

/** What the text begun in a conversation answers, as keepQuote was given it, or null. */
export function quoteKept(...place) {
  return JSON.parse(kept(quoteName(...place)) ?? "null")
}

export function keepQuote(quoted, ...place) {
  keep(quoteName(...place), quoted && JSON.stringify(quoted))
}

/** What this browser keeps of a draft `{text, reply_to}` in a conversation: see Draft. That nothing is begun any more is something too. */
export class LocalDraft {
  constructor(userId, conversationId) {
    this.text = `draft ${userId} ${conversationId}`
    this.reply = `draft-reply ${userId} ${conversationId}`
    this.done = `draft-done ${userId} ${conversationId}`
  }

  read() {
    const text = kept(this.text) ?? (kept(this.done) && "")
    return text === null ? null : { text, reply_to: kept(this.reply) }
  }

  keep({ text, reply_to }) {
    keep(this.text, text || null)
    keep(this.reply, reply_to)
    keep(this.done, text ? null : "1")
  }

  forget() {
    for (const name of [this.text, this.reply, this.done]) keep(name, null)
  }
}
