import { draftOf } from "chat/lib/composer-draft.js"
import { keepQuote, quoteKept } from "chat/lib/drafts.js"
import { pickEmoji } from "chat/lib/emoji-picker.js"
import { FileTray } from "chat/lib/file-tray.js"
import { uuid } from "chat/lib/identifiers.js"
import { QuoteLine, quoteOfId } from "chat/lib/quote-line.js"
import { Suggestions } from "chat/lib/suggestions.js"
import { gettext, interpolate } from "chat/lib/words.js"
import { live } from "chat/realtime/live.js"
import { TypingAnnouncer } from "chat/thinking/typing.js"

/** Where one writes. It is never disabled: what is sent without a line waits in the outbox. */
export class ChatComposer extends HTMLElement {
  #note = null
  #posting = false
  #leaving = new AbortController()

  connectedCallback() {
    const conversation = this.closest("chat-conversation")
    this.form = this.querySelector("form")
    this.text = this.querySelector("textarea")
    this.conversationId = conversation.dataset.conversationId
    this.suggestions = new Suggestions({ field: this.text, host: this.querySelector(".composer-box"), conversation })
    this.querySelector(".emoji-open").addEventListener("click", ({ currentTarget }) => this.#emoji(currentTarget))
    this.tray = new FileTray({ composer: this, conversation, uploads: live.outbox.uploads })
    this.typing = new TypingAnnouncer({ send: (on) => live.send({ type: "typing", conversation_id: this.conversationId, on }) })
    // The attribute would cut a long paste silently; with us running, nothing is cut and the sender is told.
    this.most = this.text.maxLength
    this.text.removeAttribute("maxlength")
    this.quote = new QuoteLine(this.querySelector(".quote-line"), { changed: (quoted) => this.#quoted(quoted) })
    this.draft = draftOf(this, { show: (draft) => this.#begin(draft), signal: this.#leaving.signal })
    const { quoted } = this.quote // drawn by the server, for whoever has just chosen what to answer
    this.#begin(quoted ? { ...this.draft.now, reply_to: quoted.id } : this.draft.now)
    if (quoted) this.draft.typed(this.#begun)
    this.form.addEventListener("submit", (event) => this.#submit(event))
    this.text.addEventListener("keydown", (event) => this.#key(event))
    this.text.addEventListener("input", () => this.#written())
    this.text.addEventListener("blur", () => this.typing.stopped())
  }

  disconnectedCallback() {
    this.#leaving.abort()
  }

  /** Puts what was begun earlier, or on another device, into the field. */
  async #begin({ text, reply_to }) {
    if (this.text.value !== text) this.text.value = text
    this.#fit()
    if (reply_to === (this.quote.quoted?.id ?? null)) return
    const kept = quoteKept(live.userId, this.conversationId)
    this.quote.show(kept?.id === reply_to ? kept : reply_to && (await quoteOfId(this.closest("chat-conversation"), reply_to)))
  }

  #quoted(quoted) {
    keepQuote(quoted, live.userId, this.conversationId)
    if (!this.#posting) this.draft.typed(this.#begun)
  }

  get #begun() {
    return { text: this.text.value, reply_to: this.quote.quoted?.id ?? null }
  }

  /** The conversation is not the reader's any more: the text stays, and where it cannot go is said. */
  close() {
    if (this.#note) return
    this.#note = document.createElement("p")
    Object.assign(this.#note, { className: "note note-danger composer-note", role: "status" })
    this.prepend(this.#note)
    this.#note.textContent = gettext("You are no longer in this conversation. Your text stays here.")
  }

  /** It is again. */
  reopen() {
    this.#note?.remove()
    this.#note = null
  }

  /** What is sent next answers `quoted`: see QuoteLine. */
  answer(quoted) {
    this.quote.show(quoted)
    this.text.focus()
  }

  #key(event) {
    if (this.suggestions.key(event)) return
    // While an input method composes a word, Enter chooses; on a touch screen Enter breaks the line and the button sends.
    const composing = event.isComposing || event.keyCode === 229
    const sends = event.shiftKey === "enterBreaks" in document.body.dataset // a setting swaps Enter and Shift+Enter
    if (event.key !== "Enter" || !sends || composing || matchMedia("(pointer: coarse)").matches) return
    event.preventDefault()
    this.form.requestSubmit()
  }

  async #emoji(button) {
    const character = await pickEmoji(button)
    if (!character) return
    this.text.setRangeText(character, this.text.selectionStart, this.text.selectionEnd, "end")
    this.text.focus()
    this.#written()
  }

  #written() {
    this.text.setCustomValidity("")
    if (this.text.value.trim()) this.typing.typed()
    else this.typing.stopped()
    this.draft.typed(this.#begun)
    this.#fit()
  }

  #submit(event) {
    event.preventDefault()
    const content = this.text.value
    const said = content.trim() ? content : ""
    if ((!said && this.tray.empty) || this.#note || this.tray.faulty || this.#tooLong(content)) return
    const quote = this.quote.quoted
    this.#post({ client_id: uuid(), conversation_id: this.conversationId, content: said, reply_to: quote?.id ?? null, quote, files: this.tray.take() })
    this.#posting = true
    this.text.value = ""
    this.quote.show(null)
    this.typing.stopped()
    this.#fit()
    this.text.focus()
  }

  /** The draft is what a crash leaves until the outbox has the text. */
  async #post(entry) {
    await live.post(entry)
    this.#posting = false
    if (this.text.value || this.quote.quoted) this.draft.typed(this.#begun)
    else this.draft.done()
  }

  #tooLong(content) {
    const surplus = [...content].length - this.most
    if (surplus <= 0) return false
    this.text.setCustomValidity(interpolate(gettext("This is %(surplus)s characters too long to send."), { surplus }))
    this.text.reportValidity()
    return true
  }

  /** As high as the text; CSS says when it is enough. */
  #fit() {
    if (CSS.supports("field-sizing", "content")) return
    this.text.style.blockSize = "auto"
    this.text.style.blockSize = `${this.text.scrollHeight + this.text.offsetHeight - this.text.clientHeight}px`
  }
}

customElements.define("chat-composer", ChatComposer)
