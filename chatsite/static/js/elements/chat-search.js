import { fetchFragment } from "chat/lib/fragments.js"
import { gettext, interpolate, ngettext } from "chat/lib/words.js"
import { timers } from "chat/realtime/timers.js"
import { Latest } from "chat/thinking/latest.js"

const PAUSE_MS = 150 // after a letter, before it is asked for

/** Searches as one types; more hits come below those that are there. Arrow keys go from the field through the hits. */
export class ChatSearch extends HTMLElement {
  #latest = new Latest({ pause: PAUSE_MS, timers })
  #leaving = new AbortController()

  connectedCallback() {
    const { signal } = this.#leaving
    this.form = this.querySelector("form")
    this.field = this.form.querySelector("input[type=search]")
    this.results = this.querySelector(".seek-results")
    this.status = this.querySelector(".seek-status")
    this.field.addEventListener("input", (event) => event.isComposing || this.#ask(), { signal })
    this.field.addEventListener("compositionend", () => this.#ask(), { signal })
    this.form.addEventListener("submit", (event) => this.#submit(event), { signal })
    this.results.addEventListener("click", (event) => this.#more(event), { signal })
    this.addEventListener("keydown", (event) => this.#move(event), { signal })
    const { value } = this.field
    this.field.setSelectionRange(value.length, value.length)
  }

  disconnectedCallback() {
    this.#leaving.abort()
  }

  get #query() {
    return new URLSearchParams(new FormData(this.form)).toString()
  }

  #ask() {
    this.#latest.ask(() => fetchFragment(`/search/hits/?${this.#query}`), (page) => this.#show(page))
  }

  #submit(event) {
    event.preventDefault()
    this.#latest.ask(() => fetchFragment(`/search/hits/?${this.#query}`), (page) => this.#show(page), { now: true })
  }

  /** What cannot be had leaves what is there, and says so. */
  #show(page) {
    if (!page) return this.#say(gettext("The chat cannot be reached. What is shown may be old."))
    history.replaceState(history.state, "", `/search/?${this.#query}`)
    this.results.replaceChildren(...page.body.childNodes)
    return this.#say(this.#count())
  }

  #count() {
    const hits = this.querySelectorAll(".seek-hit").length
    if (!hits) return this.querySelector(".empty h2")?.textContent ?? ""
    const more = this.querySelector(".seek-hits").dataset.more === "1"
    if (more) return interpolate(gettext("More than %(count)s found"), { count: hits })
    return interpolate(ngettext("%(count)s found", "%(count)s found", hits), { count: hits })
  }

  #say(words) {
    this.status.textContent = words
  }

  /** The hits of the next page come under those that are there, and the focus goes to the first of them. */
  async #more(event) {
    const link = event.target.closest(".seek-more")
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
    event.preventDefault()
    const page = await fetchFragment(`/search/hits/${new URL(link.href).search}`)
    const fresh = page?.body.querySelector(".seek-hits")
    if (!fresh || !link.isConnected) return location.assign(link.href)
    const first = fresh.querySelector(".seek-hit")
    const list = this.querySelector(".seek-hits")
    list.append(...fresh.children)
    list.dataset.more = fresh.dataset.more
    const further = page.body.querySelector(".seek-more")
    if (further) link.replaceWith(further)
    else link.remove()
    first?.focus({ preventScroll: true })
    this.#say(this.#count())
  }

  #move(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (!step || event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return
    const stops = [this.field, ...this.querySelectorAll(".seek-hit")]
    const here = stops.indexOf(document.activeElement)
    const next = stops[here + step]
    if (here < 0 || !next) return
    event.preventDefault()
    next.focus()
  }
}

customElements.define("chat-search", ChatSearch)
