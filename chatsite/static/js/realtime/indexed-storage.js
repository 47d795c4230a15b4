const STORE = "entries"

/** The outbox in IndexedDB: it outlives reloads, crashes and closed tabs. See Outbox for the three methods. */
export class IndexedStorage {
  /** Opens the database `name`, or rejects where the browser has or allows none. */
  static open(name) {
    return new Promise((resolve, reject) => {
      const request = indexedDB.open(name, 1)
      request.onupgradeneeded = () => {
        request.result.createObjectStore(STORE, { keyPath: "order", autoIncrement: true }).createIndex("client_id", "client_id", { unique: true })
      }
      request.onsuccess = () => resolve(new IndexedStorage(request.result))
      request.onerror = () => reject(request.error)
      request.onblocked = () => reject(new Error("another tab holds an older database open"))
    })
  }

  constructor(database) {
    this.database = database
  }

  all() {
    return this.#with("readonly", (store) => store.getAll())
  }

  async put(entry) {
    entry.order = await this.#with("readwrite", (store) => store.put(entry))
  }

  remove(clientId) {
    return this.#with("readwrite", (store) => {
      const request = store.index("client_id").getKey(clientId)
      request.onsuccess = () => request.result !== undefined && store.delete(request.result)
      return request
    })
  }

  /** Runs `work(store)`, which returns a request; promises its result once the whole transaction holds. */
  #with(mode, work) {
    return new Promise((resolve, reject) => {
      // Strict: on the disk before it counts as kept, also when the power goes.
      const transaction = this.database.transaction(STORE, mode, { durability: "strict" })
      const request = work(transaction.objectStore(STORE))
      transaction.oncomplete = () => resolve(request.result)
      transaction.onabort = () => reject(transaction.error)
    })
  }
}
