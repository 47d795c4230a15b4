import { live } from "chat/realtime/live.js"

/** The way to the notifications, with how many are unread. */
export class ChatBell extends HTMLElement {
  #leaving = new AbortController()

  connectedCallback() {
    live.on("notification.created", ({ unread }) => this.#draw(unread), this.#leaving.signal)
    live.on("notification.read", ({ unread }) => this.#draw(unread), this.#leaving.signal)
  }

  disconnectedCallback() {
    this.#leaving.abort()
  }

  #draw(unread) {
    this.dataset.unread = unread
    const badge = this.querySelector(".badge")
    badge.textContent = unread
    badge.hidden = unread === 0
  }
}

customElements.define("chat-bell", ChatBell)
