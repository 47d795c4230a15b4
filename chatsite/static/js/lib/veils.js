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
    const { senderId } = item.dataset
    const quote = item.querySelector(".quote")
    if (quote && this.#folded.has(quote.dataset.senderId)) quote.querySelector(".quote-text").textContent = this.#words()
    for (const face of item.querySelectorAll(".thread-faces > span")) this.#bare(face, face.dataset.userId)
    if (item.matches(".in-thread")) return this.#line(item)
    if (this.#faceless.has(senderId)) item.querySelector(".avatar img")?.remove()
    if (this.#folded.has(senderId) && !item.querySelector(".fold")) this.#fold(item.querySelector(".message-bubble"))
    return item
  }

  /** A reply in one line. */
  #line(item) {
    const { senderId } = item.dataset
    this.#bare(item, senderId)
    if (this.#folded.has(senderId)) item.querySelector(".message-body").textContent = this.#words()
    return item
  }

  #bare(face, userId) {
    if (this.#faceless.has(userId)) face.querySelector(".avatar img")?.remove()
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
