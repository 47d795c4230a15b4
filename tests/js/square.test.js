import "./chat.mjs"
import assert from "node:assert/strict"
import { test } from "node:test"

const { Square } = await import("chat/thinking/square.js")

test("at first it is the middle of the picture, as large as it can be", () => {
  assert.deepEqual(new Square(300, 200).rectangle, { x: 50, y: 0, side: 200 })
  assert.deepEqual(new Square(200, 301).rectangle, { x: 0, y: 50, side: 200 })
})

test("it moves no farther than the picture reaches", () => {
  const square = new Square(300, 200)
  square.moveBy(1000, 1000)
  assert.deepEqual(square.rectangle, { x: 100, y: 0, side: 200 })
  square.moveBy(-1000, -1000)
  assert.deepEqual(square.rectangle, { x: 0, y: 0, side: 200 })
})

test("coming closer keeps the middle, and going away stays inside", () => {
  const square = new Square(400, 400)
  square.zoomTo(2)
  assert.deepEqual(square.rectangle, { x: 100, y: 100, side: 200 })
  square.moveBy(1000, 0)
  square.zoomTo(1)
  assert.deepEqual(square.rectangle, { x: 0, y: 0, side: 400 })
})

test("there is a closest and a farthest", () => {
  const square = new Square(800, 800)
  square.zoomTo(1000)
  assert.equal(square.side, 100)
  square.zoomTo(0)
  assert.equal(square.side, 800)
})

test("a picture of one pixel is a square of one", () => {
  const square = new Square(1, 9)
  square.zoomTo(8)
  assert.equal(square.rectangle.side, 1)
})
