import { bodyText } from "chat/lib/message-items.js"

/** The line over the composer with what one is answering: see templates/messaging/_composer.html. */
export class QuoteLine {
  #quoted = null

  /** `changed(quoted)` hears what is quoted from now on: `{id, seq, name, text, sender_id}`, or null. */
  constructor(line, { changed }) {
    Object.assign(this, { line, changed })
    this.input = line.querySelector("input")
    this.link = line.querySelector(".quote")
    const { seq, senderId: sender_id } = this.link.dataset
    if (this.input.value) this.#quoted = { id: this.input.value, seq, sender_id, name: this.#part("author").textContent, text: this.#part("text").textContent }
    line.querySelector(".quote-drop").addEventListener("click", (event) => {
      event.preventDefault()
      this.show(null)
    })
  }

  get quoted() {
    return this.#quoted
  }

  show(quoted) {
    this.#quoted = quoted
    this.line.hidden = quoted === null
    this.input.value = quoted?.id ?? ""
    this.#part("author").textContent = quoted?.name ?? ""
    this.#part("text").textContent = quoted?.text ?? ""
    this.link.href = `#message-${quoted?.seq}`
    Object.assign(this.link.dataset, { seq: quoted?.seq ?? "", senderId: quoted?.sender_id ?? "" })
    this.changed(quoted)
  }

  #part(name) {
    return this.link.querySelector(`.quote-${name}`)
  }
}

/** How a message is quoted. */
export function quoteOf({ item, id, seq, name, senderId: sender_id }) {
  return { id, seq, name, sender_id, text: bodyText(item) }
}
