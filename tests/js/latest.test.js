import "./chat.mjs"
import assert from "node:assert/strict"
import { test } from "node:test"
import { Clock } from "./clock.mjs"

const { Latest } = await import("chat/thinking/latest.js")

const settled = () => new Promise((resolve) => setImmediate(resolve))

test("of several questions in a row only the last one is asked, after a pause", async () => {
  const clock = new Clock()
  const latest = new Latest({ pause: 150, timers: clock })
  const asked = []
  const given = []
  for (const word of ["k", "ki", "kit"]) {
    latest.ask(() => (asked.push(word), Promise.resolve(word)), (answer) => given.push(answer))
    clock.pass(100)
  }
  assert.deepEqual(asked, [])
  clock.pass(100)
  await settled()
  assert.deepEqual([asked, given], [["kit"], ["kit"]])
})

test("an answer that comes after the next question was asked is not shown", async () => {
  const latest = new Latest({ pause: 150, timers: new Clock() })
  const given = []
  let answer
  latest.ask(() => new Promise((resolve) => (answer = resolve)), (one) => given.push(one), { now: true })
  latest.ask(() => Promise.resolve("second"), (one) => given.push(one), { now: true })
  answer("first")
  await settled()
  assert.deepEqual(given, ["second"])
})
