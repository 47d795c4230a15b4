import { once } from "chat/lib/once.js"
import { live } from "chat/realtime/live.js"

/** The clock beside the composer: SendLater, which takes the same, is fetched when it is opened, or something is scheduled elsewhere. */
export class LaterOpener {
  constructor(context) {
    const { form, conversationId, signal } = context
    this.whole = once(async () => new (await import("chat/lib/send-later.js")).SendLater(context))
    this.menu = form.querySelector(".later-menu")
    this.menu.addEventListener("toggle", ({ newState }) => newState === "open" && this.#opened())
    form.elements.at.addEventListener("keydown", (event) => this.#key(event))
    live.on("scheduled.changed", (event) => event.conversation_id === conversationId && this.#count(event.count), signal)
  }

  /** Does what a pressed `button` of the menu says. */
  async choose(button) {
    const later = await this.whole()
    return later.choose(button)
  }

  async #opened() {
    const later = await this.whole()
    later.opened()
  }

  async #count(count) {
    const later = await this.whole()
    later.count(count)
  }

  /** Enter in the field would press the button that sends at once. */
  #key(event) {
    if (event.key !== "Enter") return
    event.preventDefault()
    this.choose(this.menu.querySelector("[value=at]"))
  }
}
