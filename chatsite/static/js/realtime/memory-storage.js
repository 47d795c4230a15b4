/** Keeps the outbox while the tab lives: for browsers and modes without IndexedDB. */
export class MemoryStorage {
  #entries = new Map()

  async all() {
    return [...this.#entries.values()].map((entry) => ({ ...entry }))
  }

  async put(entry) {
    this.#entries.set(entry.client_id, { ...entry })
  }

  async remove(clientId) {
    this.#entries.delete(clientId)
  }
}
