import "./chat.mjs"
import assert from "node:assert/strict"
import { test } from "node:test"
import { Clock } from "./clock.mjs"

const { Outbox } = await import("chat/thinking/outbox.js")
const { MemoryStorage } = await import("chat/realtime/memory-storage.js")

const entry = (client_id, conversation_id = "a") => ({ client_id, conversation_id, content: `text of ${client_id}` })
const ids = (entries) => entries.map((entry) => entry.client_id)

async function outbox(...entries) {
  const clock = new Clock()
  const storage = new MemoryStorage()
  const box = new Outbox({ storage, now: clock.now })
  for (const each of entries) await box.add(each)
  return { box, clock, storage }
}

test("first in, first out, one under way in each conversation", async () => {
  const { box } = await outbox(entry("1"), entry("2"), entry("3", "b"))
  assert.deepEqual(ids(box.next()), ["1", "3"])
  box.sending("1")
  assert.deepEqual(ids(box.next()), ["3"])
  await box.settled("1")
  assert.deepEqual(ids(box.next()), ["2", "3"])
})

test("survives a reload, in order, and what was under way waits again", async () => {
  const { box, storage } = await outbox(entry("1"), entry("2"))
  box.sending("1")
  const reloaded = new Outbox({ storage })
  await reloaded.load()
  assert.deepEqual(reloaded.of("a").map(({ client_id, state }) => [client_id, state]), [["1", "waiting"], ["2", "waiting"]])
  assert.equal(reloaded.of("a")[0].content, "text of 1")
})

test("ack after echo and echo after ack settle once", async () => {
  const { box, storage } = await outbox(entry("1"))
  let changes = 0
  box.addEventListener("changed", () => (changes += 1))
  box.sending("1")
  await box.settled("1")
  await box.settled("1")
  assert.equal(changes, 2)
  assert.deepEqual(await storage.all(), [])
  box.returned("1")
  await box.refused("1", { code: "invalid", detail: "late" })
  assert.deepEqual(box.of("a"), [])
})

test("a broken way lets it wait and go out again under the same id", async () => {
  const { box } = await outbox(entry("1"))
  box.sending("1")
  box.returned("1")
  assert.deepEqual(ids(box.next()), ["1"])
})

test("a refused one keeps its text, says why, and lets the next one pass", async () => {
  const { box, storage } = await outbox(entry("1"), entry("2"))
  box.sending("1")
  await box.refused("1", { code: "too_large", detail: "Too long." })
  assert.deepEqual(ids(box.next()), ["2"])
  const reloaded = new Outbox({ storage })
  await reloaded.load()
  const [failed] = reloaded.of("a")
  assert.deepEqual([failed.state, failed.error.detail, failed.content], ["failed", "Too long.", "text of 1"])
  await reloaded.retry("1")
  assert.deepEqual(ids(reloaded.next()), ["1"])
  await reloaded.discard("1")
  assert.deepEqual(ids(await storage.all()), ["2"])
})

test("too fast is not a refusal: the whole conversation waits as long as it was told", async () => {
  const { box, clock } = await outbox(entry("1"), entry("2"), entry("3", "b"))
  box.sending("1")
  await box.refused("1", { code: "too_fast", detail: "", retry_after: 3 })
  assert.deepEqual(ids(box.next()), ["3"])
  assert.equal(box.pause, 3_000)
  clock.pass(3_000)
  assert.deepEqual(ids(box.next()), ["1", "3"])
  assert.equal(box.pause, null)
})

test("what another tab stored or settled shows after the next load", async () => {
  const { box, storage } = await outbox(entry("1"))
  const other = new Outbox({ storage })
  await other.load()
  await other.add(entry("2"))
  await other.settled("1")
  await box.load()
  assert.deepEqual(ids(box.of("a")), ["2"])
})

test("a load in the middle of adding or sending loses nothing", async () => {
  const { box } = await outbox(entry("1"))
  box.sending("1")
  const adding = box.add(entry("2"))
  const loading = box.load()
  await Promise.all([adding, loading])
  assert.deepEqual(box.of("a").map(({ client_id, state }) => [client_id, state]), [["1", "sending"], ["2", "waiting"]])
})

test("a load that reads before a settled one is gone from storage does not bring it back", async () => {
  const { box, storage } = await outbox(entry("1"))
  const all = await storage.all()
  storage.all = async () => all
  await box.settled("1")
  await box.load()
  assert.deepEqual(box.of("a"), [])
})

test("one that is added while storage is read stays, also when it was stored before the reading came back", async () => {
  const { box, storage } = await outbox(entry("1"))
  const before = await storage.all()
  let arrive
  storage.all = () => new Promise((resolve) => (arrive = resolve))
  const loading = box.load()
  await box.add(entry("2"))
  arrive(before)
  await loading
  assert.deepEqual(ids(box.of("a")), ["1", "2"])
})

test("unavailable keeps the order: the same one goes first again", async () => {
  const { box, clock } = await outbox(entry("1"), entry("2"))
  box.sending("1")
  await box.refused("1", { code: "unavailable", detail: "" })
  assert.deepEqual(box.next(), [])
  clock.pass(2_000)
  assert.deepEqual(ids(box.next()), ["1"])
})
