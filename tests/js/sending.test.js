import "./chat.mjs"
import assert from "node:assert/strict"
import { test } from "node:test"
import { Clock } from "./clock.mjs"
import { BrokenDisk, Disk } from "./disks.mjs"
import { FakeSocket } from "./sockets.mjs"

const { Dispatcher } = await import("chat/realtime/dispatcher.js")
const { MemoryStorage } = await import("chat/realtime/memory-storage.js")
const { HttpRoute, SocketRoute } = await import("chat/realtime/routes.js")
const { Sender } = await import("chat/realtime/sender.js")
const { Socket } = await import("chat/realtime/socket.js")
const { Storage } = await import("chat/realtime/storage.js")
const { Outbox } = await import("chat/thinking/outbox.js")

const settle = () => new Promise((resolve) => setTimeout(resolve, 5))
const entry = (client_id, conversation_id = "a") => ({ client_id, conversation_id, content: client_id })
const sends = (socket) => socket.sent.filter((frame) => frame.type === "message.send").map((frame) => frame.client_id)
const ack = (client_id) => ({ type: "ack", client_id, seq: 1 })
const echo = (client_id) => ({ type: "message.created", seq: 1, message: { client_id } })

function tab({ storage = new MemoryStorage(), exclusive = (task) => task() } = {}) {
  FakeSocket.made = []
  const clock = new Clock()
  const frames = new Dispatcher()
  const socket = new Socket({ url: "ws://chat/ws/", userId: "ada", frames, hello: () => ({ type: "hello" }), ping: () => ({ type: "ping" }), timers: clock, WebSocket: FakeSocket })
  const route = new SocketRoute({ socket, frames, timers: clock })
  const outbox = new Outbox({ storage, now: clock.now })
  const acks = []
  const acked = (event) => acks.push(event.client_id)
  const sender = new Sender({ outbox, route: () => (route.usable ? route : null), exclusive, acked, timers: clock })
  socket.addEventListener("state", () => sender.flush())
  const post = async (...entries) => {
    for (const each of entries) await outbox.add(each)
    sender.flush()
    await settle()
  }
  return { clock, socket, outbox, sender, acks, post, storage, begin: () => (socket.start(), FakeSocket.last.becomesReady()) }
}

test("what was written offline goes out by itself, in order, each after the answer to the one before", async () => {
  const { outbox, post, begin } = tab()
  await post(entry("1"), entry("2"), entry("3"))
  assert.deepEqual(outbox.of("a").map((each) => each.state), ["waiting", "waiting", "waiting"])
  begin()
  for (const expected of [["1"], ["1", "2"], ["1", "2", "3"]]) {
    await settle()
    assert.deepEqual(sends(FakeSocket.last), expected)
    FakeSocket.last.says(ack(expected.at(-1)))
  }
  await settle()
  assert.deepEqual(outbox.of("a"), [])
})

test("ack then echo, and echo then ack, are one answer", async () => {
  for (const answers of [[ack("1"), echo("1")], [echo("1"), ack("1")]]) {
    const { outbox, post, begin } = tab()
    begin()
    await post(entry("1"))
    FakeSocket.last.says(...answers)
    await settle()
    assert.deepEqual(outbox.of("a"), [])
    assert.deepEqual(sends(FakeSocket.last), ["1"])
  }
})

test("a socket that breaks before the answer: sent again on the next one, under the same id", async () => {
  const { clock, outbox, post, begin } = tab()
  begin()
  await post(entry("1"))
  FakeSocket.last.ends(1006)
  await settle()
  assert.equal(outbox.of("a")[0].state, "waiting")
  clock.pass(30_000)
  FakeSocket.last.becomesReady()
  await settle()
  assert.deepEqual(sends(FakeSocket.last), ["1"])
})

test("an answer that does not come within ten seconds is asked for again", async () => {
  const { clock, post, begin } = tab()
  begin()
  await post(entry("1"))
  clock.pass(10_000)
  await settle()
  clock.pass(1_000)
  await settle()
  assert.deepEqual(sends(FakeSocket.last), ["1", "1"])
})

test("too fast: waits as long as it was told, then goes on by itself", async () => {
  const { clock, post, begin } = tab()
  begin()
  await post(entry("1"))
  FakeSocket.last.says({ type: "error", client_id: "1", code: "too_fast", detail: "", retry_after: 2 })
  await settle()
  clock.pass(1_900)
  await settle()
  assert.deepEqual(sends(FakeSocket.last), ["1"])
  clock.pass(200)
  await settle()
  assert.deepEqual(sends(FakeSocket.last), ["1", "1"])
})

test("a refused one stays, and those after it go out", async () => {
  const { outbox, post, begin } = tab()
  begin()
  await post(entry("1"), entry("2"))
  FakeSocket.last.says({ type: "error", client_id: "1", code: "forbidden", detail: "No." })
  await settle()
  assert.deepEqual(sends(FakeSocket.last), ["1", "2"])
  assert.deepEqual(outbox.of("a").map((each) => [each.state, each.error?.detail]), [["failed", "No."], ["sending", undefined]])
})

test("a message the server calls too large does not end one socket after the other", async () => {
  const { outbox, post, begin } = tab()
  begin()
  await post(entry("1"))
  FakeSocket.last.ends(4413)
  await settle()
  assert.deepEqual(outbox.of("a").map((each) => [each.state, each.error.code]), [["failed", "too_large"]])
})

test("of two tabs that share an outbox only one sends", async () => {
  let queue = Promise.resolve()
  const exclusive = (task) => (queue = queue.then(task))
  const storage = new MemoryStorage()
  const first = tab({ storage, exclusive })
  first.begin()
  const firstSocket = FakeSocket.last
  const second = tab({ storage, exclusive })
  second.begin()
  const secondSocket = FakeSocket.last
  await settle()
  await first.post(entry("1"))
  await second.post(entry("2"))
  assert.deepEqual([sends(firstSocket), sends(secondSocket)], [["1"], []])
  firstSocket.says(ack("1"))
  await settle()
  const both = [...sends(firstSocket), ...sends(secondSocket)]
  assert.deepEqual(both, ["1", "2"])
})

test("a tab that ends in the middle of sending leaves the rest to the next one, which sends nothing twice but the one in doubt", async () => {
  const storage = new MemoryStorage()
  let holder = Promise.resolve()
  const exclusive = (task) => (holder = holder.then(task))
  const first = tab({ storage, exclusive })
  first.begin()
  await first.post(entry("1"), entry("2"))
  holder = Promise.resolve() // the browser takes a lock back from a tab that is gone
  const second = tab({ storage, exclusive })
  second.begin()
  for (const client_id of ["1", "2"]) {
    await settle()
    assert.equal(sends(FakeSocket.last).at(-1), client_id)
    FakeSocket.last.says(ack(client_id))
  }
  await settle()
  assert.deepEqual(sends(FakeSocket.last), ["1", "2"])
  assert.deepEqual(await storage.all(), [])
})

test("a frame that was too large fails the largest message, not those beside it", async () => {
  const { outbox, post, begin } = tab()
  begin()
  await post(entry("1"), { ...entry("2", "b"), content: "x".repeat(70_000) }, entry("3", "c"))
  FakeSocket.last.ends(4413)
  await settle()
  const states = ["a", "b", "c"].map((place) => outbox.of(place)[0].state)
  assert.deepEqual(states, ["waiting", "failed", "waiting"])
})

test("an answer that does not come has the line looked at", async () => {
  const { clock, post, begin } = tab()
  begin()
  await post(entry("1"))
  clock.pass(10_000)
  assert.equal(FakeSocket.made[0].sent.at(-1).type, "ping")
  clock.pass(5_000)
  assert.equal(FakeSocket.made[0].closed, true)
})

async function sentFrom(storage) {
  const { outbox, post, begin } = tab({ storage })
  await post(entry("1"), entry("2"))
  await outbox.load()
  assert.deepEqual(outbox.of("a").map((each) => each.client_id), ["1", "2"])
  begin()
  await settle()
  assert.deepEqual(sends(FakeSocket.last), ["1"])
  FakeSocket.last.says(ack("1"))
  await settle()
  assert.deepEqual((await storage.all()).map((each) => each.client_id), ["2"])
}

test("without IndexedDB sending works, the tab remembers, and that is told once", async () => {
  const failures = []
  await sentFrom(new Storage({ open: () => indexedDB.open("x"), failed: (error) => failures.push(error.name) }))
  assert.deepEqual(failures, ["ReferenceError"])
})

test("with a full disk sending works, the tab remembers, and that is told once", async () => {
  const failures = []
  await sentFrom(new Storage({ open: async () => new BrokenDisk("put"), failed: (error) => failures.push(error.message) }))
  assert.deepEqual(failures, ["put: disk full"])
})

test("a database that never answers holds no message up for longer than its patience", async () => {
  const clock = new Clock()
  const failures = []
  const storage = new Storage({ open: () => new Promise(() => {}), failed: (error) => failures.push(error.message), timers: clock })
  const kept = storage.put(entry("1"))
  await settle()
  clock.pass(3_000)
  await kept
  assert.deepEqual((await storage.all()).map((each) => each.client_id), ["1"])
  assert.equal(failures.length, 1)
})

test("a disk that is full from now on keeps what it has, in front of what it does not take", async () => {
  const disk = new Disk()
  const storage = new Storage({ open: async () => disk })
  await storage.put(entry("1"))
  disk.put = () => Promise.reject(new Error("disk full"))
  await storage.put(entry("2"))
  delete disk.put
  await storage.put(entry("3"))
  assert.deepEqual((await storage.all()).map((each) => each.client_id), ["1", "2", "3"])
  await storage.remove("1")
  assert.deepEqual(await disk.all(), [])
})

test("a database that breaks while the page is open takes nothing from it", async () => {
  const disk = new Disk()
  const storage = new Storage({ open: async () => disk })
  const outbox = new Outbox({ storage })
  await outbox.add(entry("1"))
  await outbox.load()
  disk.all = () => Promise.reject(new Error("not a database any more"))
  await outbox.add(entry("2"))
  await outbox.load()
  assert.deepEqual(outbox.of("a").map((each) => each.client_id), ["1", "2"])
  await outbox.settled("1")
  await outbox.load()
  assert.deepEqual(outbox.of("a").map((each) => each.client_id), ["2"])
})

test("a route that breaks in an unknown way is tried again and holds nobody up", async () => {
  const { clock, outbox, sender } = tab()
  const reports = []
  let tries = 0
  const broken = { send: async () => ((tries += 1) === 1 ? Promise.reject(new Error("unheard of")) : { ack: null }) }
  Object.assign(sender, { route: () => broken, report: (failure) => reports.push(failure.message) })
  await outbox.add(entry("1"))
  await sender.flush()
  assert.equal(outbox.of("a")[0].state, "waiting")
  clock.pass(1_000)
  await settle()
  assert.deepEqual([outbox.of("a"), reports], [[], ["unheard of"]])
})

const answer = (status, body, headers = {}) => async () => new Response(JSON.stringify(body), { status, headers })

test("over HTTP: the stored message is the ack", async () => {
  const calls = []
  const fetch = async (path, options) => (calls.push([path, options]), answer(201, { id: "m", seq: 7, created_at: "t" })())
  const result = await new HttpRoute({ csrfToken: "c", fetch }).send(entry("1", "abc"))
  assert.deepEqual(result.ack, { type: "ack", client_id: "1", message_id: "m", conversation_id: "abc", seq: 7, created_at: "t" })
  const [[path, options]] = calls
  assert.equal(path, "/api/v1/conversations/abc/messages/")
  assert.equal(options.headers["X-CSRFToken"], "c")
  assert.deepEqual(JSON.parse(options.body), { client_id: "1", content: "1" })
})

test("over HTTP: refusals, waiting, and no network", async () => {
  const send = (fetch, signedOut) => new HttpRoute({ csrfToken: "c", fetch, signedOut }).send(entry("1"))
  const refused = await send(answer(429, { code: "too_fast", detail: "d" }, { "Retry-After": "3" }))
  assert.deepEqual(refused.refusal, { retry_after: 3, code: "too_fast", detail: "d" })
  assert.deepEqual(await send(answer(503, {})), { later: true })
  assert.deepEqual(await send(() => Promise.reject(new TypeError("fetch failed"))), { later: true })
  let out = 0
  assert.deepEqual(await send(answer(401, {}), () => (out += 1)), { later: true })
  assert.equal(out, 1)
})

test("over HTTP: what something in between says is no answer of the chat", async () => {
  const page = (status) => async () => new Response("<h1>Error</h1>", { status })
  const send = (status) => new HttpRoute({ csrfToken: "c", fetch: page(status) }).send(entry("1"))
  for (const status of [200, 403, 404, 429]) assert.deepEqual(await send(status), { later: true }, `a page with ${status}`)
  assert.equal((await send(413)).refusal.code, "too_large")
})

test("over HTTP: a page of an earlier sign-in sends nothing, it is loaded again", async () => {
  let out = 0
  const fetch = answer(403, { code: "forbidden", detail: "CSRF Failed: CSRF token from the 'X-Csrftoken' HTTP header incorrect." })
  const result = await new HttpRoute({ csrfToken: "c", fetch, signedOut: () => (out += 1) }).send(entry("1"))
  assert.deepEqual([result, out], [{ later: true }, 1])
})

test("over HTTP: an answer that takes too long is none", async () => {
  const route = new HttpRoute({ csrfToken: "c", fetch: (path, { signal }) => (assert.ok(signal), Promise.reject(new DOMException("slow", "TimeoutError"))) })
  assert.deepEqual(await route.send(entry("1")), { later: true })
  assert.equal(route.works, false)
})

test("over HTTP: receipts", async () => {
  const calls = []
  const fetch = async (path, options) => (calls.push([path, JSON.parse(options.body)]), answer(200, {})())
  const route = new HttpRoute({ csrfToken: "c", fetch })
  const receipt = { type: "receipt.read", conversation_id: "abc", seq: 4 }
  assert.equal(await route.receipt(receipt), true)
  assert.equal(route.works, true)
  assert.deepEqual(calls, [["/api/v1/conversations/abc/receipts/", { kind: "read", seq: 4 }]])
  route.fetch = answer(503, {})
  assert.equal(await route.receipt(receipt), false)
})
