import { act, messageOf } from "chat/lib/message-actions.js"
import { iconButton, made } from "chat/lib/menu-parts.js"
import { gettext } from "chat/lib/words.js"

const SETTLED = ".message:not([data-pending])"

/** The bar at the message one points at or is on: one for all messages, which goes from one to the other. */
export class MessageBar {
  /** `more(item, {keys})` opens the menu; while `busy()` the bar stays where it is. */
  constructor({ messages, icons, more, busy }) {
    Object.assign(this, { messages, more, busy })
    this.bar = made("div", "message-bar", "toolbar", gettext("Message"))
    const buttons = [["react", "smile", gettext("React")], ["reply", "reply", gettext("Reply")], ["more", "more", gettext("More")]]
    this.bar.append(...buttons.map((each) => iconButton(icons, ...each)))
    this.bar.addEventListener("click", ({ target, detail }) => this.#pressed(target.closest("button"), { keys: detail === 0 }))
    messages.addEventListener("pointerover", ({ target, pointerType }) => pointerType === "mouse" && this.point(target.closest(SETTLED)))
    messages.addEventListener("pointerleave", () => this.point(null))
    messages.addEventListener("focusin", ({ target }) => this.point(target.closest(SETTLED)))
  }

  /** The bar goes to a message, lowered where its upper edge is out of view; null takes it away. */
  point(item) {
    if (this.busy() || (!item && this.bar.contains(document.activeElement))) return
    if (!item) return this.bar.remove()
    if (this.bar.parentElement === item) return
    const hidden = this.messages.getBoundingClientRect().top - item.getBoundingClientRect().top
    this.bar.style.setProperty("--lowered", `${Math.max(0, hidden)}px`)
    this.bar.classList.toggle("is-bare", item.classList.contains("deleted"))
    item.append(this.bar)
  }

  /** Where the menu hangs. */
  get corner() {
    return this.bar.lastChild.getBoundingClientRect()
  }

  #pressed(button, how) {
    const item = this.bar.closest(SETTLED)
    if (button?.value === "more") this.more(item, how)
    else if (button) act(button.value, { ...messageOf(item), anchor: button })
  }
}
