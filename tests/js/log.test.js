import "./chat.mjs"
import assert from "node:assert/strict"
import { test } from "node:test"
import { Clock } from "./clock.mjs"

const { Log } = await import("chat/thinking/log.js")

const created = (seq) => ({ type: "message.created", seq, message: { seq }, html: `drawn ${seq}` })
const batch = (first, last, more = false) => {
  const seqs = Array.from({ length: last - first + 1 }, (_, index) => first + index)
  return { messages: seqs.map((seq) => ({ seq })), html: seqs.map((seq) => `drawn ${seq}`), changes: [], seq: last, rev: 0, more }
}

function log(seq, restart = async () => null) {
  const shown = []
  const asked = []
  const clock = new Clock()
  const apply = (events) => shown.push(...events.map((event) => event.html ?? event.kind))
  return { shown, asked, clock, log: new Log({ seq, rev: 0, apply, ask: (wants) => asked.push(wants.after_seq), restart, now: clock.now }) }
}

test("a hole is asked for, and batches and live events make one row", () => {
  const { shown, asked, log: each } = log(2)
  each.offer(created(3), created(6), created(6))
  assert.deepEqual(asked, [3])
  each.answer(batch(4, 5))
  each.offer(created(5), created(7))
  assert.deepEqual(shown, ["drawn 3", "drawn 4", "drawn 5", "drawn 6", "drawn 7"])
})

test("changes in a batch are applied by their rev", () => {
  const { shown, log: each } = log(0)
  each.answer({ messages: [], changes: [{ rev: 1, kind: "renamed" }, { rev: 2, kind: "member_added" }], seq: 0, rev: 2, more: false })
  each.offer({ type: "conversation.changed", rev: 2, kind: "member_added" })
  assert.deepEqual(shown, ["renamed", "member_added"])
  assert.deepEqual(each.head, [0, 2])
})

test("a reset shows the last page, then what came while it was fetched, each once", async () => {
  let arrive
  const { shown, log: each } = log(900, () => new Promise((resolve) => (arrive = resolve)))
  const done = each.reset()
  each.offer(created(41), created(42))
  each.answer(batch(901, 950))
  each.know([950, 0])
  assert.deepEqual(shown, [])
  arrive([41, 0])
  await done
  assert.deepEqual(shown, ["drawn 42"])
  assert.deepEqual(each.head, [42, 0])
})

test("a page older than what was shown before the reset is caught up with", async () => {
  const { shown, asked, log: each } = log(5, async () => [5, 0])
  const done = each.reset()
  each.offer(created(7))
  await done
  assert.deepEqual(asked, [5])
  each.answer(batch(6, 6))
  assert.deepEqual(shown, ["drawn 6", "drawn 7"])
})

test("a reset that could not fetch its page tries again with the next socket", async () => {
  const pages = [null, [9, 0]]
  const { log: each } = log(3, async () => pages.shift())
  await each.reset()
  assert.deepEqual(each.head, [3, 0])
  each.greeted()
  await Promise.resolve()
  await Promise.resolve()
  assert.deepEqual(each.head, [9, 0])
})

test("a reset that comes while a page is on its way has a later page fetched", async () => {
  const pages = []
  const { shown, log: each } = log(900, () => new Promise((resolve) => pages.push(resolve)))
  const done = each.reset()
  each.reset()
  pages[0]([40, 0])
  await new Promise((resolve) => setTimeout(resolve))
  each.offer(created(43))
  pages[1]([42, 0])
  await done
  assert.deepEqual(each.head, [43, 0])
  assert.deepEqual(shown, ["drawn 43"])
})

test("a page that cannot be shown leaves the log alive, and is fetched again at the next sign of more", async () => {
  const pages = [() => Promise.reject(new Error("half a page")), async () => [9, 0]]
  const { shown, log: each } = log(3, () => pages.shift()())
  await assert.rejects(each.reset(), /half a page/)
  each.offer(created(4))
  assert.deepEqual(shown, ["drawn 4"])
  each.know([9, 0])
  await new Promise((resolve) => setTimeout(resolve))
  assert.deepEqual(each.head, [9, 0])
})

test("a reset in the middle of catching up ends that: what comes after the page is asked for from the page on", async () => {
  const { shown, asked, log: each } = log(0, async () => [700, 2])
  each.greeted()
  each.answer(batch(1, 100, true))
  shown.length = 0
  const done = each.reset()
  each.answer(batch(101, 200, true))
  await done
  each.offer(created(702))
  assert.deepEqual(asked, [700])
  each.answer(batch(701, 701))
  assert.deepEqual(shown, ["drawn 701", "drawn 702"])
})

test("an answer to one's own message tells of a place in the log whose event was lost", () => {
  const { asked, log: each } = log(3)
  each.know([4, 0])
  assert.deepEqual(asked, [3])
  each.answer(batch(4, 4))
  each.know([4, 0])
  assert.deepEqual(asked, [3])
})

test("a change that comes before its message waits for it", () => {
  const { shown, asked, log: each } = log(1)
  each.offer({ type: "message.changed", rev: 1, kind: "edited", message: { seq: 2 } })
  assert.deepEqual([shown, asked], [[], [1]])
  each.offer(created(2))
  assert.deepEqual(shown, ["drawn 2", "edited"])
})
