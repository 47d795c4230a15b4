import { gettext } from "chat/lib/words.js"
import { live } from "chat/realtime/live.js"

const UNDO_MS = 5_000

/** For some seconds one's newest message has a way back on it: it is taken back for everybody, and its text is in the composer again. */
export class UndoSending {
  #last = null

  constructor(conversation) {
    this.conversation = conversation
    this.button = Object.assign(document.createElement("button"), { type: "button", className: "link-button undo-sending", textContent: gettext("Undo") })
    this.button.title = gettext("Take it back for everyone")
    this.button.addEventListener("click", () => this.#undo())
    live.on("message.created", ({ message }) => message.client_id === this.#last?.client_id && queueMicrotask(() => this.show())) // once it is drawn
  }

  /** An entry of the outbox was made here. Files would have to be sent again: such a message is deleted, not taken back. */
  sent(entry) {
    this.button.remove()
    this.#last = entry.files.length ? null : entry
  }

  /** Its message may be on the page now, or anew. */
  show() {
    const item = this.#last && this.conversation.querySelector(`.message.mine[data-message-id]:not([data-message-id=""])[data-client-id="${this.#last.client_id}"]`)
    if (!item || item.classList.contains("deleted")) return
    if (!this.#last.until) {
      this.#last.until = Date.now() + UNDO_MS
      setTimeout((entry) => entry === this.#last && this.sent({ files: [null] }), UNDO_MS, this.#last)
    }
    item.querySelector(".message-meta").prepend(this.button)
  }

  async #undo() {
    const { content, quote } = this.#last
    const { messageId: message_id } = this.button.closest(".message").dataset
    this.sent({ files: [null] })
    const { refusal } = await live.amend({ type: "message.delete", message_id })
    if (refusal) return (await import("chat/lib/refusals.js")).tellRefusal(refusal)
    return this.conversation.querySelector("chat-composer").takeBack({ content, quote })
  }
}
