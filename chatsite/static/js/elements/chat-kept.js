import { fetchFragment } from "chat/lib/fragments.js"
import { localizeFields } from "chat/lib/zones.js"
import { live } from "chat/realtime/live.js"

const GATHER_MS = 200 // changes that come together are one

/** A list of what one keeps for later: drawn anew when `data-event` tells that it is another one, unless somebody is writing in it. */
export class ChatKept extends HTMLElement {
  #leaving = new AbortController()
  #timer = null

  connectedCallback() {
    localizeFields(this)
    const { signal } = this.#leaving
    let met = false
    live?.on(this.dataset.event, () => this.#soon(), signal)
    live?.on("ready", () => (met ? this.#soon() : (met = true)), signal)
    live?.on("poll", () => this.#soon(), signal)
  }

  disconnectedCallback() {
    this.#leaving.abort()
  }

  #soon() {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#refresh(), GATHER_MS)
  }

  async #refresh() {
    if (this.querySelector("details[open]")) return
    const page = await fetchFragment(location.pathname + location.search)
    const fresh = page?.body.querySelector("chat-kept")
    if (!fresh || this.querySelector("details[open]")) return
    this.replaceChildren(...fresh.childNodes)
    localizeFields(this)
  }
}

customElements.define("chat-kept", ChatKept)
