import "./chat.mjs"
import assert from "node:assert/strict"
import { test } from "node:test"
import { Clock } from "./clock.mjs"

const { Cursor } = await import("chat/thinking/cursor.js")

const created = (seq) => ({ type: "message.created", seq, message: { seq } })
const changed = (rev, seq) => ({ type: "message.changed", rev, message: { seq } })
const renamed = (rev) => ({ type: "conversation.changed", rev })
const cursor = (seq = 0, rev = 0, clock = new Clock()) => new Cursor({ seq, rev }, { now: clock.now })
const offer = (cursor, ...events) => events.flatMap((event) => (cursor.offer(event), cursor.take()))
const seqs = (events) => events.map((event) => event.seq)

test("applies in order and never twice", () => {
  const log = cursor(7)
  assert.deepEqual(seqs(offer(log, created(8), created(8), created(7), created(9), created(8))), [8, 9])
  assert.deepEqual(log.head, [9, 0])
  assert.equal(log.wants(), null)
})

test("holds what is ahead of a hole and asks for the hole once", () => {
  const log = cursor(3, 2)
  assert.deepEqual(offer(log, created(6), created(5)), [])
  assert.deepEqual(log.wants(), { after_seq: 3, after_rev: 2 })
  assert.equal(log.wants(), null)
  assert.deepEqual(seqs(offer(log, created(4))), [4, 5, 6])
  assert.equal(log.wants(), null)
})

test("any order of arrival, with repetitions, gives the log", () => {
  for (let round = 0; round < 300; round += 1) {
    const arrivals = Array.from({ length: 12 }, (_, index) => created(index + 1))
    arrivals.push(...arrivals.filter(() => Math.random() < 0.4))
    arrivals.sort(() => Math.random() - 0.5)
    assert.deepEqual(seqs(offer(cursor(), ...arrivals)), [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
  }
})

test("an unanswered question is asked again after a while, and at once on a new socket", () => {
  const clock = new Clock()
  const log = cursor(0, 0, clock)
  log.offer(created(2))
  assert.ok(log.wants())
  clock.pass(4_000)
  assert.equal(log.wants(), null)
  clock.pass(2_000)
  assert.ok(log.wants())
  log.greeted()
  assert.ok(log.wants())
})

test("a batch fills the hole, and what was held follows", () => {
  const log = cursor(1)
  log.offer(created(5))
  log.wants()
  const events = log.answer({ created: [created(2), created(3), created(4)], changed: [], seq: 5, rev: 0, more: false })
  assert.deepEqual(seqs(events), [2, 3, 4, 5])
  assert.equal(log.wants(), null)
})

test("a batch that is one page of more leads to the next question", () => {
  const log = cursor(0)
  log.know([9, 0])
  log.wants()
  assert.deepEqual(seqs(log.answer({ created: [created(1), created(2)], changed: [], seq: 2, rev: 0, more: true })), [1, 2])
  assert.deepEqual(log.wants(), { after_seq: 2, after_rev: 0 })
  assert.deepEqual(seqs(log.answer({ created: [created(3)], changed: [], seq: 3, rev: 0, more: true })), [3])
  assert.deepEqual(log.wants(), { after_seq: 3, after_rev: 0 })
})

test("after hello the batches come unasked, and only a stop in them is asked about", () => {
  const clock = new Clock()
  const log = cursor(0, 0, clock)
  log.greeted()
  log.answer({ created: [created(1)], changed: [], seq: 1, rev: 0, more: true })
  assert.equal(log.wants(), null)
  log.answer({ created: [created(2)], changed: [], seq: 2, rev: 0, more: true })
  clock.pass(5_000)
  assert.deepEqual(log.wants(), { after_seq: 2, after_rev: 0 })
})

test("a batch that brings nothing does not make a loop of questions", () => {
  const clock = new Clock()
  const log = cursor(0, 0, clock)
  log.know([4, 0])
  log.wants()
  log.answer({ created: [], changed: [], seq: 4, rev: 0, more: true })
  assert.equal(log.wants(), null)
  clock.pass(5_000)
  assert.ok(log.wants())
})

test("changes have their own order, and wait for the message they change", () => {
  const log = cursor(1, 0)
  assert.deepEqual(offer(log, changed(1, 2)), [])
  assert.deepEqual(log.wants(), { after_seq: 1, after_rev: 0 })
  assert.deepEqual(offer(log, created(2)).map((event) => event.type), ["message.created", "message.changed"])
  assert.deepEqual(offer(log, renamed(3), changed(2, 1), changed(2, 1)).map((event) => event.rev), [2, 3])
  assert.deepEqual(log.head, [2, 3])
})

test("a pong that is ahead makes a hole", () => {
  const log = cursor(4, 4)
  log.know([4, 4])
  assert.equal(log.wants(), null)
  log.know([4, 5])
  assert.deepEqual(log.wants(), { after_seq: 4, after_rev: 4 })
})

test("after a reset only what is newer than the page counts", () => {
  const log = cursor(100, 3)
  log.offer(created(105))
  log.reset([40, 0])
  assert.deepEqual(log.head, [40, 0])
  assert.deepEqual(seqs(offer(log, created(40), created(41))), [41])
  const stale = cursor(10)
  for (const seq of [20, 21, 23]) stale.offer(created(seq))
  stale.reset([21, 0])
  assert.deepEqual(seqs(offer(stale, created(22))), [22, 23])
})

test("a flood ahead of a hole holds a bounded number and still knows that there is more", () => {
  const log = cursor(0)
  for (let seq = 2; seq <= 2_000; seq += 1) log.offer(created(seq))
  assert.equal(offer(log, created(1)).length, 501)
  assert.deepEqual(log.wants(), { after_seq: 501, after_rev: 0 })
})

test("what is no place in a log is refused", () => {
  for (const seq of [-1, 1.5, "2", null, NaN]) assert.throws(() => cursor().offer(created(seq)), RangeError)
})
