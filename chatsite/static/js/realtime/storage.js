import { MemoryStorage } from "chat/realtime/memory-storage.js"
import { timers as browserTimers } from "chat/realtime/timers.js"

const PATIENCE_MS = 3_000

/**
 * Storage that never fails: the one `open()` promises, and beside it the tab's memory for what that does not take. A private
 * window, a full disk or a database that does not answer must not keep a message from being shown and sent.
 */
export class Storage {
  #memory = new MemoryStorage()
  #stored = [] // as it was last read, with what was written since
  #opened
  #readable = true
  #writable = true

  /** `changed()` is called after each write, so that other tabs can be told; `failed(error)` once, when something is not kept. */
  constructor({ open, changed = () => {}, failed = () => {}, timers = browserTimers }) {
    Object.assign(this, { changed, failed, timers })
    this.#opened = this.#within(open)
    this.#opened.catch((error) => this.#unreadable(error))
  }

  async all() {
    if (this.#readable) await this.#read().catch((error) => this.#unreadable(error))
    const mine = new Map((await this.#memory.all()).map((entry) => [entry.client_id, entry]))
    const stored = this.#stored.map((entry) => mine.get(entry.client_id) ?? entry)
    for (const { client_id } of stored) mine.delete(client_id)
    return [...stored, ...mine.values()]
  }

  /** After one entry that was not taken, new ones stay beside it in memory: they would overtake it on the disk. */
  async put(entry) {
    if (!this.#writable || !(await this.#write(entry))) await this.#memory.put(entry)
    this.changed()
  }

  async remove(clientId) {
    await this.#memory.remove(clientId)
    this.#stored = this.#stored.filter((entry) => entry.client_id !== clientId)
    if (this.#readable) await this.#use((durable) => durable.remove(clientId)).catch((error) => this.#full(error))
    this.changed()
  }

  async #read() {
    this.#stored = await this.#use((durable) => durable.all())
  }

  async #write(entry) {
    try {
      await this.#use((durable) => durable.put(entry))
      const place = this.#stored.findIndex(({ client_id }) => client_id === entry.client_id)
      this.#stored.splice(place < 0 ? this.#stored.length : place, 1, { ...entry })
      return true
    } catch (error) {
      this.#full(error)
      return false
    }
  }

  async #use(work) {
    const durable = await this.#opened
    return this.#within(() => work(durable))
  }

  #within(work) {
    return new Promise((resolve, reject) => {
      const timer = this.timers.schedule(() => reject(new Error(`no answer within ${PATIENCE_MS} ms`)), PATIENCE_MS)
      const done = (settle) => (result) => (this.timers.cancel(timer), settle(result))
      Promise.resolve().then(work).then(done(resolve), done(reject))
    })
  }

  #unreadable(error) {
    this.#readable = false
    this.#full(error)
  }

  #full(error) {
    if (this.#writable) this.failed(error)
    this.#writable = false
  }
}
