import "./chat.mjs"
import assert from "node:assert/strict"
import { test } from "node:test"

const { initials } = await import("chat/thinking/initials.js")

test("the letters of a name are those the server draws", () => {
  // as in tests/chatsite/templatetags/test_look.py
  const names = { "Ada Lovelace": "AL", ben: "B", "  Cleo  de la Cruz ": "CC", "🎈 Dora": "D", "??": "?", "": "?", "été 7": "É7" }
  for (const [name, letters] of Object.entries(names)) assert.equal(initials(name), letters, name)
})
