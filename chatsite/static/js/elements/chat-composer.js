import { draftOf } from "chat/lib/composer-draft.js"
import { editName, keepQuote, kept, quoteKept } from "chat/lib/drafts.js"
import { fit, tooLong } from "chat/lib/field.js"
import { uuid } from "chat/lib/identifiers.js"
import { LaterOpener } from "chat/lib/later-opener.js"
import { once } from "chat/lib/once.js"
import { QuoteLine, quoteOfId } from "chat/lib/quote-line.js"
import { TrayOpener } from "chat/lib/tray-opener.js"
import { gettext } from "chat/lib/words.js"
import { live } from "chat/realtime/live.js"
import { TypingAnnouncer } from "chat/thinking/typing.js"

/** Where one writes. It is never disabled: what is sent without a line waits in the outbox. */
export class ChatComposer extends HTMLElement {
  #note = null
  #posting = false
  #leaving = new AbortController()

  connectedCallback() {
    if (this.closest("chat-thread:not(:defined)")) customElements.whenDefined("chat-thread").then(() => this.isConnected && this.#begin())
    else this.#begin()
  }

  #begin() {
    this.thread = this.closest("chat-thread")
    const conversation = this.closest("chat-conversation") ?? document.querySelector("chat-conversation")
    this.conversation = conversation
    this.host = this.thread ?? conversation
    this.form = this.querySelector("form")
    this.text = this.querySelector("textarea")
    this.conversationId = conversation.dataset.conversationId
    this.threadId = this.thread?.dataset.rootId ?? null
    this.place = this.threadId ? `${this.conversationId} ${this.threadId}` : this.conversationId // of what is begun
    this.querySelector(".emoji-open").addEventListener("click", ({ currentTarget }) => this.#emoji(currentTarget))
    this.tray = new TrayOpener({ composer: this, conversation, host: this.host, signal: this.#leaving.signal })
    this.typing = new TypingAnnouncer({ send: (on) => live.send({ type: "typing", conversation_id: this.conversationId, on }) })
    // The attribute would cut a long paste silently; with us running, nothing is cut and the sender is told.
    this.most = this.text.maxLength
    this.text.removeAttribute("maxlength")
    this.quote = new QuoteLine(this.querySelector(".quote-line"), { changed: (quoted) => this.#quoted(quoted) })
    const signal = this.#leaving.signal
    const sent = () => (this.tray.take(), this.#clear(), this.draft.done())
    this.later = this.threadId ? null : new LaterOpener({ form: this.form, files: () => this.tray.files, conversationId: this.conversationId, signal, sent })
    this.draft = draftOf(this, { show: (draft) => (this.editing?.on ? this.editing.beside(draft.text) : this.#resume(draft)), signal })
    const { quoted } = this.quote // drawn by the server, for whoever has just chosen what to answer
    this.#resume(quoted ? { ...this.draft.now, reply_to: quoted.id } : this.draft.now)
    if (quoted) this.draft.typed(this.#begun)
    if (kept(editName(live.userId, this.place))) this.#editMode()
    this.form.addEventListener("submit", (event) => this.#submit(event))
    this.text.addEventListener("keydown", (event) => this.#key(event))
    this.text.addEventListener("input", (event) => (this.#written(), this.#suggest(event)))
    this.text.addEventListener("blur", () => this.typing.stopped())
  }

  disconnectedCallback() {
    this.#leaving.abort()
  }

  /** Puts what was begun earlier, or on another device, into the field. */
  async #resume({ text, reply_to }) {
    if (this.text.value !== text) this.text.value = text
    if (document.activeElement !== this.text) this.text.setSelectionRange(text.length, text.length) // one goes on where it ends
    fit(this.text)
    if (reply_to === (this.quote.quoted?.id ?? null)) return
    const kept = quoteKept(live.userId, this.place)
    this.quote.show(kept?.id === reply_to ? kept : reply_to && (await quoteOfId(this.conversation, reply_to)))
  }

  #quoted(quoted) {
    keepQuote(quoted, live.userId, this.place)
    if (!this.#posting) this.draft.typed(this.#begun)
  }

  get #begun() {
    return { text: this.editing?.on ? this.editing.aside : this.text.value, reply_to: this.quote.quoted?.id ?? null }
  }

  /** The conversation is not the reader's any more: the text stays, and where it cannot go is said. */
  close(words = gettext("You are no longer in this conversation. Your text stays here.")) {
    if (this.#note) return
    this.#note = document.createElement("p")
    Object.assign(this.#note, { className: "note note-danger composer-note", role: "status" })
    this.prepend(this.#note)
    this.#note.textContent = words
  }

  /** It is again. */
  reopen() {
    this.#note?.remove()
    this.#note = null
  }

  /** What is sent next answers `quoted`: see QuoteLine. */
  answer(quoted) {
    this.editing?.stop()
    this.quote.show(quoted)
    this.text.focus()
  }

  /** A message that was taken back stands before what was begun since. */
  takeBack({ content, quote }) {
    this.editing?.stop()
    this.text.value = [content, this.text.value].filter(Boolean).join("\n")
    if (quote) this.quote.show(quote)
    this.text.focus()
    this.#written()
  }

  #key(event) {
    if (this.suggestions?.key(event) || this.#edits(event)) return
    // While an input method composes a word, Enter chooses; on a touch screen Enter breaks the line and the button sends.
    const composing = event.isComposing || event.keyCode === 229
    const sends = event.shiftKey === "enterBreaks" in document.body.dataset // a setting swaps Enter and Shift+Enter
    if (event.key !== "Enter" || !sends || composing || matchMedia("(pointer: coarse)").matches) return
    event.preventDefault()
    this.form.requestSubmit()
  }

  /** The list under the field is fetched when somebody first writes what it is for. */
  async #suggest({ isComposing }) {
    if (this.suggestions || isComposing || !/[@:]/.test(this.text.value)) return
    const suggestions = await this.#suggestions()
    suggestions.look()
  }

  #suggestions = once(async () => {
    const { Suggestions } = await import("chat/lib/suggestions.js")
    return (this.suggestions = new Suggestions({ field: this.text, host: this.querySelector(".composer-box"), conversation: this.conversation }))
  })

  /** Puts a message of one's own into the field, to be edited. */
  async edit(id) {
    const editing = await this.#editMode()
    return editing.start(id)
  }

  #editMode = once(async () => {
    const { EditMode } = await import("chat/lib/edit-mode.js")
    const show = (text) => ((this.text.value = text), fit(this.text))
    return (this.editing = new EditMode({ line: this.querySelector(".edit-line"), field: this.text, show, name: editName(live.userId, this.place) }))
  })

  /** Up in an empty field edits one's last message; Esc leaves that. */
  #edits(event) {
    const last = event.key === "ArrowUp" && !this.editing?.on && !this.text.value && this.tray.empty && this.host.messages.list.lastOwn
    if (event.key === "Escape" && this.editing?.on) this.editing.stop()
    else if (last) this.edit(last.dataset.messageId)
    else return false
    event.preventDefault()
    return true
  }

  async #emoji(button) {
    const { pickEmoji } = await import("chat/lib/emoji-picker.js")
    const character = await pickEmoji(button)
    if (!character) return
    this.text.setRangeText(character, this.text.selectionStart, this.text.selectionEnd, "end")
    this.text.focus()
    this.#written()
  }

  #written() {
    this.text.setCustomValidity("")
    fit(this.text)
    if (this.editing?.on) return this.editing.typed()
    if (this.text.value.trim()) this.typing.typed()
    else this.typing.stopped()
    return this.draft.typed(this.#begun)
  }

  #submit(event) {
    event.preventDefault()
    if (this.tray.opening) return this.tray.opening.then(() => this.form.requestSubmit(event.submitter))
    const content = this.text.value
    if (this.editing?.on) return tooLong(this.text, this.most) || this.editing.save()
    const said = content.trim() ? content : ""
    if ((!said && this.tray.empty) || this.#note || this.tray.faulty || tooLong(this.text, this.most)) return undefined
    if (event.submitter?.name === "when") return this.later.choose(event.submitter)
    const quote = this.quote.quoted
    const where = { conversation_id: this.conversationId, reply_to: quote?.id ?? null, thread_id: this.threadId }
    this.#post({ client_id: uuid(), ...where, content: said, quote, files: this.tray.take() })
    this.#posting = true
    this.#clear()
  }

  /** What stood in the field is sent, or will be. */
  #clear() {
    this.text.value = ""
    this.quote.show(null)
    this.typing.stopped()
    fit(this.text)
    return this.text.focus()
  }

  /** The draft is what a crash leaves until the outbox has the text. */
  async #post(entry) {
    this.host.undo.sent(entry)
    await live.post(entry)
    this.#posting = false
    if (this.text.value || this.quote.quoted) this.draft.typed(this.#begun)
    else this.draft.done()
  }
}

customElements.define("chat-composer", ChatComposer)
