import { arrange } from "chat/lib/arrangement.js"
import { belongs, happened, isTold, standsAfter } from "chat/lib/happenings.js"
import { forViewer, pending, seqOf, setRefusal, setTick } from "chat/lib/message-items.js"
import { gettext } from "chat/lib/words.js"

/** The `<ol class="messages">`: settled messages in `seq` order, then what is on its way out. Keeps days and groups right. */
export class MessageList {
  constructor(list, viewer) {
    Object.assign(this, { list, viewer })
    this.arrange()
  }

  get all() {
    return [...this.list.querySelectorAll(":scope > .message")]
  }

  get items() {
    return [...this.list.querySelectorAll(":scope > .message:not([data-pending])")]
  }

  /** The last one of one's own that says something still. */
  get lastOwn() {
    return this.items.findLast((item) => item.matches(".mine:not(.deleted, .going)")) ?? null
  }

  get waiting() {
    return [...this.list.querySelectorAll(":scope > .message[data-pending]")]
  }

  get first() {
    return this.list.querySelector(":scope > .message:not([data-pending])")
  }

  get last() {
    return this.items.at(-1) ?? null
  }

  /** The last seq that follows `seq` with nothing but one's own messages between. */
  throughOwn(seq) {
    const other = this.items.find((item) => seqOf(item) > seq && !item.classList.contains("mine"))
    return other ? Math.max(seq, seqOf(other) - 1) : Math.max(seq, this.last ? seqOf(this.last) : 0)
  }

  /** Puts a settled message in its place at the end of the log, once; the copy that stood in for it goes. */
  append(item) {
    if (this.last && seqOf(this.last) >= seqOf(item)) return
    forViewer(item, this.viewer)
    const copy = this.waiting.find((each) => each.dataset.clientId === item.dataset.clientId)
    if (copy && copy === this.waiting[0]) copy.replaceWith(item)
    else {
      copy?.remove()
      this.list.insertBefore(item, this.#firstWaiting())
    }
    this.arrange(copy ? null : item)
  }

  /** Puts an older page on top. */
  prepend(items) {
    const first = this.first ? seqOf(this.first) : Infinity
    const fresh = (item) => (happened(item) ? !isTold(this.list, item) : seqOf(item) < first)
    this.list.prepend(...items.filter(fresh).map((item) => forViewer(item, this.viewer)))
    this.arrange()
  }

  /** Takes in what happened between the messages that are shown. The page of the log has more before and after it. */
  tell(lines, { hasBefore, hasAfter }) {
    const shown = lines.filter((line) => belongs(line, hasBefore ? this.first : null, hasAfter ? this.last : null))
    for (const line of shown.filter((each) => !isTold(this.list, each))) {
      const next = this.items.find((item) => seqOf(item) > standsAfter(line))
      this.list.insertBefore(line, next ? this.#top(next) : this.#firstWaiting())
    }
    this.arrange()
  }

  /** Takes the oldest away where there are more than `most`; returns whether there were. */
  trim(most) {
    const surplus = this.items.slice(0, -most)
    if (!surplus.length) return false
    for (const last = surplus.at(-1); last.isConnected; ) this.list.firstElementChild.remove()
    this.arrange(this.#standing[0]) // of the others nothing changes; where there is much to see, this is done with each message
    return true
  }

  /** The same with the newest; what is on its way out stays. */
  trimEnd(most) {
    if (this.items.length <= most) return false
    const [last, end] = [this.items[most - 1], this.#firstWaiting()]
    while (last.nextElementSibling && last.nextElementSibling !== end) last.nextElementSibling.remove()
    this.arrange()
    return true
  }

  /** The first message of somebody else at or after `seq`, or null. */
  firstOfOthers(seq) {
    return this.items.find((item) => seqOf(item) >= seq && !item.classList.contains("mine")) ?? null
  }

  /** How many messages of others stand at or after `seq`. */
  othersFrom(seq) {
    return this.items.filter((item) => seqOf(item) >= seq && !item.classList.contains("mine")).length
  }

  /** Starts over with another page; only what is on its way out stays. */
  replace(items) {
    const settled = new Set(items.map((item) => item.dataset.clientId))
    const stays = (each) => each.matches(".message[data-pending]") && !settled.has(each.dataset.clientId)
    for (const each of [...this.list.children]) if (!stays(each)) each.remove()
    for (const item of items) this.list.insertBefore(forViewer(item, this.viewer), this.#firstWaiting())
    this.arrange()
  }

  /** Shows what is in the outbox, in its order, after everything else; returns the copies that are new. */
  showOutbox(entries) {
    const settled = new Set(this.items.map((item) => item.dataset.clientId))
    const shown = new Map(this.waiting.map((item) => [item.dataset.clientId, item]))
    const fresh = []
    for (const entry of entries) {
      if (settled.has(entry.client_id)) continue
      let item = shown.get(entry.client_id)
      if (!item) fresh.push((item = this.list.appendChild(pending(entry, this.viewer))))
      shown.delete(entry.client_id)
      if (!item.dataset.seq || entry.state === "failed") setTick(item, "waiting")
      setRefusal(item, entry.state === "failed" ? entry.error : null)
    }
    // What is no longer in the outbox is on the server, and its echo replaces it; unless it was given up, or sent by another tab.
    for (const item of shown.values()) if (item.classList.contains("failed")) item.remove()
    this.arrange()
    return fresh
  }

  /** A message as it now is takes its own place. */
  exchange(old, item) {
    const bar = old.querySelector(":scope > .message-bar")
    const focused = document.activeElement === old
    old.replaceWith(item)
    if (bar) item.append(bar)
    if (focused) Object.assign(item, { tabIndex: -1 }).focus({ preventScroll: true })
    this.arrange(item)
  }

  /** Shows a message as one that is about to go, or no more. */
  fade(id, on) {
    this.list.querySelector(`:scope > .message[data-message-id="${CSS.escape(id)}"]`)?.classList.toggle("going", on)
  }

  /** One that the viewer has deleted for themself. */
  remove(seq) {
    this.list.querySelector(`:scope > #message-${seq}`)?.remove()
    this.arrange()
  }

  acked({ client_id, message_id, seq }) {
    const item = this.waiting.find((each) => each.dataset.clientId === client_id)
    if (!item) return
    item.dataset.messageId = message_id
    item.dataset.seq = seq
    setTick(item, "sent")
  }

  tick(ticks) {
    for (const item of this.list.querySelectorAll(":scope > .message.mine:not([data-seq=''])")) setTick(item, ticks.state(seqOf(item)))
  }

  /** Draws the line over the first message that came while nobody looked, and returns it; null takes it away. */
  lineBefore(item) {
    this.list.querySelector(":scope > .new-line")?.remove()
    if (!item) return null
    const line = document.createElement("li")
    line.className = "new-line"
    line.id = "new"
    line.append(document.createElement("span"))
    line.firstChild.textContent = gettext("New messages")
    this.#top(item).before(line)
    this.arrange(item)
    return line
  }

  arrange(item = null) {
    arrange(this.list, this.#standing, item)
  }

  /** The messages, and what happened between them. */
  get #standing() {
    return [...this.list.querySelectorAll(":scope > :is(.message, .happening)")]
  }

  #top(item) {
    const above = item.previousElementSibling
    return above?.matches(".day") ? above : item
  }

  #firstWaiting() {
    const first = this.waiting[0]
    return first ? this.#top(first) : null
  }
}
