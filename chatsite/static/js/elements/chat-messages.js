import { MessageList } from "chat/lib/message-list.js"
import { NewLine } from "chat/lib/new-line.js"
import { Pager } from "chat/lib/pager.js"
import { attended } from "chat/lib/reader.js"
import { interpolate, ngettext } from "chat/lib/words.js"
import { Anchor } from "chat/thinking/anchor.js"

const MOST_SHOWN = 400 // messages; above it those furthest off go, and come back when one scrolls to them
const FETCH_WITHIN = 1.5 // heights of the window from an edge at which the next page is fetched

/**
 * The scroll container of one conversation, or of a thread in it: nothing moves under the reader, the end is followed, pages come by themselves.
 * Its style runs from the bottom up (column-reverse): `scrollTop` is 0 at the end and negative above it.
 */
export class ChatMessages extends HTMLElement {
  #anchor = new Anchor()
  #keeping = false

  connectedCallback() {
    this.conversation = this.closest("[data-log]")
    this.list = new MessageList(this.querySelector(".messages"), document.body.dataset.userId)
    this.pager = new Pager({ list: this.list, state: this.conversation.dataset, most: MOST_SHOWN, put: (work) => this.keepPlace(work) })
    this.newLine = new NewLine({ scroller: this, list: this.list, pill: this.conversation.querySelector(".to-new"), attended })
    this.pill = this.conversation.querySelector(".to-bottom")
    this.style.overflowAnchor = "none" // if the browser kept the place as well, it would be moved twice
    if (location.hash) this.#named(location.hash)?.scrollIntoView() // we may run before the browser goes there, and would stay at the end
    else this.newLine.show()
    this.#anchor.scrolled(this.below)
    this.addEventListener("scroll", () => this.#scrolled(), { passive: true })
    this.pill.addEventListener("click", () => this.#end())
    const sizes = new ResizeObserver(() => this.#resized())
    sizes.observe(this)
    sizes.observe(this.list.list)
    this.#drawPill()
  }

  #named(hash) {
    return this.querySelector(`[id="${CSS.escape(hash.slice(1))}"]`)
  }

  /** How much lies under the lower edge and over the upper one, in CSS pixels. */
  get below() {
    return -this.scrollTop
  }

  get above() {
    return this.scrollHeight - this.clientHeight + this.scrollTop
  }

  /** False while the page ends before the log does. */
  get atHead() {
    return this.conversation.dataset.hasAfter !== "1"
  }

  /** Adds a settled message at the end of the log. `attended`: somebody is looking at this page. `aside`: nothing is to be made of it. */
  append(item, { mine, attended, aside = false }) {
    if (aside) return this.atHead && this.keepPlace(() => this.list.append(item))
    if (this.atHead) this.keepPlace(() => this.list.append(item))
    if (this.atHead && (mine || (!attended && !this.newLine.there))) this.newLine.put(mine ? null : item)
    else this.newLine.added()
    return this.#added(mine)
  }

  showOutbox(entries) {
    let fresh
    this.keepPlace(() => (fresh = this.list.showOutbox(entries)))
    if (fresh.length) this.#added(true)
  }

  /** The seq of the first message in view, for someone who reads above the end of the log; else null. */
  get reading() {
    const first = this.#anchor.following ? null : this.#firstInView()
    return first?.dataset.seq || null
  }

  /** Takes a page in exchange for what is shown; `newFrom`: the seq from which on nobody has looked yet, or null. */
  replace(items, { newFrom }) {
    const from = this.newLine.from ?? newFrom
    this.keepPlace(() => {
      this.list.replace(items)
      this.newLine.put(from && this.list.firstOfOthers(from))
    })
    this.#drawPill()
  }

  /** Takes in what happened between the messages. */
  tell(lines) {
    const { hasBefore, hasAfter } = this.conversation.dataset
    this.keepPlace(() => this.list.tell(lines, { hasBefore: hasBefore === "1", hasAfter: hasAfter === "1" }))
  }

  /** Nothing is new any more, and the end is shown. */
  settle() {
    this.newLine.done()
    this.#end()
  }

  toBottom({ smooth = false } = {}) {
    const still = !smooth || matchMedia("(prefers-reduced-motion: reduce)").matches
    this.scrollTo({ top: 0, behavior: still ? "instant" : "smooth" })
  }

  /**
   * Does `work`, after which the first message in view stands where it stood, if it is still there. At the end, the end stays:
   * that is the style's doing, and `#resized()` takes care of the last pixels. Within `work` calls of this are free.
   */
  keepPlace(work) {
    if (this.#keeping) return work()
    const restore = this.hold()
    this.#keeping = true
    try {
      work()
    } finally {
      this.#keeping = false
    }
    restore()
    if (this.#anchor.following && this.list.trim(MOST_SHOWN)) this.conversation.dataset.hasBefore = "1"
    return undefined
  }

  /** Remembers the first message in view; what is returned puts it where it stood, if it is still there. */
  hold() {
    const seen = this.#anchor.following ? null : this.#firstInView()
    const before = seen?.getBoundingClientRect().top
    return () => {
      const again = seen?.isConnected ? seen : seen?.id && document.getElementById(seen.id)
      if (again) this.scrollTop += Anchor.correction(before, again.getBoundingClientRect().top)
    }
  }

  #firstInView() {
    const edge = this.getBoundingClientRect().top
    return this.list.all.find((item) => item.getBoundingClientRect().bottom > edge)
  }

  #added(mine) {
    if (mine && !this.atHead) return this.#end()
    const { following } = this.#anchor
    if (this.#anchor.added({ mine }) && !following) this.toBottom()
    return this.#drawPill()
  }

  #scrolled() {
    this.#anchor.scrolled(this.atHead ? this.below : Infinity)
    this.#drawPill()
    this.#page()
  }

  /** The window or something in the list changed its size: a picture came, the composer grew. */
  #resized() {
    if (this.#anchor.following) this.toBottom()
    this.#page()
  }

  /** Fetches the next page of the log when its edge is near. */
  async #page() {
    const near = FETCH_WITHIN * this.clientHeight
    if (!(await this.pager.fetch({ before: this.above < near, after: this.below < near }))) return
    this.dispatchEvent(new Event("paged"))
    this.#scrolled()
  }

  #drawPill() {
    const { missed, following } = this.#anchor
    const words = interpolate(ngettext("%(count)s new message", "%(count)s new messages", missed), { count: missed })
    this.pill.querySelector(".to-bottom-label").textContent = missed ? words : ""
    this.pill.ariaLabel = missed ? words : this.pill.title
    this.pill.hidden = following
  }

  #end() {
    if (this.atHead) this.toBottom({ smooth: true })
    else this.dispatchEvent(new Event("wanthead"))
  }
}

customElements.define("chat-messages", ChatMessages)
