import { arrange } from "chat/lib/arranging.js"
import { fetchFragment } from "chat/lib/fragments.js"
import { PictureViewer } from "chat/lib/picture-viewer.js"
import { live } from "chat/realtime/live.js"

const REFRESH_MS = 400
const CONCERNED = {
  about: ["conversation.changed", "membership.changed"],
  manage: [],
  files: ["message.created", "message.changed"],
  links: ["message.created", "message.changed"],
  pins: ["message.changed"],
} // by part: what it may look different after

/** The panel about a conversation. One part of it is there at a time: the others are fetched when they are opened. */
export class ChatDetails extends HTMLElement {
  #leaving = new AbortController()
  #refreshing = null

  connectedCallback() {
    const { signal } = this.#leaving
    this.viewer = new PictureViewer(this)
    this.addEventListener("click", (event) => this.#clicked(event))
    this.addEventListener("submit", (event) => this.#submitted(event))
    this.addEventListener("keydown", ({ key }) => key === "Escape" && !this.querySelector("dialog[open]") && this.#close())
    for (const type of new Set(Object.values(CONCERNED).flat())) {
      live.on(type, (event) => event.conversation_id === this.dataset.conversationId && this.#concerned(type), signal)
    }
  }

  disconnectedCallback() {
    this.#leaving.abort()
    clearTimeout(this.#refreshing)
  }

  /** Puts the part at this address in place of the one that is there; promises whether it came. */
  async load(address) {
    const page = await fetchFragment(address)
    const fresh = page?.body.querySelector("chat-details")
    if (!fresh) return false
    Object.assign(this.dataset, { part: fresh.dataset.part, address: fresh.dataset.address })
    this.replaceChildren(...fresh.childNodes, this.viewer.dialog)
    return true
  }

  async #clicked(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return
    const link = event.target.closest("a")
    if (link?.matches(".details-close")) return this.#shut(event)
    if (!link?.matches("[data-load]")) return this.viewer.follow(event)
    event.preventDefault()
    if (!(await this.load(link.href))) return location.assign(link.href)
    return this.querySelector(".tab[aria-current]")?.focus()
  }

  /** On a page of its own it is left as any page is. */
  #shut(event) {
    if (!("opened" in this.dataset)) return
    event.preventDefault()
    this.#close()
  }

  #close() {
    if (!("opened" in this.dataset)) return
    this.closest(".app").dataset.column = "main"
    this.remove()
    document.querySelector("[data-details]:not([tabindex])")?.focus()
  }

  #submitted(event) {
    if (!event.target.matches("[data-arrange]")) return
    event.preventDefault()
    arrange(event.target, event.submitter, this.dataset.conversationId)
  }

  #concerned(type) {
    if (!CONCERNED[this.dataset.part]?.includes(type)) return
    clearTimeout(this.#refreshing)
    this.#refreshing = setTimeout(() => this.#busy() || this.load(this.dataset.address), REFRESH_MS)
  }

  /** Nobody's half-written words or open menu are taken away. */
  #busy() {
    return this.querySelector("details[open], input:focus, textarea:focus, :checked, dialog[open]") !== null
  }
}

customElements.define("chat-details", ChatDetails)
