import { Upload } from "chat/thinking/upload.js"

const AT_ONCE = 2 // uploads under way: a page has six lines to the server, and messages need some

/**
 * The files of one tab that are on their way: those beside a text that is being written, and those of messages in the outbox. "moved"
 * is dispatched, with the file's key as `detail`, when one got further.
 *
 * A file is `{key, id, ready, name, type, size, conversation_id, blob}`; `key` is ours, `id` the server's.
 */
export class Uploads extends EventTarget {
  #uploads = new Map()
  #waiting = []
  #underWay = 0

  /** `exclusive(key, task)` runs it while no other tab sends that file; `done()` is called when one is at the server. */
  constructor({ outbox, route, exclusive, timers, done }) {
    super()
    Object.assign(this, { outbox, route, exclusive, timers, done })
    const resume = () => outbox.unready.forEach((file) => this.#resume(file))
    outbox.addEventListener("changed", resume)
    resume()
  }

  /** How far the file with this key is: `{sent, state, error}`, or undefined. */
  of(key) {
    return this.#uploads.get(key)
  }

  /** Sends a file that no message has yet. */
  start(file) {
    this.#begin(file, () => this.#inTurn(file.key))
  }

  /** Sends a file of a message in the outbox, unless another tab has meanwhile. */
  #resume(file) {
    this.#begin(file, async () => {
      const stored = await this.outbox.stored(file)
      if (stored?.ready) await this.outbox.uploaded(stored)
      if (!this.outbox.unready.some(({ key }) => key === file.key)) return this.#uploads.delete(file.key)
      file.id = stored?.id ?? file.id
      return this.#inTurn(file.key)
    })
  }

  #begin(file, task) {
    if (this.#uploads.has(file.key)) return
    const wait = (ms) => new Promise((resolve) => this.timers.schedule(resolve, ms))
    this.#uploads.set(file.key, new Upload({ file, route: this.route, wait, changed: () => this.#moved(file) }))
    this.exclusive(`chat-upload-${file.key}`, task).catch((failure) => reportError(failure))
  }

  /** Does not send it after all. */
  cancel({ key, id, ready }) {
    this.#uploads.get(key)?.cancel()
    this.#uploads.delete(key)
    if (ready) this.route.cancel(id)
  }

  async #inTurn(key) {
    const upload = this.#uploads.get(key)
    if (this.#underWay >= AT_ONCE) await new Promise((resolve) => this.#waiting.push(resolve))
    this.#underWay += 1
    try {
      if (upload) await this.#run(upload)
    } finally {
      this.#underWay -= 1
      this.#waiting.shift()?.()
    }
  }

  async #run(upload) {
    const { file } = upload
    const state = await upload.run()
    if (state === "cancelled") return void (file.id && this.route.cancel(file.id))
    Object.assign(file, { ready: state === "ready", error: upload.error })
    const noted = upload.error ? this.outbox.unsendable(file, upload.error) : this.outbox.uploaded(file)
    this.#uploads.delete(file.key) // after the outbox knows: else it would be begun anew
    this.#moved(file)
    await noted
    this.done()
  }

  #moved(file) {
    if (!file.ready && this.#uploads.get(file.key)?.begun) this.outbox.uploaded(file)
    this.dispatchEvent(new CustomEvent("moved", { detail: file.key }))
  }
}
