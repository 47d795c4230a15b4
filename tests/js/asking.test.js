import "./chat.mjs"
import assert from "node:assert/strict"
import { test } from "node:test"

const { asked, closed, ranked } = await import("chat/thinking/asking.js")
const { EmojiBook, inTone, usedAgain } = await import("chat/thinking/emoji.js")

const at = (text) => asked(text, text.length)

test("an @ or : that begins a word asks, with what follows it up to the caret", () => {
  assert.deepEqual(at("hello @be"), { sign: "@", query: "be", start: 6 })
  assert.deepEqual(at("(@"), { sign: "@", query: "", start: 1 })
  assert.deepEqual(at("so :smi"), { sign: ":", query: "smi", start: 3 })
  assert.deepEqual(asked("@ben said", 3), { sign: "@", query: "be", start: 0 })
  assert.deepEqual(at("@Åsa"), { sign: "@", query: "Åsa", start: 0 })
})

test("addresses of mail, smileys, times and what was left behind ask for nothing", () => {
  for (const text of ["ada@ben", "https://x", ":)", ":s", "at 10:30", "a :30", "@ben ", "", "see: this"]) assert.equal(at(text), null, text)
})

test("a shortcode is closed by its second colon", () => {
  assert.deepEqual(closed("oh :+1:", 7), { code: "+1", start: 3 })
  assert.equal(closed("a:b:", 4), null)
  assert.equal(closed("12:30:", 6), null)
})

test("whole words come before beginnings, and beginnings before what is within", () => {
  const words = (one) => one.split(" ")
  assert.deepEqual(ranked(["rebel", "abel", "be", "x bella"], "be", words, 3), ["be", "x bella", "rebel"])
  assert.deepEqual(ranked(["ada", "ben"], "", words, 9), ["ada", "ben"])
  assert.deepEqual(ranked(["ada"], "z", words, 9), [])
})

test("emoji are found by shortcode and by word, and take a tone where they can", () => {
  const book = new EmojiBook([[["👋", "wave", "hello bye", 1]], [["❤️", "heart", "love"], ["☝️", "point_up", "finger", 1]]])
  assert.equal(book.named("heart").character, "❤️")
  assert.deepEqual(book.find("hel", 5).map(({ character }) => character), ["👋"])
  assert.deepEqual(book.find("p", 5).map(({ character }) => character), ["☝️"])
  const clashing = new EmojiBook([[["🇸🇲", "san_marino", "flag sm"], ["😄", "smile", "eyes"]]])
  assert.deepEqual(clashing.find("sm", 5).map(({ character }) => character), ["😄", "🇸🇲"])
  assert.equal(inTone(book.named("wave"), "\u{1f3fd}"), "👋🏽")
  assert.equal(inTone(book.named("point_up"), "\u{1f3fd}"), "☝🏽")
  assert.equal(inTone(book.named("heart"), "\u{1f3fd}"), "❤️")
})

test("what was used last stands first, once", () => {
  assert.deepEqual(usedAgain(["a", "b"], "b"), ["b", "a"])
  assert.equal(usedAgain(Array.from({ length: 40 }, (_, index) => String(index)), "x").length, 24)
})
