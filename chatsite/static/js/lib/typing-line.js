import { gettext, interpolate } from "chat/lib/words.js"
import { Typists } from "chat/thinking/typing.js"

/** Writes who is typing into `line`, and takes it away when they stop or are not heard of any more. */
export class TypingLine {
  #timer = null

  /** `names`: Map of user id to name. */
  constructor(line, names) {
    Object.assign(this, { line, names })
    this.typists = new Typists()
  }

  heard(userId, on) {
    if (!this.names.has(userId)) return
    this.typists.heard(userId, on)
    this.#draw()
  }

  #draw() {
    clearTimeout(this.#timer)
    const names = this.typists.current.map((userId) => this.names.get(userId))
    this.line.hidden = names.length === 0
    this.line.textContent = words(names)
    const { expiry } = this.typists
    if (expiry !== null) this.#timer = setTimeout(() => this.#draw(), expiry + 1)
  }
}

function words([first, second, third]) {
  if (!first) return ""
  if (!second) return interpolate(gettext("%(name)s is typing…"), { name: first })
  if (third) return gettext("Several people are typing…")
  return interpolate(gettext("%(first)s and %(second)s are typing…"), { first, second })
}
