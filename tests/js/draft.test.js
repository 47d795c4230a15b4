import "./chat.mjs"
import assert from "node:assert/strict"
import { test } from "node:test"
import { Clock } from "./clock.mjs"

const { Draft } = await import("chat/thinking/draft.js")

const begun = (text, reply_to = null) => ({ text, reply_to })

/** A browser with a server that takes the time of every save from the clock; `answers` come when told to. */
function desk({ saved = begun(""), kept = null } = {}) {
  const clock = new Clock()
  const desk = { clock, kept, sent: [], shown: [], busy: false, answers: [] }
  desk.draft = new Draft({
    saved,
    at: "1",
    timers: clock,
    local: { read: () => desk.kept, keep: (draft) => (desk.kept = draft), forget: () => (desk.kept = null) },
    save: (draft) => (desk.sent.push(draft.text), new Promise((resolve) => desk.answers.push(resolve))),
    show: (draft) => desk.shown.push(draft.text),
    writing: () => desk.busy,
  })
  desk.answer = async (at) => {
    desk.answers.shift()(at)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return desk
}

test("a draft is here with every key, at the server a second after the last, and then only there", async () => {
  const here = desk()
  here.draft.typed(begun("h"))
  here.clock.pass(900)
  here.draft.typed(begun("hi"))
  here.clock.pass(900)
  assert.deepEqual([here.kept, here.sent], [begun("hi"), []])
  here.clock.pass(100)
  assert.deepEqual(here.sent, ["hi"])
  await here.answer("2")
  assert.equal(here.kept, null)
  here.clock.pass(60_000)
  assert.deepEqual(here.sent, ["hi"])
})

test("what this browser has kept is newer than what the page brought, also that nothing is begun", () => {
  const here = desk({ saved: begun("old"), kept: begun("new") })
  assert.deepEqual(here.draft.now, begun("new"))
  here.clock.pass(1_000)
  assert.deepEqual(here.sent, ["new"])
  assert.deepEqual(desk({ saved: begun("sent"), kept: begun("") }).draft.now, begun(""))
  assert.deepEqual(desk({ saved: begun("old") }).draft.now, begun("old"))
})

test("a message that is sent within the second never was a draft; a draft that is sent is none at once", async () => {
  const quick = desk()
  quick.draft.typed(begun("hi"))
  quick.draft.done()
  quick.clock.pass(10_000)
  assert.deepEqual([quick.sent, quick.kept], [[], null])
  const slow = desk({ saved: begun("hi") })
  slow.draft.done()
  assert.deepEqual([slow.sent, slow.kept], [[""], begun("")])
  await slow.answer("2")
  assert.equal(slow.kept, null)
})

test("what an earlier page was still saving when it went is taken back as well", () => {
  const here = desk({ saved: begun(""), kept: begun("hi") })
  here.draft.done()
  assert.deepEqual([here.sent, here.kept], [[""], begun("")])
})

test("what is sent while its draft is being saved leaves none behind", async () => {
  const here = desk()
  here.draft.typed(begun("hi"))
  here.clock.pass(1_000)
  here.draft.done()
  assert.deepEqual(here.kept, begun(""))
  await here.answer("2")
  here.clock.pass(1_000)
  assert.deepEqual(here.sent, ["hi", ""])
})

test("a save that does not arrive is tried again, one that is refused is not, and both stay here", async () => {
  const here = desk()
  here.draft.typed(begun("hi"))
  here.clock.pass(1_000)
  await here.answer(null)
  here.clock.pass(5_000)
  assert.deepEqual([here.sent, here.kept], [["hi", "hi"], begun("hi")])
  await here.answer(undefined)
  here.clock.pass(60_000)
  assert.deepEqual([here.sent.length, here.kept], [2, begun("hi")])
})

test("another device's draft is shown, once, and not to who is writing or has written", () => {
  const here = desk()
  here.draft.heard({ ...begun("from the phone"), updated_at: "3" })
  here.draft.heard({ ...begun("older"), updated_at: "2" })
  assert.deepEqual(here.shown, ["from the phone"])
  here.busy = true
  here.draft.heard({ ...begun("more"), updated_at: "4" })
  here.busy = false
  here.clock.pass(60_000)
  assert.deepEqual(here.sent, [], "who has written nothing saves nothing over it")
  here.draft.heard({ ...begun("still more"), updated_at: "41" })
  assert.deepEqual(here.shown, ["from the phone", "still more"])
  here.draft.typed(begun("from here"))
  here.draft.heard({ ...begun("again"), updated_at: "5" })
  assert.deepEqual([here.shown.length, here.draft.now], [2, begun("from here")])
  here.clock.pass(1_000)
  assert.deepEqual(here.sent, ["from here"])
})

test("one's own echo changes nothing, whichever of it and the answer comes first", async () => {
  const here = desk()
  here.draft.typed(begun("hi"))
  here.clock.pass(1_000)
  here.draft.heard({ ...begun("hi"), updated_at: "2" })
  here.draft.typed(begun("hi there"))
  await here.answer("2")
  here.draft.heard({ ...begun("hi"), updated_at: "2" })
  assert.deepEqual([here.shown, here.draft.now], [[], begun("hi there")])
})
