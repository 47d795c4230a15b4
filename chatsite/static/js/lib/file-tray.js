import { drawProgress, fileRow } from "chat/lib/file-rows.js"
import { uuid } from "chat/lib/identifiers.js"
import { gettext, interpolate } from "chat/lib/words.js"
import { sizeWords } from "chat/thinking/sizes.js"

const FILES_MAX = 10 // with one message

/** The files beside the text one writes. They are on their way to the server before it is sent. TrayOpener brings them. */
export class FileTray {
  #files = new Map() // key to {file, row}

  constructor({ composer, conversation, uploads, signal }) {
    Object.assign(this, { composer, uploads })
    this.conversationId = conversation.dataset.conversationId
    this.list = composer.querySelector(".tray")
    this.input = composer.querySelector(".files-input")
    uploads.addEventListener("moved", ({ detail: key }) => this.#moved(key), { signal })
    this.list.querySelectorAll("[name=attachments]").forEach((input) => this.#brought(input))
  }

  get empty() {
    return this.#files.size === 0
  }

  /** Whether something here cannot be sent: then nothing is, until it is removed. */
  get faulty() {
    return [...this.#files.values()].some(({ file }) => file.error)
  }

  get files() {
    return [...this.#files.values()].map(({ file }) => file)
  }

  /** All files; they are the message's now. */
  take() {
    const { files } = this
    this.#files.clear()
    this.#drawn()
    return files
  }

  /** What came back with a page that was sent without script: it is at the server already. */
  #brought(input) {
    const row = input.closest("li")
    const file = { key: uuid(), id: input.value, ready: true, name: row.querySelector(".file-name").textContent, type: "", size: 0 }
    input.remove()
    row.append(this.#remover(file))
    this.#files.set(file.key, { file, row })
  }

  add(blobs) {
    if (!blobs.length) return
    for (const blob of blobs) this.#put(blob)
    this.#drawn()
    this.composer.text.focus()
  }

  #put(blob) {
    const file = { key: uuid(), id: null, ready: false, name: blob.name, type: blob.type, size: blob.size, conversation_id: this.conversationId, blob }
    const row = document.createElement("li")
    row.className = "tray-file"
    row.append(...fileRow(file), this.#remover(file))
    this.list.append(row)
    this.#files.set(file.key, { file, row })
    const fault = this.#fault(file)
    if (fault) this.#fail(file, fault)
    else this.uploads.start(file)
  }

  /** What the server would say: said at once. */
  #fault({ size }) {
    const most = Number(this.input.dataset.bytesMax)
    if (this.#files.size > FILES_MAX) return interpolate(gettext("At most %(most)s files in one message."), { most: FILES_MAX })
    if (size === 0) return gettext("This file is empty.")
    if (size > most) return interpolate(gettext("A file may have at most %(most)s."), { most: sizeWords(most, document.documentElement.lang) })
    return ""
  }

  #remover(file) {
    const button = document.createElement("button")
    Object.assign(button, { type: "button", className: "tray-remove" })
    button.setAttribute("aria-label", interpolate(gettext("Remove %(name)s"), { name: file.name }))
    button.append(this.composer.querySelector(".close-icon-template").content.cloneNode(true))
    button.addEventListener("click", () => this.#remove(file))
    return button
  }

  #remove(file) {
    this.uploads.cancel(file)
    this.#files.delete(file.key)
    this.#drawn()
    this.composer.text.focus()
  }

  #moved(key) {
    const { file, row } = this.#files.get(key) ?? {}
    if (!file) return
    drawProgress(row, this.uploads.of(key))
    if (file.error) this.#fail(file, file.error.detail || gettext("This file could not be sent."))
  }

  /** At the place of the file: what is wrong with it. */
  #fail(file, words) {
    const { row } = this.#files.get(file.key)
    file.error ??= { code: "invalid", detail: words }
    row.classList.add("failed")
    row.querySelector("progress").hidden = true
    const size = row.querySelector(".file-size")
    size.textContent = words
    size.setAttribute("role", "alert")
  }

  #drawn() {
    const shown = new Set([...this.#files.values()].map(({ row }) => row))
    for (const row of [...this.list.children]) if (!shown.has(row)) row.remove()
    this.list.hidden = this.empty
  }
}
