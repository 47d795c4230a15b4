import { gettext } from "chat/lib/words.js"

const FOUND_MS = 1_600 // as long as messages.css marks what was jumped to

/** From an answer to what it quotes, wherever in the log that stands, and back. */
export class Jumps {
  #from = []

  /** `show(seq)` puts the page around a message in place of what is shown; it promises when that is done. */
  constructor({ messages, icons, show }) {
    Object.assign(this, { messages, show })
    this.back = Object.assign(document.createElement("button"), { type: "button", className: "pill to-back", hidden: true })
    this.back.append(icons.querySelector(".icon-undo").cloneNode(true), gettext("Back to the answer"))
    this.back.addEventListener("click", () => this.#return())
    messages.parentElement.append(this.back)
    messages.parentElement.querySelector(".to-bottom").addEventListener("click", () => this.forget())
    messages.closest("[data-log]").addEventListener("click", (event) => this.#follow(event))
  }

  /** The end is shown: there is nothing to go back to. */
  forget() {
    this.#from = []
    this.back.hidden = true
  }

  #follow(event) {
    const quote = event.target.closest("a.quote")
    if (!quote?.dataset.seq || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    const answer = quote.closest(".message")
    if (answer?.dataset.seq) this.#from.push(answer.dataset.seq)
    this.#go(quote.dataset.seq)
  }

  #return() {
    this.#go(this.#from.pop())
  }

  async #go(seq) {
    this.back.hidden = !this.#from.length
    if (!this.#item(seq)) await this.show(seq)
    const item = this.#item(seq)
    if (!item) return
    item.scrollIntoView({ block: "center" })
    item.classList.add("is-target")
    setTimeout(() => item.classList.remove("is-target"), FOUND_MS)
    item.tabIndex = -1
    item.focus({ preventScroll: true, focusVisible: false })
  }

  #item(seq) {
    return this.messages.querySelector(`.message[data-seq="${seq}"]`)
  }
}
