import { fetchData } from "chat/lib/fragments.js"
import { membersIn } from "chat/lib/members.js"
import { bodyText } from "chat/lib/message-items.js"
import { gettext } from "chat/lib/words.js"

const QUOTE_MOST = 140 // characters

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
export function quoteOf(item) {
  const { messageId: id, seq, senderId: sender_id, senderName: name } = item.dataset
  return { id, seq: Number(seq), name, sender_id, text: bodyText(item) }
}

/** The same of a message that may be on another page; null where it is none any more. */
export async function quoteOfId(conversation, id) {
  const item = conversation.querySelector(`.message[data-message-id="${CSS.escape(id)}"]`)
  if (item) return quoteOf(item)
  const found = await fetchData(`/api/v1/messages/${id}/`)
  if (!found || found.deleted_at) return null
  const author = membersIn(conversation).find((each) => each.id === found.sender_id)
  const name = found.sender_id === document.body.dataset.userId ? gettext("You") : (author?.name ?? "")
  return { id, seq: found.seq, name, sender_id: found.sender_id, text: found.content.slice(0, QUOTE_MOST) }
}
