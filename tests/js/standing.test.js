import "./chat.mjs"
import assert from "node:assert/strict"
import { test } from "node:test"
import { Clock } from "./clock.mjs"

const { Anchor } = await import("chat/thinking/anchor.js")
const { day, placing } = await import("chat/thinking/grouping.js")
const { Soonest } = await import("chat/thinking/soonest.js")
const { Ticks } = await import("chat/thinking/ticks.js")
const { Unread } = await import("chat/thinking/unread.js")

const others = () => new Ticks([
  { id: "ben", delivered: 4, read: 2, joined: 0 },
  { id: "cleo", delivered: 3, read: 3, joined: 2 },
])

test("a tick needs every other member who was there", () => {
  const ticks = others()
  assert.deepEqual([2, 3, 4, 5].map((seq) => ticks.state(seq)), ["read", "delivered", "sent", "sent"])
  assert.equal(ticks.update({ user_id: "cleo", kind: "delivered", seq: 4 }), true)
  assert.equal(ticks.state(4), "delivered")
})

test("reading is receiving, and receipts never move back", () => {
  const ticks = others()
  ticks.update({ user_id: "ben", kind: "read", seq: 9 })
  ticks.update({ user_id: "cleo", kind: "read", seq: 9 })
  assert.equal(ticks.state(9), "read")
  assert.equal(ticks.update({ user_id: "ben", kind: "delivered", seq: 5 }), false)
  assert.equal(ticks.update({ user_id: "ben", kind: "read", seq: 5 }), false)
  assert.equal(ticks.update({ user_id: "stranger", kind: "read", seq: 99 }), false)
})

test("members who leave or come later do not hold old ticks back", () => {
  const ticks = others()
  ticks.membersAre(["ben", "dora"], 4)
  assert.equal(ticks.state(4), "delivered")
  assert.equal(ticks.state(5), "sent")
  assert.equal(new Ticks([]).state(1), "sent")
})

test("unread counts others' messages once, and reading elsewhere clears", () => {
  const unread = new Unread()
  unread.set("a", { unread: 1, lastSeq: 5 })
  unread.set("b", { unread: 0, lastSeq: 0 })
  assert.equal(unread.arrived("a", 6, false), true)
  assert.equal(unread.arrived("a", 6, false), false)
  assert.equal(unread.arrived("a", 7, true), true)
  assert.equal(unread.arrived("c", 1, false), false)
  assert.deepEqual([unread.of("a"), unread.total], [2, 2])
  unread.read("a", 6)
  assert.deepEqual([unread.of("a"), unread.sure("a")], [0, true])
  unread.read("a", 3)
  assert.equal(unread.total, 0)
})

test("a number stays exact as the mark moves, or says that it is not", () => {
  const unread = new Unread()
  unread.set("plain", { unread: 4, lastSeq: 9, readSeq: 5 })
  unread.read("plain", 7)
  assert.deepEqual([unread.of("plain"), unread.sure("plain")], [2, true])
  unread.set("mixed", { unread: 2, lastSeq: 9, readSeq: 5 }) // two of 6 to 9 do not count; which, only the server knows
  unread.read("mixed", 6)
  assert.deepEqual([unread.of("mixed"), unread.sure("mixed")], [2, false])
  unread.read("mixed", 9)
  assert.deepEqual([unread.of("mixed"), unread.sure("mixed")], [0, true])
  unread.arrived("mixed", 12, false)
  assert.equal(unread.sure("mixed"), false, "10 and 11 were never heard of")
})

test("what is asked for often is done once, at the soonest of the moments", () => {
  const clock = new Clock()
  const [done, start] = [[], clock.now()]
  const soonest = new Soonest({ task: () => done.push(clock.now() - start), timers: clock })
  soonest.ask(2_000)
  soonest.ask(300)
  soonest.ask(900)
  clock.pass(5_000)
  soonest.ask(100)
  clock.pass(5_000)
  assert.deepEqual(done, [300, 5_100])
})

test("a message read elsewhere before it arrived here is not unread", () => {
  const unread = new Unread()
  unread.set("a", { unread: 0, lastSeq: 5 })
  unread.read("a", 6)
  unread.arrived("a", 6, false)
  assert.equal(unread.of("a"), 0)
})

test("at the bottom the list follows, away from it nothing moves and what came is counted", () => {
  const anchor = new Anchor()
  anchor.scrolled(10)
  assert.equal(anchor.added({ mine: false }), true)
  anchor.scrolled(500)
  assert.equal(anchor.added({ mine: false }), false)
  assert.equal(anchor.added({ mine: false }), false)
  assert.equal(anchor.missed, 2)
  assert.equal(anchor.added({ mine: true }), true)
  assert.equal(anchor.missed, 0)
  anchor.scrolled(500)
  anchor.added({ mine: false })
  anchor.scrolled(0)
  assert.equal(anchor.missed, 0)
})

const message = (sender, at) => ({ sender, at })

test("one author within five minutes is one group, a new day never is", () => {
  const first = message("ben", new Date(2026, 0, 31, 12, 0).toISOString())
  const soon = message("ben", new Date(2026, 0, 31, 12, 4).toISOString())
  assert.deepEqual(placing(null, first), { newDay: true, follows: false })
  assert.deepEqual(placing(first, soon), { newDay: false, follows: true })
  assert.equal(placing(first, { ...soon, sender: "ada" }).follows, false)
  assert.equal(placing(first, message("ben", new Date(2026, 0, 31, 12, 6).toISOString())).follows, false)
  const evening = message("ben", new Date(2026, 0, 31, 23, 59).toISOString())
  const night = message("ben", new Date(2026, 1, 1, 0, 1).toISOString())
  assert.deepEqual(placing(evening, night), { newDay: true, follows: false })
  assert.equal(day(night.at), "2026-02-01")
})
