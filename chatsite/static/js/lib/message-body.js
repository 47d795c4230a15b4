import { elements } from "chat/lib/fragments.js"

// What a `.message-body` says: see messaging/markup/elements.py.

const COVER = "▒▒▒"
const CLIP = "📎"
const BLOCKS = "p, li, pre, th, td"

/** The words of a body in one line, without marks and without what it covers. */
export function wordsOf(body) {
  const copy = body.cloneNode(true)
  for (const besides of copy.querySelectorAll("button, .doer")) besides.remove()
  for (const covered of copy.querySelectorAll(".spoiler > span")) covered.textContent = COVER
  for (const block of copy.querySelectorAll(BLOCKS)) block.append(" ")
  return copy.textContent.replace(/\s+/g, " ").trim()
}

/** What an item says in one line: its words, or else what its files are called; as messaging/markup/previews.py has it. */
export function saidIn(item) {
  const names = [...item.querySelectorAll(".files > li")].map((file) => file.querySelector(".file-name")?.textContent ?? file.querySelector("img[alt]:not([alt=''])")?.alt)
  return wordsOf(item.querySelector(".message-body")) || (names.length ? `${CLIP} ${names.join(", ")}` : "")
}

/** The same of a message that our server drew. */
export function wordsIn(html) {
  const [item] = elements(html)
  return item ? saidIn(item) : ""
}
