import { once } from "chat/lib/once.js"
import { IndexedStorage } from "chat/realtime/indexed-storage.js"
import { Sender } from "chat/realtime/sender.js"
import { Storage } from "chat/realtime/storage.js"
import { timers } from "chat/realtime/timers.js"
import { Outbox } from "chat/thinking/outbox.js"

/** The outbox that all tabs of one person in this browser share, and this tab's sender of it; see Sender for `route` and `acked`. */
export class KeptOutbox extends Outbox {
  /** False when this browser keeps nothing: what waits is then lost with the tab. */
  keeps = true

  constructor({ userId, csrfToken, route, acked }) {
    // The name holds the person: on a shared computer nobody sends what another one left waiting.
    const name = `chat-outbox-${userId}`
    const tabs = new BroadcastChannel(name)
    const open = () => IndexedStorage.open(name)
    super({ storage: new Storage({ open, changed: () => tabs.postMessage("changed"), failed: (error) => this.#keepsNothing(error) }) })
    const exclusive = (task) => (navigator.locks ? navigator.locks.request(name, task) : task())
    this.sender = new Sender({ outbox: this, route, acked, exclusive, timers })
    const alone = (key, task) => (navigator.locks ? navigator.locks.request(key, task) : task())
    /** Promises the Uploads: they are fetched for the first file. */
    this.uploads = once(async () => {
      const [{ Uploads }, { UploadRoute }] = await Promise.all([import("chat/realtime/uploads.js"), import("chat/realtime/upload-route.js")])
      return new Uploads({ outbox: this, route: new UploadRoute({ csrfToken, userId }), exclusive: alone, timers, done: () => this.sender.flush() })
    })
    this.addEventListener("changed", () => this.unready.length && this.uploads())
    // The tab that took a message over may be gone before it could send it: each of them tries.
    tabs.addEventListener("message", () => this.load().then(() => this.sender.flush()))
  }

  #keepsNothing(error) {
    console.warn("Messages that wait are kept only while this tab is open.", error)
    this.keeps = false
    addEventListener("beforeunload", (event) => this.empty || event.preventDefault())
    this.dispatchEvent(new Event("changed"))
  }
}
