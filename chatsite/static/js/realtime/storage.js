import { MemoryStorage } from "chat/realtime/memory-storage.js"

/** Storage that never fails: the one `open()` promises, and the tab's memory where that cannot be opened or breaks. */
export class Storage {
  #memory = new MemoryStorage()
  #durable

  /** `changed()` is called after each write, so that other tabs can be told. */
  constructor({ open, changed = () => {}, warn = console.warn }) {
    Object.assign(this, { changed, warn })
    this.#durable = this.#attempt(open)
  }

  async all() {
    const entries = await this.#try((durable) => durable.all())
    return entries ?? this.#memory.all()
  }

  async put(entry) {
    await this.#memory.put(entry)
    await this.#try((durable) => durable.put(entry))
    this.changed()
  }

  async remove(clientId) {
    await this.#memory.remove(clientId)
    await this.#try((durable) => durable.remove(clientId))
    this.changed()
  }

  async #try(work) {
    const durable = await this.#durable
    return durable ? this.#attempt(() => work(durable)) : undefined
  }

  /** A broken disk or a private window must not keep a message from being sent: what cannot be kept is said and carried on without. */
  async #attempt(work) {
    try {
      return await work()
    } catch (failure) {
      this.warn("Messages that wait are kept only while this tab is open.", failure)
      this.#durable = Promise.resolve(null)
      return undefined
    }
  }
}
