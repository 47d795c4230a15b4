import { act, actionsFor, messageOf } from "chat/lib/message-actions.js"
import { LongPress } from "chat/lib/long-press.js"
import { gettext } from "chat/lib/words.js"

const EDGE_PX = 8 // between the menu and the window's edge
const STEPS = { ArrowDown: 1, ArrowUp: -1 }
const ON_BAR = () => [["reply", "reply", gettext("Reply")], ["more", "more", gettext("More")]]
const SETTLED = ".message:not([data-pending])"

/** The bar at the message one points at, and the menu it opens: one of each for all messages. On a touch screen the menu is a sheet. */
export class MessageMenu {
  #message = null
  #touched = false // since it opened: the finger whose long press opened it, lets go over it

  constructor(conversation) {
    this.messages = conversation.querySelector("chat-messages")
    this.icons = conversation.querySelector(".menu-icons").content
    this.bar = this.#made("div", "message-bar", "toolbar", gettext("Message"))
    this.bar.append(...ON_BAR().map(([name, icon, label]) => this.#button(name, icon, label)))
    this.menu = this.#made("dialog", "menu message-menu", "menu", gettext("Message"))
    this.menu.popover = "auto"
    conversation.append(this.menu)
    this.#listen()
  }

  /** Opens the menu of a message. */
  open(item, { sheet = false } = {}) {
    this.#message = messageOf(item)
    this.menu.replaceChildren(...actionsFor(this.#message).map((action) => this.#entry(action)))
    if (!this.menu.firstChild) return
    this.#touched = false
    this.menu.classList.toggle("sheet", sheet)
    if (sheet) this.menu.showModal()
    else this.#pop(item)
    this.menu.querySelector("button").focus({ focusVisible: !sheet })
  }

  close() {
    if (this.menu.matches(":popover-open")) this.menu.hidePopover()
    else this.menu.close()
  }

  #listen() {
    this.messages.addEventListener("pointerover", ({ target, pointerType }) => pointerType === "mouse" && this.#point(target.closest(SETTLED)))
    this.messages.addEventListener("pointerleave", () => this.#point(null))
    this.messages.addEventListener("focusin", ({ target }) => this.#point(target.closest(SETTLED)))
    this.bar.addEventListener("click", ({ target }) => this.#pressed(target.closest("button")))
    this.menu.addEventListener("pointerdown", () => (this.#touched = true))
    this.menu.addEventListener("click", ({ target, detail }) => (this.#touched || !detail) && this.#chosen(target))
    this.menu.addEventListener("keydown", (event) => this.#key(event))
    this.menu.addEventListener("toggle", ({ newState }) => newState === "closed" && this.#closed())
    this.menu.addEventListener("close", () => this.#closed())
    this.messages.addEventListener("message-menu", ({ target }) => this.open(target))
    new LongPress(this.messages, SETTLED, (item) => this.open(item, { sheet: true }))
  }

  /** The bar goes to a message, lowered where its upper edge is out of view; null takes it away. */
  #point(item) {
    if (this.menu.open || this.menu.matches(":popover-open") || (!item && this.bar.contains(document.activeElement))) return
    if (!item) return this.bar.remove()
    if (this.bar.parentElement === item) return
    const hidden = this.messages.getBoundingClientRect().top - item.getBoundingClientRect().top
    this.bar.style.setProperty("--lowered", `${Math.max(0, hidden)}px`)
    item.append(this.bar)
  }

  #pressed(button) {
    const item = this.bar.closest(SETTLED)
    if (button?.value === "more") this.open(item)
    else if (button) act(button.value, messageOf(item))
  }

  #chosen(target) {
    const name = target.closest("button")?.value
    if (!name && target !== this.menu) return
    const message = this.#message
    this.close()
    if (name) act(name, { ...message, ...messageOf(this.#item(message)) })
  }

  /** The message may have been drawn anew while the menu was open. */
  #item({ item, id }) {
    return item.isConnected ? item : this.messages.querySelector(`.message[data-message-id="${id}"]`) ?? item
  }

  #closed() {
    const item = this.#message && this.#item(this.#message)
    this.#message = null
    if (item?.isConnected && (document.activeElement === document.body || this.menu.contains(document.activeElement))) focusOn(item)
  }

  #key(event) {
    const entries = [...this.menu.querySelectorAll("button")]
    const at = entries.indexOf(document.activeElement)
    const to = { Home: 0, End: entries.length - 1 }[event.key] ?? (event.key in STEPS ? (at + STEPS[event.key] + entries.length) % entries.length : null)
    if (to !== null) entries[to].focus()
    else if (event.key === "Tab") this.close()
    else return
    event.preventDefault()
  }

  #entry(action) {
    const entry = this.#button(action.name, action.icon, action.label(this.#message))
    entry.className = `menu-item${action.danger ? " is-danger" : ""}`
    entry.setAttribute("role", "menuitem")
    entry.append(entry.title)
    for (const name of ["title", "aria-label"]) entry.removeAttribute(name)
    return entry
  }

  #button(value, icon, label) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "icon-button", value, title: label })
    button.setAttribute("aria-label", label)
    button.append(this.icons.querySelector(`.icon-${icon}`).cloneNode(true))
    return button
  }

  #made(name, className, role, label) {
    const element = Object.assign(document.createElement(name), { className })
    element.setAttribute("role", role)
    element.setAttribute("aria-label", label)
    return element
  }

  /** Beside the bar, within the window. */
  #pop(item) {
    this.#point(item)
    this.menu.showPopover()
    const { top, bottom, left, right } = this.bar.lastChild.getBoundingClientRect()
    const { offsetWidth: width, offsetHeight: height } = this.menu
    const start = getComputedStyle(this.menu).direction === "rtl" ? right - width : left
    this.menu.style.left = `${Math.min(Math.max(start, EDGE_PX), innerWidth - width - EDGE_PX)}px`
    this.menu.style.top = `${bottom + height + EDGE_PX < innerHeight ? bottom : Math.max(EDGE_PX, top - height)}px`
  }
}

/** Gives a message the focus, as if one had walked there. */
export function focusOn(item) {
  item.tabIndex = -1
  item.focus({ preventScroll: true })
  item.scrollIntoView({ block: "nearest" })
}
