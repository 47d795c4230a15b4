import "./chat.mjs"
import assert from "node:assert/strict"
import { test } from "node:test"

const { Sightings } = await import("chat/thinking/sightings.js")

test("only what is on screen while somebody looks is read, and each once", () => {
  const sightings = new Sightings(3)
  sightings.seen(4, true)
  sightings.seen(5, true)
  assert.equal(sightings.read(false), null)
  assert.equal(sightings.read(true), 5)
  assert.equal(sightings.read(true), null)
})

test("what left the screen before somebody looked is not read", () => {
  const sightings = new Sightings(3)
  sightings.seen(4, true)
  sightings.seen(5, true)
  sightings.seen(5, false)
  assert.equal(sightings.read(true), 4)
})

test("scrolling back to what was read reads nothing", () => {
  const sightings = new Sightings(9)
  sightings.seen(2, true)
  assert.equal(sightings.read(true), null)
})
