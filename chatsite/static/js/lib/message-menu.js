import "chat/lib/message-amendments.js"
import "chat/lib/message-copies.js"
import "chat/lib/message-forwarding.js"
import "chat/lib/message-previews.js"
import "chat/lib/message-reply.js"
import "chat/lib/message-saving.js"
import "chat/lib/message-thread.js"
import { emojiRow, entry, made } from "chat/lib/menu-parts.js"
import { act, actionsFor, messageOf } from "chat/lib/message-actions.js"
import { MessageBar } from "chat/lib/message-bar.js"
import { focusOn } from "chat/lib/message-keys.js"
import { quick, react } from "chat/lib/reactions.js"
import { gettext } from "chat/lib/words.js"

const EDGE_PX = 8 // between the menu and the window's edge

/** The menu of a message: one for all of them. On a touch screen it is a sheet. MenuOpener fetches it. */
export class MessageMenu {
  #message = null
  #touched = false // since it opened: the finger whose long press opened it, lets go over it

  constructor({ host, messages, icons }) {
    Object.assign(this, { messages, icons })
    this.menu = Object.assign(document.createElement("dialog"), { className: "menu message-menu", popover: "auto", ariaLabel: gettext("Message") })
    this.entries = made("div", "message-entries", "menu", gettext("Message"))
    this.menu.append(this.entries)
    host.append(this.menu)
    this.bar = new MessageBar({ messages: this.messages, icons: this.icons, more: (item, how) => this.open(item, how), busy: () => this.isOpen })
    this.menu.addEventListener("pointerdown", () => (this.#touched = true))
    this.menu.addEventListener("click", ({ target, detail }) => (this.#touched || !detail) && this.#chosen(target))
    this.menu.addEventListener("keydown", (event) => this.#key(event))
    this.menu.addEventListener("toggle", ({ newState }) => newState === "closed" && this.#closed())
    this.menu.addEventListener("close", () => this.#closed())
  }

  get isOpen() {
    return this.menu.open || this.menu.matches(":popover-open")
  }

  /** Opens the menu of a message. `keys`: by a key. */
  open(item, { keys = false } = {}) {
    this.#message = messageOf(item)
    const actions = actionsFor(this.#message)
    const rows = actions.map((action) => entry(this.icons, action, action.label(this.#message)))
    if (!rows.length || this.isOpen) return
    const reacts = actions.some(({ name }) => name === "react")
    this.entries.replaceChildren(...(reacts ? [emojiRow(quick(), gettext("React"))] : []), ...rows)
    this.#touched = false
    const sheet = matchMedia("(pointer: coarse)").matches
    this.menu.classList.toggle("sheet", sheet)
    if (sheet) this.menu.showModal()
    else this.#pop(item)
    rows[0].focus({ focusVisible: keys })
  }

  close() {
    if (this.menu.matches(":popover-open")) this.menu.hidePopover()
    else this.menu.close()
  }

  #chosen(target) {
    const button = target.closest("button")
    if (!button && target !== this.menu) return
    const message = this.#message
    this.close()
    if (!button) return
    const now = messageOf(this.#item(message))
    if (button.parentElement === this.entries) act(button.value, now)
    else react(now, button.value)
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

  /** Arrows walk: sideways through the emoji, else up and down through the rows, the emoji being the first. */
  #key(event) {
    const [emoji, rows] = [[...this.menu.querySelectorAll(".message-quick > button")], [...this.menu.querySelectorAll(".menu-item")]]
    const at = emoji.indexOf(document.activeElement)
    const lines = [...emoji.slice(Math.max(at, 0), Math.max(at, 0) + 1), ...rows]
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    const aside = { ArrowRight: 1, ArrowLeft: -1 }[event.key] * (getComputedStyle(this.menu).direction === "rtl" ? -1 : 1)
    if (step) lines[(lines.indexOf(document.activeElement) + step + lines.length) % lines.length].focus()
    else if (aside && at >= 0) emoji[(at + aside + emoji.length) % emoji.length].focus()
    else if (event.key === "Home" || event.key === "End") lines.at(event.key === "Home" ? 0 : -1).focus()
    else if (event.key === "Tab") this.close()
    else return
    event.preventDefault()
  }

  /** Beside the bar, within the window. */
  #pop(item) {
    this.bar.point(item)
    this.menu.showPopover()
    const { top, bottom, left, right } = this.bar.corner
    const { offsetWidth: width, offsetHeight: height } = this.menu
    const start = getComputedStyle(this.menu).direction === "rtl" ? right - width : left
    this.menu.style.left = `${Math.min(Math.max(start, EDGE_PX), innerWidth - width - EDGE_PX)}px`
    this.menu.style.top = `${bottom + height + EDGE_PX < innerHeight ? bottom : Math.max(EDGE_PX, top - height)}px`
  }
}
