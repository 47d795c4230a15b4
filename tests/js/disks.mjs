/** Stands where the outbox's database stands: entries in the order they came. */
export class Disk {
  #entries = new Map()

  async all() {
    return [...this.#entries.values()]
  }

  async put(entry) {
    this.#entries.set(entry.client_id, { ...entry })
  }

  async remove(clientId) {
    this.#entries.delete(clientId)
  }
}

/** One that fails in the operations named. */
export class BrokenDisk extends Disk {
  constructor(...broken) {
    super()
    for (const name of broken) this[name] = () => Promise.reject(new Error(`${name}: disk full`))
  }
}
