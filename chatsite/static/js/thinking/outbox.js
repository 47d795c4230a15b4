const TRY_AGAIN = new Set(["too_fast", "unavailable"])
const TRY_AGAIN_MS = 2_000

/**
 * Messages on their way out: first in, first out in each conversation, one under way at a time, kept until the server holds them.
 *
 * An entry is `{client_id, conversation_id, content, reply_to, thread_id, quote, files, at, state, error}`, state `waiting`, `sending` or `failed`.
 * `quote` is what `reply_to` says, to be shown meanwhile: `{seq, name, text, sender_id}`.
 * One whose `files` (see Uploads) are not all at the server yet is overtaken by those after it.
 * `storage` keeps entries over reloads: `all()` in the order they came, `put(entry)`, `remove(client_id)`; all promise.
 * "changed" is dispatched whenever what is to be shown may have changed.
 */
export class Outbox extends EventTarget {
  #entries = new Map()
  #unsaved = new Set()
  #settled = new Set()
  #notBefore = new Map()

  constructor({ storage, now = Date.now }) {
    super()
    Object.assign(this, { storage, now })
  }

  /** Reads again what is stored: other tabs write there as well. What is under way here stays so. */
  async load() {
    const known = new Set(this.#entries.keys())
    const stored = (await this.storage.all()).filter((entry) => !this.#settled.has(entry.client_id))
    const before = this.#entries
    this.#entries = new Map()
    for (const entry of stored) {
      const sending = before.get(entry.client_id)?.state === "sending"
      this.#entries.set(entry.client_id, { ...entry, state: sending ? "sending" : entry.state })
    }
    const fresh = (clientId) => this.#unsaved.has(clientId) || !known.has(clientId) // added while storage was read
    for (const [clientId, entry] of before) if (fresh(clientId) && !this.#entries.has(clientId)) this.#entries.set(clientId, entry)
    this.#changed()
  }

  /** Takes in a new message; it is shown at once and stored before it is sent. */
  async add({ client_id, conversation_id, content, reply_to = null, thread_id = null, quote = null, files = [] }) {
    const entry = { client_id, conversation_id, content, reply_to, thread_id, quote, files, at: new Date(this.now()).toISOString(), state: "waiting", error: null }
    this.#entries.set(client_id, entry)
    this.#unsaved.add(client_id)
    this.#changed()
    await this.storage.put(entry)
    this.#unsaved.delete(client_id)
  }

  get empty() {
    return this.#entries.size === 0
  }

  has(clientId) {
    return this.#entries.has(clientId)
  }

  of(conversationId) {
    return [...this.#entries.values()].filter((entry) => entry.conversation_id === conversationId)
  }

  /** The entries that may go out now: of each conversation the first that has not failed, unless it is under way or told to wait. */
  next() {
    const first = new Map()
    for (const entry of this.#entries.values()) {
      if (entry.state !== "failed" && isWhole(entry) && !first.has(entry.conversation_id)) first.set(entry.conversation_id, entry)
    }
    return [...first.values()].filter((entry) => entry.state === "waiting" && this.#rest(entry) <= 0)
  }

  /** Milliseconds until an entry that was told to wait may go out, or null. */
  get pause() {
    const rests = [...this.#entries.values()].filter((entry) => entry.state === "waiting").map((entry) => this.#rest(entry))
    const waiting = rests.filter((rest) => rest > 0)
    return waiting.length ? Math.min(...waiting) : null
  }

  /** The files of waiting entries that are not at the server yet. */
  get unready() {
    const waiting = [...this.#entries.values()].filter((entry) => entry.state === "waiting")
    return waiting.flatMap((entry) => entry.files ?? []).filter((file) => !file.ready)
  }

  /** A file of an entry as the storage has it: another tab may have sent it. */
  async stored({ key }) {
    const entries = await this.storage.all()
    return entries.flatMap(({ files = [] }) => files).find((file) => file.key === key)
  }

  /** The server knows a file, and with `ready` has all of it. Nothing happens where no entry has it. */
  async uploaded({ key, id, ready }) {
    const entry = this.#having(key)
    if (!entry) return
    Object.assign(entry.files.find((file) => file.key === key), { id, ready })
    await this.storage.put(entry)
    this.#changed()
  }

  /** The server said no to a file, for good. */
  async unsendable({ key }, error) {
    const entry = this.#having(key)
    if (entry) await this.refused(entry.client_id, error)
  }

  #having(key) {
    return [...this.#entries.values()].find(({ files = [] }) => files.some((file) => file.key === key))
  }

  sending(clientId) {
    this.#move(clientId, "sending")
  }

  /** The way there broke: it waits again, and goes out again under the same client_id. */
  returned(clientId) {
    if (this.#entries.get(clientId)?.state === "sending") this.#move(clientId, "waiting")
  }

  /** The server holds it: by `ack`, by one's own echo, by an answer over HTTP, in any order and number. */
  async settled(clientId) {
    this.#settled.add(clientId)
    if (this.#entries.delete(clientId)) this.#changed()
    await this.storage.remove(clientId)
  }

  /** The server said no, with `{code, detail, retry_after}` (seconds): for now, or for good. */
  async refused(clientId, { code, detail, retry_after }) {
    const entry = this.#entries.get(clientId)
    if (!entry) return
    if (TRY_AGAIN.has(code)) {
      this.#notBefore.set(entry.conversation_id, this.now() + (retry_after ? retry_after * 1000 : TRY_AGAIN_MS))
      this.#move(clientId, "waiting")
      return
    }
    this.#move(clientId, "failed", { code, detail })
    await this.storage.put(entry)
  }

  /** The reader wants a failed one tried again. */
  async retry(clientId) {
    const entry = this.#entries.get(clientId)
    if (entry?.state !== "failed") return
    for (const file of entry.files ?? []) file.ready = false // it may have been the files: they are looked at again
    Object.assign(entry, { state: "waiting", error: null })
    await this.storage.put(entry)
    this.#changed()
  }

  /** The reader gives a failed one up. */
  async discard(clientId) {
    await this.settled(clientId)
  }

  #rest(entry) {
    return (this.#notBefore.get(entry.conversation_id) ?? 0) - this.now()
  }

  #move(clientId, state, error = null) {
    const entry = this.#entries.get(clientId)
    if (!entry) return
    Object.assign(entry, { state, error })
    this.#changed()
  }

  #changed() {
    this.dispatchEvent(new Event("changed"))
  }
}

const isWhole = ({ files = [] }) => files.every((file) => file.ready)
