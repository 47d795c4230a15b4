import "./chat.mjs"
import assert from "node:assert/strict"
import { test } from "node:test"

const { ThreadCounts } = await import("chat/thinking/thread-counts.js")

const known = (fields = {}) => ({ count: 0, seq: 0, rev: 0, lastAt: null, userIds: [], ...fields })
const reply = (seq, userId = "ben") => ({ seq, at: `at ${seq}`, userId })

test("replies beyond what the server counted are added, those within are not", () => {
  const counts = new ThreadCounts()
  for (const seq of [5, 6, 7]) counts.replied("root", reply(seq))
  counts.replied("root", reply(7))
  assert.equal(counts.of("root", known()).count, 3)
  assert.equal(counts.of("root", known({ count: 4, seq: 6 })).count, 5)
  assert.equal(counts.of("other", known({ count: 2, seq: 9 })).count, 2)
})

test("a deleted reply is taken off once, whether the server had counted it or not", () => {
  const counts = new ThreadCounts()
  counts.replied("root", reply(5))
  counts.replied("root", reply(6))
  counts.deleted("root", 5, 3)
  counts.deleted("root", 5, 4) // by another, once more
  assert.equal(counts.of("root", known()).count, 1)
  assert.equal(counts.of("root", known({ count: 2, seq: 6, rev: 2 })).count, 1)
  assert.equal(counts.of("root", known({ count: 1, seq: 6, rev: 4 })).count, 1)
})

test("a reply that comes again after it was deleted stays away", () => {
  const counts = new ThreadCounts()
  counts.deleted("root", 5, 1)
  counts.replied("root", reply(5))
  assert.equal(counts.of("root", known()).count, 0)
})

test("the latest to reply come first, each once", () => {
  const counts = new ThreadCounts()
  for (const [seq, who] of [[5, "ben"], [7, "ada"], [6, "ben"]]) counts.replied("root", reply(seq, who))
  const shown = counts.of("root", known({ count: 2, seq: 4, userIds: ["cleo", "ben", "eve"], lastAt: "before" }))
  assert.deepEqual(shown, { count: 5, lastAt: "at 7", userIds: ["ada", "ben", "cleo"] })
})
