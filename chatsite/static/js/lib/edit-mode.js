import { keep, kept } from "chat/lib/drafts.js"
import { fetchData } from "chat/lib/fragments.js"
import { refusalWords } from "chat/lib/refusals.js"
import { tell } from "chat/lib/toast.js"
import { gettext } from "chat/lib/words.js"
import { live } from "chat/realtime/live.js"

const SLOW_MS = 1_000 // after which it is said that an edit waits

/**
 * The composer while a message of one's own is being edited: its text stands in the field, and what was begun there comes back
 * afterwards. Until the server has the edit, it stays; a reload brings it back.
 */
export class EditMode {
  #editing = null
  #saving = null

  /** `line` is the `.edit-line` of templates/messaging/_composer.html; `show(text)` puts a text into the `field`; `name` is what it is kept under. */
  constructor({ line, field, show, name }) {
    Object.assign(this, { line, field, show, name })
    this.words = line.querySelector(".quote-text")
    line.querySelector(".quote-drop").addEventListener("click", () => this.stop())
    const begun = JSON.parse(kept(this.name) ?? "null")
    if (begun) this.#begin({ ...begun, field: field.value }, begun.text)
  }

  get on() {
    return this.#editing !== null
  }

  /** What was begun before. */
  get aside() {
    return this.#editing.field
  }

  /** Fetches what the message says, as it was written. */
  async start(id) {
    const message = await fetchData(`/api/v1/messages/${id}/`)
    if (!message || message.deleted_at) return tell(gettext("This message cannot be edited right now."), { error: true })
    const before = this.on ? this.#editing.field : this.field.value
    return this.#begin({ id, was: message.content, files: message.attachments.length > 0, field: before }, message.content)
  }

  /** What was begun beside it is another text now. */
  beside(text) {
    this.#editing.field = text
  }

  /** What stands in the field was changed. */
  typed() {
    this.#say("")
    keep(this.name, JSON.stringify({ ...this.#editing, text: this.field.value }))
  }

  /** Leaves it: what was begun before stands in the field again. */
  stop() {
    if (!this.on) return
    const { field } = this.#editing
    this.#saving?.abort()
    this.#editing = null
    this.line.hidden = true
    keep(this.name, null)
    this.show(field)
    this.field.focus()
  }

  /** Says it to the server, and again after each break of the line. Where that refuses, everything stays, and why is said. */
  async save() {
    const { id, was, files } = this.#editing
    const content = this.field.value
    if (!content.trim() && !files) return this.#say(gettext("A message needs some text."))
    if (content === was) return this.stop()
    this.#saving?.abort()
    const saving = (this.#saving = new AbortController())
    const slow = setTimeout(() => this.#say(gettext("Waiting for the connection. It will be saved as soon as it is back.")), SLOW_MS)
    const { ack, refusal } = await live.amend({ type: "message.edit", message_id: id, content }, { signal: saving.signal })
    clearTimeout(slow)
    if (refusal) this.#say(`${refusalWords(refusal)} ${gettext("Your text stays here.")}`)
    if (ack && this.#editing?.id === id && !saving.signal.aborted) this.#saved(content)
    return undefined
  }

  /** What was typed on while the edit was on its way is the next one. */
  #saved(content) {
    this.#saving = null
    if (this.field.value === content) return this.stop()
    this.#editing.was = content
    return this.typed()
  }

  #begin(editing, text) {
    this.#editing = editing
    this.line.hidden = false
    this.#say("")
    this.show(text)
    this.field.focus()
    this.field.setSelectionRange(text.length, text.length)
  }

  #say(words) {
    this.words.classList.toggle("is-problem", words !== "")
    this.words.textContent = words || this.#editing.was.split("\n", 1)[0]
  }
}
