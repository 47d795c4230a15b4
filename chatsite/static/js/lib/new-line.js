import { seqOf } from "chat/lib/message-items.js"
import { interpolate, ngettext } from "chat/lib/words.js"

/**
 * The line over the first message nobody has looked at yet, and the pill that leads up to it: shown while the line stands above
 * what is in view and was not seen. `attended()` says whether somebody looks at the page.
 */
export class NewLine {
  #line
  #seen = false

  constructor({ scroller, list, pill, attended }) {
    Object.assign(this, { scroller, list, pill, attended })
    this.#line = list.list.querySelector(".new-line")
    this.sights = new IntersectionObserver((entries) => this.#sight(entries.at(-1)), { root: scroller })
    if (this.#line) this.sights.observe(this.#line)
    pill.addEventListener("click", (event) => this.#follow(event))
  }

  get there() {
    return this.#line?.isConnected ?? false
  }

  /** The seq of the first new message, or null. */
  get from() {
    let below = this.there ? this.#line.nextElementSibling : null
    while (below && !below.matches(".message")) below = below.nextElementSibling // the name of the day may stand between
    return below && seqOf(below)
  }

  show() {
    this.#line?.scrollIntoView({ block: "start" })
  }

  /** Draws it over `item`; null takes it away. */
  put(item) {
    this.sights.disconnect()
    this.#line = this.list.lineBefore(item)
    this.#seen = false
    this.#draw(false)
    if (this.#line) this.sights.observe(this.#line)
  }

  /** Another message came under it. */
  added() {
    if (!this.pill.hidden && this.there) this.#say()
  }

  /** All of it was seen, or is said to be. */
  done() {
    this.#seen = true
    this.#draw(false)
  }

  #sight({ isIntersecting, boundingClientRect, rootBounds }) {
    if (isIntersecting && this.attended()) this.#seen = true
    this.#draw(!this.#seen && !isIntersecting && boundingClientRect.bottom <= rootBounds.top)
  }

  #draw(shown) {
    if (shown) this.#say()
    this.pill.hidden = !shown
  }

  #say() {
    const count = this.list.othersFrom(this.from)
    this.pill.querySelector(".to-new-label").textContent = interpolate(ngettext("%(count)s new message", "%(count)s new messages", count), { count })
  }

  /** Where the line is on another page, the link leads there. */
  #follow(event) {
    if (!this.there) return
    event.preventDefault()
    this.done()
    this.show()
    this.scroller.focus({ preventScroll: true })
  }
}
