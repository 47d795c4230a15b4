import { fetchData } from "chat/lib/fragments.js"

const PAUSE_MS = 1000
const UNDER_WAY = ["waiting", "running"]

/** Shows how far the copy of one's data is while it is made. Without this the page reloads itself. */
export class ChatExport extends HTMLElement {
  #timer = null

  connectedCallback() {
    this.progress = this.querySelector("progress")
    if (UNDER_WAY.includes(this.dataset.state)) this.#wait()
  }

  disconnectedCallback() {
    clearTimeout(this.#timer)
  }

  #wait() {
    this.#timer = setTimeout(() => this.#look(), PAUSE_MS)
  }

  async #look() {
    const copy = await fetchData("/api/v1/me/export/")
    if (!this.isConnected) return
    if (copy && !UNDER_WAY.includes(copy.state)) return location.reload()
    if (copy?.total) Object.assign(this.progress, { max: copy.total, value: Math.min(copy.done, copy.total) })
    this.#wait()
  }
}

customElements.define("chat-export", ChatExport)
