import { once } from "chat/lib/once.js"
import { gettext } from "chat/lib/words.js"
import { live } from "chat/realtime/live.js"

/** Where files come in beside the text one writes: chosen, pasted or dropped. The FileTray is fetched with the first of them. */
export class TrayOpener {
  #tray = null

  /** Promises that files are in the tray which have just come in; null when none are awaited. */
  opening = null

  constructor({ composer, conversation, host, signal }) {
    Object.assign(this, { composer, host })
    this.input = composer.querySelector(".files-input")
    this.whole = once(() => open({ composer, conversation, signal }))
    composer.querySelector(".attach").addEventListener("click", () => this.input.click())
    this.input.addEventListener("change", () => this.#chosen())
    composer.addEventListener("paste", (event) => this.#pasted(event))
    // Anywhere: what misses the conversation would otherwise take the place of the page.
    for (const type of ["dragenter", "dragover", "dragleave", "drop"]) document.addEventListener(type, (event) => this.#dragged(event), { signal })
    if (composer.querySelector(".tray [name=attachments]")) this.#put([])
  }

  get empty() {
    return this.#tray?.empty ?? true
  }

  get faulty() {
    return this.#tray?.faulty ?? false
  }

  get files() {
    return this.#tray?.files ?? []
  }

  /** All files; they are the message's now. */
  take() {
    return this.#tray?.take() ?? []
  }

  #chosen() {
    this.#put([...this.input.files])
    this.input.value = ""
  }

  #pasted(event) {
    const files = [...event.clipboardData.files]
    if (!files.length) return
    event.preventDefault()
    this.#put(files)
  }

  #dragged(event) {
    if (!event.dataTransfer?.types.includes("Files")) return
    event.preventDefault()
    if (event.target.closest?.("chat-thread") !== this.composer.closest("chat-thread")) return
    this.host.classList.toggle("is-target", event.type === "dragenter" || event.type === "dragover")
    if (event.type === "drop") this.#put([...event.dataTransfer.files])
  }

  #put(blobs) {
    if (this.#tray) return this.#tray.add(blobs)
    const opening = this.whole().then((tray) => (this.#tray = tray).add(blobs), (failure) => this.#failed(failure))
    this.opening = opening.finally(() => (this.opening = null))
    return undefined
  }

  /** There is no line, and the tray was never fetched: that is said, and may be tried again. */
  #failed(failure) {
    reportError(failure)
    const { text } = this.composer
    text.setCustomValidity(gettext("This file could not be sent."))
    text.reportValidity()
    text.setCustomValidity("")
  }
}

async function open(context) {
  const [{ FileTray }, uploads] = await Promise.all([import("chat/lib/file-tray.js"), live.outbox.uploads()])
  return new FileTray({ ...context, uploads })
}
