import "./chat.mjs"
import assert from "node:assert/strict"
import { test } from "node:test"
import { Clock } from "./clock.mjs"
import { FakeSocket } from "./sockets.mjs"

const { Dispatcher } = await import("chat/realtime/dispatcher.js")
const { Socket } = await import("chat/realtime/socket.js")

function line() {
  FakeSocket.made = []
  const clock = new Clock()
  const frames = new Dispatcher()
  const hello = () => ({ type: "hello", cursors: { a: [3, 0] } })
  const ping = () => ({ type: "ping", cursors: { a: [3, 0] } })
  const socket = new Socket({ url: "ws://chat/ws/", userId: "ada", frames, hello, ping, timers: clock, random: () => 0.5, WebSocket: FakeSocket })
  return { clock, frames, socket }
}

function ready() {
  const parts = line()
  parts.socket.start()
  FakeSocket.last.becomesReady()
  return parts
}

test("a frame is one event or an array of events", () => {
  const frames = new Dispatcher()
  const heard = []
  frames.on("typing", (event) => heard.push(event.user_id))
  frames.receive('{"type": "typing", "user_id": "a"}')
  frames.receive('[{"type": "typing", "user_id": "b"}, {"type": "unheard.of"}, {"type": "typing", "user_id": "c"}]')
  assert.deepEqual(heard, ["a", "b", "c"])
})

test("says hello with its cursors, on the browsers' subprotocol, and is ready when told", () => {
  const { socket } = ready()
  assert.equal(FakeSocket.last.protocol, "chat.v1.html")
  assert.deepEqual(FakeSocket.last.sent, [{ type: "hello", cursors: { a: [3, 0] } }])
  assert.equal(socket.state, "ready")
})

test("sends nothing before it is ready", () => {
  const { socket } = line()
  assert.equal(socket.send({ type: "typing" }), false)
  socket.start()
  FakeSocket.last.opens()
  assert.equal(socket.send({ type: "typing" }), false)
})

test("comes back after a break, and a success forgets the failures", () => {
  const { clock, socket } = ready()
  for (const tries of [1, 2, 3]) {
    FakeSocket.last.ends(1006)
    assert.equal(socket.failures, tries)
    clock.pass(1_000)
  }
  assert.equal(FakeSocket.made.length, 4)
  FakeSocket.last.becomesReady()
  assert.equal(socket.failures, 0)
})

test("does not come back when that would end the same way, and goes to sign in when the session is over", () => {
  for (const [code, verdict] of [[4400, "stop"], [4403, "stop"], [4401, "sign-in"]]) {
    const { clock, socket } = ready()
    FakeSocket.last.ends(code)
    clock.pass(120_000)
    socket.check()
    assert.deepEqual([socket.state, socket.verdict, FakeSocket.made.length], ["over", verdict, 1])
  }
})

test("every other close code leads to another try", () => {
  for (const code of [1000, 1006, 1012, 4408, 4409, 4413]) {
    const { clock } = ready()
    FakeSocket.last.ends(code)
    clock.pass(1_000)
    assert.equal(FakeSocket.made.length, 2, `after ${code}`)
  }
})

test("bye says when to come back", () => {
  const { clock } = ready()
  FakeSocket.last.says({ type: "bye", reconnect_in_ms: 4_000 })
  FakeSocket.last.ends(1012)
  clock.pass(3_999)
  assert.equal(FakeSocket.made.length, 1)
  clock.pass(1)
  assert.equal(FakeSocket.made.length, 2)
})

test("a look at the page tries at once and only once", () => {
  const { clock, socket } = ready()
  FakeSocket.last.ends(1006)
  socket.check()
  socket.check()
  assert.equal(FakeSocket.made.length, 2)
  clock.pass(1_000)
  assert.equal(FakeSocket.made.length, 2)
})

test("a socket that opens but is never ready is given up", () => {
  const { clock, socket } = line()
  socket.start()
  FakeSocket.last.opens()
  clock.pass(10_000)
  assert.equal(FakeSocket.made[0].closed, true)
  assert.equal(socket.failures, 1)
  clock.pass(1_000)
  assert.equal(FakeSocket.made.length, 2)
})

test("whoever is told too fast stays away for a while", () => {
  const { clock } = ready()
  FakeSocket.last.ends(4429)
  clock.pass(4_999)
  assert.equal(FakeSocket.made.length, 1)
  clock.pass(1)
  assert.equal(FakeSocket.made.length, 2)
})

test("sockets that end as soon as they are ready come at longer and longer intervals", () => {
  const { clock } = ready()
  for (let round = 0; round < 6; round += 1) {
    FakeSocket.last.ends(1006)
    clock.pass(16_000)
    FakeSocket.last.becomesReady()
  }
  FakeSocket.last.ends(1006)
  const made = FakeSocket.made.length
  clock.pass(14_999)
  assert.equal(FakeSocket.made.length, made)
  clock.pass(1)
  FakeSocket.last.becomesReady()
  clock.pass(5_000)
  FakeSocket.last.ends(1006)
  clock.pass(250)
  assert.equal(FakeSocket.made.length, made + 2)
})

test("a socket of somebody else who signed in since is not used", () => {
  const { socket } = line()
  socket.start()
  FakeSocket.last.opens()
  FakeSocket.last.says({ type: "ready", user_id: "ben", epoch: "e", ping_ms: 25_000, limits: {} })
  assert.deepEqual([socket.state, socket.verdict, FakeSocket.last.closed], ["over", "sign-in", true])
  assert.equal(socket.send({ type: "message.send" }), false)
})

test("a line that is looked at has five seconds to prove that it is alive", () => {
  const { clock, socket } = ready()
  const [first] = FakeSocket.made
  socket.check()
  clock.pass(3_000)
  first.says({ type: "pong", heads: {} })
  clock.pass(3_000)
  assert.equal(first.closed, false)
  socket.check()
  clock.pass(4_999)
  socket.check()
  assert.equal(first.closed, false)
  clock.pass(1)
  assert.equal(first.closed, true)
})

test("after a machine slept the line is tried at once and left when it does not answer", () => {
  const { clock } = ready()
  const [first] = FakeSocket.made
  clock.sleep(3_600_000)
  clock.pass(0)
  assert.equal(first.sent.at(-1).type, "ping")
  assert.equal(first.closed, false)
  clock.pass(5_000)
  assert.equal(first.closed, true)
})

test("a ping out of turn acknowledges much that came at once; receipts do the same", () => {
  const { socket } = ready()
  const pings = () => FakeSocket.last.sent.filter(({ type }) => type === "ping").length
  for (let count = 0; count < 98; count += 1) FakeSocket.last.says({ type: "receipt.updated" })
  assert.equal(pings(), 0)
  FakeSocket.last.says({ type: "receipt.updated" })
  assert.equal(pings(), 1)
  FakeSocket.last.says(...Array.from({ length: 60 }, () => ({ type: "receipt.updated" })))
  socket.send({ type: "receipt.delivered", conversation_id: "a", seq: 4 })
  FakeSocket.last.says(...Array.from({ length: 60 }, () => ({ type: "receipt.updated" })))
  assert.equal(pings(), 1)
  FakeSocket.last.says({ type: "message.created", html: "x".repeat(64 * 1024) })
  assert.equal(pings(), 2)
})

test("pings with its cursors, and leaves a socket that went silent", () => {
  const { clock, socket } = ready()
  const [first] = FakeSocket.made
  clock.pass(25_000)
  assert.deepEqual(first.sent.at(-1), { type: "ping", cursors: { a: [3, 0] } })
  first.says({ type: "pong", heads: {} })
  clock.pass(51_000)
  assert.equal(first.closed, true)
  assert.equal(FakeSocket.made.length, 2)
  first.says({ type: "ready", ping_ms: 1 })
  assert.notEqual(socket.state, "ready")
})

test("a page that is left lets go of its socket and takes a new one when it is shown again", () => {
  const { clock, socket } = ready()
  socket.stop()
  clock.pass(60_000)
  assert.equal(FakeSocket.made.length, 1)
  assert.equal(socket.failures, 0)
  socket.check()
  FakeSocket.last.becomesReady()
  assert.equal(socket.state, "ready")
})
