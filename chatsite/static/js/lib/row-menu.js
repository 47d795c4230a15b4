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
    for (const type of ["click", "contextmenu", "pointerdown"]) list.addEventListener(type, (event) => this.hear(event))
    for (const type of ["pointerup", "pointercancel"]) list.addEventListener(type, () => clearTimeout(this.#press?.timer))
    document.addEventListener("pointerdown", ({ target }) => this.menu.contains(target) || this.#leave())
    list.addEventListener("pointermove", (event) => this.#moved(event))
    this.form.addEventListener("submit", (event) => this.#submitted(event))
    menu.addEventListener("toggle", ({ newState }) => newState === "closed" && this.#closed())
    menu.addEventListener("keydown", (event) => this.#key(event))
  }

  /** A click, a right click or a press in the list; maybe from before this was there. */
  hear(event) {
    if (event.type === "click") this.#clicked(event)
    else if (event.type === "contextmenu") this.#asked(event)
    else this.#pressed(event)
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
    if (!row) return undefined
    event.preventDefault()
    const { clientX: x, clientY: y, pointerType } = event
    if (pointerType === "touch") return this.#held(row)
    return this.#open(row, event.button === 2 || x || y ? new DOMRect(x, y, 0, 0) : row.getBoundingClientRect())
  }

  #pressed({ pointerType, clientX, clientY, target }) {
    const row = target.closest(".row")
    clearTimeout(this.#press?.timer)
    this.#press = null
    if (pointerType !== "touch" || !row) return
    this.#press = { clientX, clientY, opened: false, timer: setTimeout(() => this.#held(row), LONG_PRESS_MS) }
  }

  /** A finger rests on a row: lifting it must neither open the conversation nor close the menu. */
  #held(row) {
    if (this.#press?.opened) return
    clearTimeout(this.#press?.timer)
    this.#press = { ...this.#press, opened: true }
    this.#open(row, row.getBoundingClientRect(), "manual")
  }

  #moved({ clientX, clientY }) {
    if (this.#press && Math.hypot(clientX - this.#press.clientX, clientY - this.#press.clientY) > STILL_PX) clearTimeout(this.#press.timer)
  }

  #open(row, box, popover = "auto") {
    this.#leave()
    this.#row = row
    this.menu.popover = popover
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

  #leave() {
    if (this.menu.matches(":popover-open")) this.menu.hidePopover()
  }

  /** Focus goes back to where it was, unless somebody put it elsewhere. */
  #closed() {
    if (document.activeElement === document.body || this.menu.contains(document.activeElement)) this.#row?.focus({ preventScroll: true })
  }

  #items() {
    return [...this.form.querySelectorAll(".menu-item:not([hidden])")]
  }

  #key(event) {
    if (event.key === "Escape") return this.#leave()
    const items = this.#items()
    const at = items.indexOf(document.activeElement)
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key]
    if (to === undefined) return undefined
    event.preventDefault()
    return items.at(to % items.length).focus()
  }
}
