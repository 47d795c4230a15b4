import "./chat.mjs"
import assert from "node:assert/strict"
import { test } from "node:test"
import { Clock } from "./clock.mjs"

const { Amender } = await import("chat/realtime/amender.js")
const { Dispatcher } = await import("chat/realtime/dispatcher.js")
const { HttpRoute } = await import("chat/realtime/routes.js")

class Line extends EventTarget {
  state = "ready"
  sent = []
  checked = 0

  send(frame) {
    if (this.state === "ready") this.sent.push(frame)
    return this.state === "ready"
  }

  check() {
    this.checked += 1
  }

  to(state) {
    this.state = state
    this.dispatchEvent(new Event("state"))
  }
}

function made({ http = () => null } = {}) {
  const [socket, frames, clock] = [new Line(), new Dispatcher(), new Clock()]
  let next = 0
  const amender = new Amender({ socket, frames, http, timers: clock, id: () => `op-${(next += 1)}` })
  return { socket, frames, clock, amender }
}

const EDIT = { type: "message.edit", message_id: "m", content: "tea" }

test("a change goes out at once and is answered by its own ack", async () => {
  const { socket, frames, amender } = made()
  const done = amender.amend(EDIT)
  assert.deepEqual(socket.sent, [{ ...EDIT, op_id: "op-1" }])
  frames.give({ type: "ack", op_id: "op-0" })
  frames.give({ type: "ack", op_id: "op-1", rev: 3 })
  assert.equal((await done).ack.rev, 3)
})

test("over a break it goes out again under the same id, and what has its answer does not", async () => {
  const { socket, frames, amender } = made()
  const done = amender.amend(EDIT)
  const other = amender.amend({ ...EDIT, content: "two" })
  frames.give({ type: "ack", op_id: "op-2" })
  await other
  socket.to("down")
  socket.to("connecting")
  assert.equal(socket.sent.length, 2)
  socket.to("ready")
  assert.deepEqual(socket.sent.slice(2), [{ ...EDIT, op_id: "op-1" }])
  frames.give({ type: "error", op_id: "op-1", code: "conflict", detail: "too late" })
  assert.equal((await done).refusal.detail, "too late")
})

test("what is too fast waits as long as the server says", async () => {
  const { socket, frames, amender, clock } = made()
  const done = amender.amend(EDIT)
  frames.give({ type: "error", op_id: "op-1", code: "too_fast", detail: "", retry_after: 3 })
  clock.pass(2_900)
  assert.equal(socket.sent.length, 1)
  clock.pass(200)
  assert.equal(socket.sent.length, 2)
  frames.give({ type: "ack", op_id: "op-1" })
  assert.ok((await done).ack)
})

test("who gives up hears of nothing, and nothing goes out any more", async () => {
  const { socket, amender } = made()
  const leaving = new AbortController()
  socket.to("down")
  const done = amender.amend(EDIT, leaving)
  leaving.abort()
  assert.deepEqual(await done, {})
  socket.to("ready")
  assert.deepEqual(socket.sent, [])
})

test("where no socket gets through it goes over HTTP, in the words of the API", async () => {
  const asked = []
  const answers = [new Response(null, { status: 503 }), Response.json({ id: "m" }), Response.json({ code: "forbidden", detail: "no" }, { status: 403 })]
  const fetch = async (path, { method, body }) => (asked.push([method, path, body && JSON.parse(body)]), answers.shift())
  const route = new HttpRoute({ csrfToken: "", userId: "ada", signedOut: () => {}, fetch })
  const { socket, amender, clock } = made({ http: () => route })
  socket.to("down")
  const done = amender.amend(EDIT)
  await new Promise(setImmediate)
  clock.pass(2_000)
  assert.ok((await done).ack)
  assert.deepEqual(asked, Array(2).fill(["PATCH", "/api/v1/messages/m/", { op_id: "op-1", content: "tea" }]))
  const refused = await amender.amend({ type: "message.delete", message_id: "m" })
  assert.equal(refused.refusal.detail, "no")
  assert.deepEqual(asked.at(-1), ["DELETE", "/api/v1/messages/m/?op_id=op-2", undefined])
})
