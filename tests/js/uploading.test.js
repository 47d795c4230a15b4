import "./chat.mjs"
import assert from "node:assert/strict"
import { test } from "node:test"
import { Clock } from "./clock.mjs"

const { PIECE, Upload } = await import("chat/thinking/upload.js")
const { Outbox } = await import("chat/thinking/outbox.js")
const { MemoryStorage } = await import("chat/realtime/memory-storage.js")
const { UploadRoute } = await import("chat/realtime/upload-route.js")
const { Uploads } = await import("chat/realtime/uploads.js")
const { sizeWords } = await import("chat/thinking/sizes.js")

const SIZE = 2 * PIECE + 10

/** A server that keeps what it gets; `troubles` are answers it gives first, one a request. */
class Server {
  id = null
  bytes = Buffer.alloc(0)
  asked = []
  troubles = []

  begin({ blob }) {
    return this.#answer("begin", () => {
      Object.assign(this, { id: "f1", bytes: Buffer.alloc(0), size: blob.size })
    })
  }

  look(id) {
    return this.#answer("look", () => assert.equal(id, this.id))
  }

  piece(id, offset, blob) {
    return this.#answer(`piece ${offset}`, async () => {
      if (offset !== this.bytes.length) return { refusal: { code: "conflict" } }
      this.bytes = Buffer.concat([this.bytes, Buffer.from(await blob.arrayBuffer())])
      return undefined
    })
  }

  cancel(id) {
    this.asked.push(`cancel ${id}`)
  }

  async #answer(what, work) {
    this.asked.push(what)
    const trouble = this.troubles.shift()
    if (trouble?.before) return trouble.before
    const refusal = await work()
    if (trouble?.after) return trouble.after
    const state = this.bytes.length === this.size ? "ready" : "open"
    return refusal ?? { id: this.id, offset: this.bytes.length, state }
  }
}

const content = Uint8Array.from({ length: SIZE }, (_, place) => place % 251)
const fileOf = (more) => ({ key: "k1", id: null, ready: false, name: "kite", size: SIZE, conversation_id: "a", blob: new Blob([content]), ...more })
const upload = (server, file = fileOf()) => new Upload({ file, route: server, wait: async () => {} })
const whole = (server) => server.bytes.equals(content)
const OFF = { later: true }

test("a file goes piece by piece", async () => {
  const server = new Server()
  const seen = []
  const one = new Upload({ file: fileOf(), route: server, wait: async () => {}, changed: ({ sent }) => seen.push(sent) })
  assert.equal(await one.run(), "ready")
  assert.ok(whole(server))
  assert.deepEqual(server.asked, ["begin", "piece 0", `piece ${PIECE}`, `piece ${2 * PIECE}`])
  assert.deepEqual(seen, [0, PIECE, 2 * PIECE, SIZE])
})

test("after a break it goes on, whether the piece had arrived or not", async () => {
  for (const trouble of [{ before: OFF }, { after: OFF }]) {
    const server = new Server()
    server.troubles = [null, null, trouble]
    assert.equal(await upload(server).run(), "ready")
    assert.ok(whole(server))
  }
})

test("after a reload it goes on where the server has it", async () => {
  const server = new Server()
  const changed = (one) => one.sent && one.cancel() // the page went
  await new Upload({ file: fileOf(), route: server, wait: async () => {}, changed }).run()
  server.asked = []
  assert.equal(await upload(server, fileOf({ id: "f1" })).run(), "ready")
  assert.deepEqual(server.asked.slice(0, 2), ["look", `piece ${PIECE}`])
  assert.ok(whole(server))
})

test("what the server no longer knows is begun anew", async () => {
  const server = new Server()
  server.troubles = [{ before: { refusal: { code: "not_found" } } }]
  assert.equal(await upload(server, fileOf({ id: "old" })).run(), "ready")
  assert.ok(whole(server))
})

test("a refusal is for good, and says why", async () => {
  const server = new Server()
  server.troubles = [{ before: { refusal: { code: "too_large", detail: "At most 100 MB." } } }]
  const one = upload(server)
  assert.equal(await one.run(), "failed")
  assert.equal(one.error.detail, "At most 100 MB.")
  assert.deepEqual(server.asked, ["begin"])
})

async function scene(...files) {
  const clock = new Clock()
  const storage = new MemoryStorage()
  const outbox = new Outbox({ storage, now: clock.now })
  const server = new Server()
  let done = 0
  const timers = { schedule: (work) => setTimeout(work), cancel: clearTimeout }
  const uploads = new Uploads({ outbox, route: server, exclusive: async (_key, task) => task(), timers, done: () => (done += 1) })
  await outbox.add({ client_id: "1", conversation_id: "a", content: "", files })
  return { outbox, server, uploads, storage, done: () => done }
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 50))

test("a message waits for its files, and others go before it", async () => {
  const { outbox, server, done } = await scene(fileOf())
  await outbox.add({ client_id: "2", conversation_id: "a", content: "hello" })
  assert.deepEqual(outbox.next().map(({ client_id }) => client_id), ["2"])
  await settled()
  assert.ok(whole(server))
  assert.equal(done(), 1)
  assert.deepEqual(outbox.next().map(({ client_id, files }) => [client_id, files.map(({ id }) => id)]), [["1", ["f1"]]])
})

test("what another tab has sent meanwhile is not sent again, and what it had begun is gone on with", async () => {
  const storage = new MemoryStorage()
  const [theirs, ours] = [new Outbox({ storage }), new Outbox({ storage })]
  await theirs.add({ client_id: "1", conversation_id: "a", content: "", files: [fileOf(), fileOf({ key: "k2" })] })
  const server = new Server()
  let free
  const held = new Promise((resolve) => (free = resolve)) // the locks of the other tab
  const timers = { schedule: (work) => setTimeout(work), cancel: clearTimeout }
  const uploads = new Uploads({ outbox: ours, route: server, exclusive: (_key, task) => held.then(task), timers, done: () => {} })
  await ours.load()
  assert.ok(uploads.of("k1"))
  await server.begin({ blob: new Blob([content]) })
  await theirs.uploaded({ key: "k1", id: "other", ready: true })
  await theirs.uploaded({ key: "k2", id: "f1", ready: false })
  free()
  await settled()
  assert.deepEqual(server.asked.slice(0, 3), ["begin", "look", "piece 0"])
  assert.deepEqual(ours.of("a")[0].files.map(({ id, ready }) => [id, ready]), [["other", true], ["f1", true]])
})

test("what a file is refused for is said at the message, and trying again looks at it again", async () => {
  const { outbox, server, storage } = await scene()
  server.troubles = [{ before: { refusal: { code: "too_large", detail: "No room." } } }]
  await outbox.add({ client_id: "2", conversation_id: "a", content: "", files: [fileOf()] })
  await settled()
  assert.deepEqual(outbox.of("a").map(({ state, error }) => [state, error?.detail]), [["waiting", undefined], ["failed", "No room."]])
  assert.equal((await storage.all())[1].state, "failed")
  await outbox.retry("2")
  await settled()
  assert.ok(outbox.of("a")[1].files[0].ready)
})

test("a file that is taken away is taken away from the server too", async () => {
  const { server, uploads } = await scene()
  const file = fileOf()
  uploads.start(file)
  uploads.cancel(file)
  await settled()
  assert.deepEqual(server.asked, ["begin", "cancel f1"])
  const other = fileOf({ key: "k2" })
  uploads.start(other)
  await settled()
  uploads.cancel(other)
  assert.equal(server.asked.at(-1), "cancel f1")
})

test("what the server says becomes an answer, a refusal, or later", async () => {
  const answers = { 200: { offset: 1 }, 409: { refusal: { code: "x" } }, 413: { refusal: { code: "x" } }, 500: OFF, 503: OFF, 401: OFF, 429: OFF }
  for (const [status, expected] of Object.entries(answers)) {
    const said = status === "200" ? { offset: 1 } : { code: "x" }
    const route = new UploadRoute({ csrfToken: "t", userId: "u", fetch: async () => new Response(JSON.stringify(said), { status: Number(status) }) })
    assert.deepEqual(await route.look("f1"), expected)
  }
  const full = new UploadRoute({ csrfToken: "t", userId: "u", fetch: async () => new Response('{"code":"unavailable","detail":"No room."}', { status: 507 }) })
  assert.deepEqual(await full.look("f1"), { refusal: { code: "too_large", detail: "No room." } })
})

test("sizes in words", () => {
  assert.deepEqual([1, 900, 1536, 5 * 1024 ** 2, 3 * 1024 ** 3].map((size) => sizeWords(size, "en")), ["1 byte", "900 bytes", "1.5 kB", "5 MB", "3 GB"])
  assert.equal(sizeWords(1536, "de"), "1,5 kB")
})
