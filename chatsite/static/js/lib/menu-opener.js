import { LongPress } from "chat/lib/long-press.js"
import { once } from "chat/lib/once.js"

const SETTLED = ".message:not([data-pending])"
const NEARING = ["pointerover", "pointerleave", "focusin"]

/** The way to the menu of a message, and to the bar beside one: they are fetched when somebody first comes near a message. */
export class MenuOpener {
  #fetched = new AbortController()
  #near = null // the message where the bar belongs once it is there

  constructor(host) {
    this.host = host
    this.messages = host.querySelector("chat-messages")
    this.icons = host.querySelector(".menu-icons").content
    for (const type of NEARING) this.messages.addEventListener(type, (event) => this.#nearing(event), { signal: this.#fetched.signal })
    this.messages.addEventListener("message-menu", ({ target }) => this.open(target, { keys: true }))
    new LongPress(this.messages, SETTLED, (item) => this.open(item))
  }

  /** Opens the menu of a message. `keys`: by a key. */
  async open(item, how) {
    const menu = await this.#menu()
    if (item.isConnected) menu.open(item, how)
  }

  #menu = once(async () => {
    const { MessageMenu } = await import("chat/lib/message-menu.js")
    const menu = new MessageMenu(this)
    this.#fetched.abort()
    if (this.#near?.isConnected) menu.bar.point(this.#near)
    return menu
  })

  #nearing({ type, target, pointerType = "mouse" }) {
    this.#near = type === "pointerleave" || pointerType !== "mouse" ? null : target.closest(SETTLED)
    this.#menu()
  }
}
