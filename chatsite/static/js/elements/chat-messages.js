import { fetchFragment } from "chat/lib/fragments.js"
import { MessageList } from "chat/lib/message-list.js"
import { interpolate, ngettext } from "chat/lib/words.js"
import { Anchor } from "chat/thinking/anchor.js"

const OLDER_WITHIN = 1.5 // heights of the window above the upper edge at which the next older page is fetched

/** The scroll container of one conversation: nothing moves under the reader, the end is followed, older pages come by themselves. */
export class ChatMessages extends HTMLElement {
  #anchor = new Anchor()
  #fetching = false
  #line = null

  connectedCallback() {
    this.conversation = this.closest("chat-conversation")
    this.list = new MessageList(this.querySelector(".messages"), document.body.dataset.userId)
    this.#line = this.querySelector(".new-line")
    this.pill = this.conversation.querySelector(".to-bottom")
    this.style.overflowAnchor = "none" // if the browser kept the place as well, it would be moved twice
    this.#line ? this.#line.scrollIntoView({ block: "center" }) : this.toBottom()
    this.#anchor.scrolled(this.below)
    this.addEventListener("scroll", () => this.#scrolled(), { passive: true })
    this.pill?.addEventListener("click", () => this.toBottom({ smooth: true }))
    const sizes = new ResizeObserver(() => this.#settle())
    sizes.observe(this)
    sizes.observe(this.list.list)
  }

  /** How much lies under the lower edge, in CSS pixels. */
  get below() {
    return this.scrollHeight - this.clientHeight - this.scrollTop
  }

  /** Adds a settled message at the end of the log. `attended`: somebody is looking at this page. */
  append(item, { mine, attended }) {
    this.keepPlace(() => this.list.append(item))
    if (mine || (!attended && !this.#line?.isConnected)) this.#line = this.list.lineBefore(mine ? null : item)
    this.#added(mine)
  }

  showOutbox(entries) {
    let fresh
    this.keepPlace(() => (fresh = this.list.showOutbox(entries)))
    if (fresh.length) this.#added(true)
  }

  /** Takes the last page in exchange for what is shown. */
  replace(items) {
    this.keepPlace(() => this.list.replace(items))
  }

  toBottom({ smooth = false } = {}) {
    const still = !smooth || matchMedia("(prefers-reduced-motion: reduce)").matches
    this.scrollTo({ top: this.scrollHeight, behavior: still ? "instant" : "smooth" })
  }

  /** Does `work`, after which the first message in view stands where it stood, if it is still there. */
  keepPlace(work) {
    const edge = this.getBoundingClientRect().top
    const seen = this.list.all.find((item) => item.getBoundingClientRect().bottom > edge)
    const before = seen?.getBoundingClientRect().top
    work()
    const again = seen?.isConnected ? seen : seen?.id && document.getElementById(seen.id)
    if (again) this.scrollTop += Anchor.correction(before, again.getBoundingClientRect().top)
  }

  #added(mine) {
    if (this.#anchor.added({ mine })) this.toBottom()
    this.#drawPill()
  }

  #scrolled() {
    this.#anchor.scrolled(this.below)
    this.#drawPill()
    if (this.scrollTop < OLDER_WITHIN * this.clientHeight) this.#older()
  }

  /** The window or something in the list changed its size: a picture came, the composer grew. */
  #settle() {
    if (this.#anchor.following) this.toBottom()
    if (this.scrollTop < OLDER_WITHIN * this.clientHeight) this.#older()
  }

  #drawPill() {
    if (!this.pill) return
    const { missed, following } = this.#anchor
    this.pill.hidden = following
    const words = interpolate(ngettext("%(count)s new message", "%(count)s new messages", missed), { count: missed })
    const label = this.pill.querySelector(".to-bottom-label") ?? this.pill
    label.textContent = missed ? words : ""
  }

  async #older() {
    const { dataset } = this.conversation
    if (this.#fetching || dataset.hasBefore !== "1" || !this.list.first) return
    this.#fetching = true
    const page = await fetchFragment(`/c/${dataset.conversationId}/messages/?before=${this.list.first.dataset.seq}`)
    if (page) {
      dataset.hasBefore = page.response.headers.get("X-Has-Before")
      this.keepPlace(() => this.list.prepend([...page.body.children]))
      this.dispatchEvent(new Event("older"))
    }
    this.#fetching = false
    // Not at once after a failure: the next scroll tries again.
    if (page) this.#settle()
  }
}

customElements.define("chat-messages", ChatMessages)
