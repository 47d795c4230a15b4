import { interpolate, ngettext } from "chat/lib/words.js"

const MOST_CHARACTERS = 300
const TOGETHER_MS = 500

let waiting = []

/** Has screen readers say a new message, politely; several at once are only counted. */
export function announce(name, text) {
  waiting.push(`${name}: ${text.slice(0, MOST_CHARACTERS)}`)
  if (waiting.length > 1) return
  setTimeout(() => {
    const count = waiting.length
    const words = count > 2 ? interpolate(ngettext("%(count)s new message", "%(count)s new messages", count), { count }) : waiting.join("\n")
    document.getElementById("announcer").textContent = words
    waiting = []
  }, TOGETHER_MS)
}
