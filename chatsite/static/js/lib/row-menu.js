import { arrange, fit } from "chat/lib/arranging.js"
import { placeUnder } from "chat/lib/beside.js"

const LONG_PRESS_MS = 500
const STILL_PX = 10 // a finger that moves further scrolls

/** The menu of a row: by its "more" button, the right mouse button, a long press or the keyboard's own key for it. */
export class RowMenu {
  #row = null
  #press = null

  constructor(list, menu) {
    Object.assign(this, { list, menu, form: menu.querySelector("form") })
    list.addEventListener("click", (event) => this.#clicked(event))
    list.addEventListener("contextmenu", (event) => this.#asked(event))
    list.addEventListener("pointerdown", (event) => this.#pressed(event))
    for (const type of ["pointerup", "pointercancel"]) list.addEventListener(type, () => clearTimeout(this.#press?.timer))
    list.addEventListener("pointermove", (event) => this.#moved(event))
    this.form.addEventListener("submit", (event) => this.#submitted(event))
    menu.addEventListener("toggle", ({ newState }) => newState === "closed" && this.#closed())
    menu.addEventListener("keydown", (event) => this.#key(event))
  }

  #clicked(event) {
    if (this.#press?.opened) return this.#swallow(event)
    const more = event.target.closest(".row-more")
    if (!more || event.ctrlKey || event.metaKey) return undefined
    event.preventDefault()
    return this.#open(more.parentElement.querySelector(".row"), more.getBoundingClientRect())
  }

  /** The click that ends a long press opens nothing. */
  #swallow(event) {
    event.preventDefault()
    this.#press = null
  }

  #asked(event) {
    const row = event.target.closest("li")?.querySelector(".row")
    if (!row) return
    event.preventDefault()
    const { clientX: x, clientY: y } = event
    const atPointer = event.button === 2 || x || y
    this.#open(row, atPointer ? new DOMRect(x, y, 0, 0) : row.getBoundingClientRect())
  }

  #pressed({ pointerType, clientX, clientY, target }) {
    const row = target.closest(".row")
    if (pointerType !== "touch" || !row) return
    this.#press = { clientX, clientY, opened: false }
    this.#press.timer = setTimeout(() => {
      this.#press.opened = true
      this.#open(row, row.getBoundingClientRect())
    }, LONG_PRESS_MS)
  }

  #moved({ clientX, clientY }) {
    if (this.#press && Math.hypot(clientX - this.#press.clientX, clientY - this.#press.clientY) > STILL_PX) clearTimeout(this.#press.timer)
  }

  #open(row, box) {
    this.#row = row
    const { conversationId, unread } = row.dataset
    this.form.action = `/c/${conversationId}/arrange/`
    const has = (name) => name in row.dataset
    fit(this.form, { unread: Number(unread) > 0 || has("marked"), pinned: has("pinned"), muted: has("muted"), archived: false })
    this.menu.showPopover()
    placeUnder(this.menu, box)
    this.#items()[0].focus()
  }

  #submitted(event) {
    event.preventDefault()
    this.menu.hidePopover()
    arrange(this.form, event.submitter, this.#row.dataset.conversationId)
  }

  /** Focus goes back to where it was, unless somebody put it elsewhere. */
  #closed() {
    if (document.activeElement === document.body || this.menu.contains(document.activeElement)) this.#row?.focus({ preventScroll: true })
  }

  #items() {
    return [...this.form.querySelectorAll(".menu-item:not([hidden])")]
  }

  #key(event) {
    const items = this.#items()
    const at = items.indexOf(document.activeElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    items.at(to % items.length).focus()
  }
}
