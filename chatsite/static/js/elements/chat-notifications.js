import { elements } from "chat/lib/fragments.js"
import { live } from "chat/realtime/live.js"

/** The list of notifications: new ones come on top, one that was brought up to date moves there, read ones lose their mark. */
export class ChatNotifications extends HTMLElement {
  #leaving = new AbortController()

  connectedCallback() {
    this.list = this.querySelector(".notifications")
    live.on("notification.created", (event) => this.#created(event), this.#leaving.signal)
    live.on("notification.read", (event) => this.#read(event), this.#leaving.signal)
  }

  disconnectedCallback() {
    this.#leaving.abort()
  }

  #created({ notification, html }) {
    this.#item(notification.id)?.remove()
    // On an older page of the list the newest does not belong on top.
    if (html && !new URLSearchParams(location.search).has("before")) this.list.prepend(...elements(html))
  }

  #read({ ids, all }) {
    const items = all ? [...this.list.children] : (ids ?? []).map((id) => this.#item(id)).filter(Boolean)
    for (const item of items) {
      delete item.dataset.unread
      item.querySelector(".notification-dot")?.remove()
    }
  }

  #item(id) {
    return this.list.querySelector(`[data-notification-id="${CSS.escape(id)}"]`)
  }
}

customElements.define("chat-notifications", ChatNotifications)
