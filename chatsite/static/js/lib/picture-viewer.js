import { gettext } from "chat/lib/words.js"

/** A picture by itself, over the page: arrows lead to the others of the conversation, Esc back. */
export class PictureViewer {
  #at = null

  constructor(conversation) {
    this.conversation = conversation
    this.dialog = document.createElement("dialog")
    this.dialog.className = "viewer"
    this.image = document.createElement("img")
    this.name = Object.assign(document.createElement("p"), { className: "viewer-name cut", dir: "auto" })
    this.whole = Object.assign(document.createElement("a"), { className: "button button-small", textContent: gettext("Save"), download: "" })
    const close = Object.assign(document.createElement("button"), { type: "button", className: "button button-small", textContent: gettext("Close") })
    const foot = Object.assign(document.createElement("div"), { className: "viewer-foot" })
    foot.append(this.name, this.whole, close)
    this.dialog.append(this.image, foot)
    conversation.append(this.dialog)
    close.addEventListener("click", () => this.dialog.close())
    this.dialog.addEventListener("click", ({ target }) => target === this.dialog && this.dialog.close())
    this.dialog.addEventListener("keydown", ({ key }) => this.#key(key))
    this.dialog.addEventListener("close", () => this.image.removeAttribute("src"))
  }

  /** A click somewhere in the messages; with a key held, the browser opens the picture elsewhere. */
  follow(event) {
    const link = event.target.closest("a.picture")
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    this.open(link)
  }

  open(link) {
    this.#show(link)
    this.dialog.showModal()
  }

  #show(link) {
    this.#at = link
    const { name, whole } = link.dataset
    const { naturalWidth, naturalHeight } = link.querySelector(".picture-shown")
    Object.assign(this.image, { src: link.href, alt: name, width: naturalWidth, height: naturalHeight })
    this.name.textContent = name
    this.whole.href = whole
    this.dialog.setAttribute("aria-label", name)
  }

  #key(key) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[key]
    if (!step) return
    const all = [...this.conversation.querySelectorAll("a.picture")]
    const next = all[all.indexOf(this.#at) + step]
    if (next) this.#show(next)
  }
}
