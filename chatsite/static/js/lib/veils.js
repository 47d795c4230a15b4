import { initials } from "chat/thinking/initials.js"

/**
 * What a viewer does not meet of others, taken out of messages that were drawn for everyone: what those they block say is folded
 * away, here and where others quote it; pictures that are not for them become letters. Pages from the server have it so already.
 */
export class Veils {
  #folded
  #faceless

  /** `others`: the other members, `{id, folded, pictured}`. */
  constructor(others) {
    const ids = (members) => new Set(members.map(({ id }) => id))
    this.#folded = ids(others.filter(({ folded }) => folded))
    this.#faceless = ids(others.filter(({ pictured }) => !pictured))
  }

  over(item) {
    const { senderId, senderName } = item.dataset
    const quote = item.querySelector(".quote")
    if (quote && this.#folded.has(quote.dataset.senderId)) quote.querySelector(".quote-text").textContent = this.#words()
    if (this.#faceless.has(senderId)) item.querySelector(".avatar img")?.replaceWith(initials(senderName))
    if (this.#folded.has(senderId) && !item.querySelector(".fold")) this.#fold(item.querySelector(".message-bubble"))
    return item
  }

  #fold(bubble) {
    const fold = this.#blank()
    fold.append(...bubble.childNodes)
    bubble.append(fold)
  }

  #words() {
    return this.#blank().querySelector("summary > span").textContent
  }

  #blank() {
    return document.getElementById("fold-template").content.firstElementChild.cloneNode(true)
  }
}
