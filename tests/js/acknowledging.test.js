import "./chat.mjs"
import assert from "node:assert/strict"
import { test } from "node:test"
import { Clock } from "./clock.mjs"

const { Acknowledgement } = await import("chat/realtime/acknowledgement.js")
const { Dispatcher } = await import("chat/realtime/dispatcher.js")

const created = (conversation_id, seq, sender_id = "ben") => ({ type: "message.created", conversation_id, seq, message: { seq, sender_id } })

function page() {
  const clock = new Clock()
  const frames = new Dispatcher()
  const socket = new EventTarget()
  const sent = []
  const send = ({ type, conversation_id, seq }) => sent.push(`${type.replace("receipt.", "")} ${conversation_id} ${seq}`)
  const acknowledgement = new Acknowledgement({ userId: "ada", frames, socket, send, timers: clock })
  const breaks = () => (socket.dispatchEvent(new Event("closed")), acknowledgement.receipts.flush())
  return { acknowledgement, breaks, clock, frames, sent }
}

test("what others wrote is acknowledged in every conversation, once for many", () => {
  const { clock, frames, sent } = page()
  for (const event of [created("a", 1), created("b", 7), created("a", 2)]) frames.give(event)
  frames.give({ type: "sync.batch", conversation_id: "c", seq: 5, rev: 0, messages: [created("c", 4).message, created("c", 5, "ada").message] })
  clock.pass(250)
  assert.deepEqual(sent, ["delivered a 2", "delivered b 7", "delivered c 4"])
})

test("one's own messages and changes have no receipt, and are acknowledged by the ping", () => {
  const { acknowledgement, clock, frames, sent } = page()
  frames.give(created("a", 3, "ada"))
  frames.give({ type: "message.changed", conversation_id: "a", rev: 9, message: { seq: 1 } })
  frames.give({ type: "conversation.changed", conversation_id: "b", rev: 2 })
  clock.pass(250)
  assert.deepEqual(sent, [])
  assert.deepEqual(acknowledgement.pinging(), { a: [3, 9], b: [0, 2] })
})

test("a receipt that no pong came after is said again on the next line, one that a pong came after is not", () => {
  const { acknowledgement, breaks, clock, frames, sent } = page()
  frames.give(created("a", 1))
  clock.pass(2_000)
  acknowledgement.pinging()
  clock.pass(100)
  frames.give({ type: "pong", heads: {} })
  breaks()
  assert.deepEqual(sent, ["delivered a 1"])
  frames.give(created("a", 2))
  clock.pass(2_000)
  acknowledgement.pinging()
  breaks()
  assert.deepEqual(sent, ["delivered a 1", "delivered a 2", "delivered a 2"])
})

test("a pong that answers an earlier ping proves nothing about what was said after that", () => {
  const { acknowledgement, breaks, clock, frames, sent } = page()
  acknowledgement.pinging()
  frames.give(created("a", 1))
  clock.pass(2_000)
  acknowledgement.pinging()
  frames.give({ type: "pong", heads: {} })
  breaks()
  assert.deepEqual(sent, ["delivered a 1", "delivered a 1"])
})
