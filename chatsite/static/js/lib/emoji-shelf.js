import { fetchData } from "chat/lib/fragments.js"
import { EmojiBook, TONES, usedAgain } from "chat/thinking/emoji.js"

// What this browser keeps of emoji: all there are, fetched when they are first wanted; and which its owner uses.

const RECENT = "emoji recent"
const TONE = "emoji tone"
let fetching = null

/** Promises the EmojiBook, or null when it cannot be fetched now. */
export async function emojiBook() {
  fetching ??= fetchData(document.querySelector("[data-emoji]").dataset.emoji)
  const groups = await fetching
  if (!groups) return (fetching = null)
  return (emojiBook.made ??= new EmojiBook(groups))
}

export const recent = () => JSON.parse(kept(RECENT) || "[]")
export const tone = () => TONES[Number(kept(TONE)) || 0]
export const use = (character) => keep(RECENT, JSON.stringify(usedAgain(recent(), character)))
export const choose = (place) => keep(TONE, place)

function kept(key) {
  try {
    return localStorage.getItem(key)
  } catch (failure) {
    if (failure instanceof DOMException) return null // storage is forbidden: nothing is kept
    throw failure
  }
}

function keep(key, value) {
  try {
    localStorage.setItem(key, value)
  } catch (failure) {
    if (!(failure instanceof DOMException)) throw failure
  }
}
