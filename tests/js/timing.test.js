import "./chat.mjs"
import assert from "node:assert/strict"
import { test } from "node:test"
import { Clock } from "./clock.mjs"

const { Allowance } = await import("chat/thinking/allowance.js")
const { Backoff } = await import("chat/thinking/backoff.js")
const { Heard } = await import("chat/thinking/heard.js")
const { Liveness } = await import("chat/thinking/liveness.js")
const { Receipts } = await import("chat/thinking/receipts.js")
const { TypingAnnouncer, Typists } = await import("chat/thinking/typing.js")

test("back-off doubles its limit from half a second to thirty, and starts over after a success", () => {
  const backoff = new Backoff({ random: () => 1 })
  assert.deepEqual(Array.from({ length: 8 }, () => backoff.next()), [500, 1000, 2000, 4000, 8000, 16000, 30000, 30000])
  backoff.reset()
  assert.equal(backoff.next(), 500)
})

test("back-off uses the whole range from nothing to its limit", () => {
  assert.equal(new Backoff({ random: () => 0 }).next(), 0)
  assert.equal(new Backoff({ random: () => 0.5 }).next(), 250)
})

test("pings come every 25 seconds, a fifth more or less", () => {
  assert.equal(new Liveness({ random: () => 0 }).pause(), 20_000)
  assert.equal(new Liveness({ random: () => 1 }).pause(), 30_000)
})

test("a socket is dead after two silent intervals with an open ping", () => {
  const clock = new Clock()
  const liveness = new Liveness({ now: clock.now })
  clock.pass(25_000)
  liveness.pinged()
  clock.pass(24_000)
  assert.equal(liveness.dead, false)
  clock.pass(1_000)
  assert.equal(liveness.dead, true)
  liveness.heard()
  assert.equal(liveness.dead, false)
})

test("a tab whose timers slept pings before it calls the socket dead", () => {
  const clock = new Clock()
  const liveness = new Liveness({ now: clock.now })
  clock.pass(60_000)
  assert.equal(liveness.dead, false)
  liveness.pinged()
  clock.pass(5_000)
  assert.equal(liveness.dead, false)
  clock.pass(20_000)
  assert.equal(liveness.dead, true)
})

test("what was not acknowledged is counted until a ping is due", () => {
  const allowance = new Allowance()
  allowance.took(99, 1_000)
  assert.equal(allowance.due, false)
  allowance.took(1, 10)
  assert.equal(allowance.due, true)
  allowance.acknowledged()
  assert.equal(allowance.due, false)
  allowance.took(1, 64 * 1024)
  assert.equal(allowance.due, true)
})

test("a ping names how far every conversation was heard, of the latest five hundred", () => {
  const heard = new Heard()
  heard.note({ conversation_id: "a", seq: 4 })
  heard.note({ conversation_id: "a", rev: 2 })
  heard.note({ conversation_id: "a", seq: 3 })
  assert.deepEqual(heard.cursors, { a: [4, 2] })
  for (let number = 0; number < 499; number += 1) heard.note({ conversation_id: String(number), seq: 1 })
  heard.note({ conversation_id: "a", seq: 5 })
  heard.note({ conversation_id: "last", seq: 1 })
  assert.equal(Object.keys(heard.cursors).length, 500)
  assert.deepEqual([heard.cursors.a, heard.cursors["0"]], [[5, 2], undefined])
})

function receipts() {
  const clock = new Clock()
  const sent = []
  const line = { up: true }
  const send = (frame) => line.up && (sent.push([frame.type, frame.conversation_id, frame.seq]), true)
  return { clock, sent, line, receipts: new Receipts({ send, now: clock.now, schedule: clock.schedule }) }
}

test("receipts go out together, only the highest of each", () => {
  const { clock, sent, receipts: batch } = receipts()
  for (const seq of [3, 4, 5, 4]) batch.delivered("a", seq)
  batch.delivered("b", 1)
  assert.deepEqual(sent, [])
  clock.pass(250)
  assert.deepEqual(sent, [["receipt.delivered", "a", 5], ["receipt.delivered", "b", 1]])
  batch.delivered("a", 5)
  clock.pass(1_000)
  assert.equal(sent.length, 2)
})

test("reading says received as well", () => {
  const { clock, sent, receipts: batch } = receipts()
  batch.delivered("a", 2)
  batch.read("a", 2)
  clock.pass(250)
  batch.delivered("a", 1)
  batch.delivered("a", 3)
  clock.pass(250)
  assert.deepEqual(sent, [["receipt.read", "a", 2], ["receipt.delivered", "a", 3]])
})

test("receipts wait for a line", () => {
  const { clock, sent, line, receipts: batch } = receipts()
  line.up = false
  batch.delivered("a", 2)
  clock.pass(250)
  line.up = true
  batch.flush()
  assert.deepEqual(sent, [["receipt.delivered", "a", 2]])
})

test("what a broken line may have swallowed is said again, what had arrived is not", () => {
  const { clock, sent, receipts: batch } = receipts()
  batch.read("a", 2)
  clock.pass(250)
  batch.delivered("b", 7)
  clock.pass(250)
  batch.confirmed(clock.now() - 100)
  batch.lost()
  batch.flush()
  assert.deepEqual(sent.slice(2), [["receipt.delivered", "b", 7]])
  batch.delivered("b", 8)
  batch.lost()
  batch.flush()
  assert.deepEqual(sent.slice(3), [["receipt.delivered", "b", 8]])
})

test("a receipt that came back is due until a higher one takes its place", () => {
  const { clock, sent, receipts: batch } = receipts()
  batch.read("a", 2)
  clock.pass(250)
  batch.returned({ type: "receipt.read", conversation_id: "a", seq: 2 })
  batch.flush()
  batch.read("a", 5)
  batch.returned({ type: "receipt.read", conversation_id: "a", seq: 2 })
  batch.flush()
  assert.deepEqual(sent.map(([, , seq]) => seq), [2, 2, 5])
})

test("after a restore from a backup the numbers begin anew", () => {
  const { clock, sent, receipts: batch } = receipts()
  batch.delivered("a", 900)
  clock.pass(250)
  batch.forget()
  batch.delivered("a", 41)
  clock.pass(250)
  assert.deepEqual(sent.at(-1), ["receipt.delivered", "a", 41])
})

test("typing is told at the first key, every three seconds, and at the end", () => {
  const clock = new Clock()
  const said = []
  const announcer = new TypingAnnouncer({ send: (on) => said.push(on), now: clock.now })
  announcer.stopped()
  for (let key = 0; key < 10; key += 1) {
    announcer.typed()
    clock.pass(400)
  }
  announcer.stopped()
  announcer.stopped()
  assert.deepEqual(said, [true, true, false])
})

test("typing expires after six seconds without a word", () => {
  const clock = new Clock()
  const typists = new Typists({ now: clock.now })
  assert.equal(typists.expiry, null)
  typists.heard("ben", true)
  clock.pass(4_000)
  typists.heard("ada", true)
  assert.deepEqual(typists.current, ["ben", "ada"])
  assert.equal(typists.expiry, 2_000)
  clock.pass(2_000)
  assert.deepEqual(typists.current, ["ada"])
  typists.heard("ada", false)
  assert.deepEqual(typists.current, [])
})
