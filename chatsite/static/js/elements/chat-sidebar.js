import { showTotal } from "chat/lib/badge.js"
import { fetchFragment } from "chat/lib/fragments.js"
import { wordsIn } from "chat/lib/message-body.js"
import { RowMenuOpener } from "chat/lib/row-menu-opener.js"
import { moveToTop, showDraft, showLatest, showUnread } from "chat/lib/sidebar-rows.js"
import { gettext } from "chat/lib/words.js"
import { live } from "chat/realtime/live.js"
import { timers } from "chat/realtime/timers.js"
import { Soonest } from "chat/thinking/soonest.js"
import { Unread } from "chat/thinking/unread.js"

const REFRESH_MS = 300
const RECOUNT_MS = 2_000 // after something was read that only the server can count
const MOST_POSITIONS = 500 // that a ping names; a frame has its limit

/** The list of conversations: what is new moves to the top, with its words, its time and how much of it is unread. */
export class ChatSidebar extends HTMLElement {
  #unread = new Unread()
  #revs = new Map()
  #fetching = new Soonest({ task: () => this.#fetch(), timers })
  #wasReady = false
  #leaving = new AbortController()

  connectedCallback() {
    this.#count()
    new RowMenuOpener(this, document.getElementById("row-menu"))
    live.positions.add(this.positions)
    const on = (type, listener) => live.on(type, listener, this.#leaving.signal)
    on("message.created", (event) => this.#arrived(event.conversation_id, event))
    on("sync.batch", ({ conversation_id, messages, html = [] }) => {
      messages.forEach((message, place) => this.#arrived(conversation_id, { seq: message.seq, message, html: html[place] }))
    })
    on("receipt.updated", (event) => event.user_id === live.userId && event.kind === "read" && this.#read(event))
    // What an edit or a deletion does to previews and numbers, the server knows.
    for (const type of ["conversation.changed", "message.changed"]) on(type, (event) => this.#changed(event))
    on("conversation.removed", ({ conversation_id }) => this.#removed(conversation_id))
    for (const type of ["request.updated", "block.changed", "message.hidden", "membership.changed"]) on(type, () => this.#refresh())
    on("sync.reset", (event) => this.#startOver(event))
    on("draft.changed", ({ conversation_id, text }) => this.#drafted(conversation_id, text))
    on("poll", () => this.#refresh())
    on("pong", ({ heads }) => this.#compare(heads))
    on("ready", () => this.#ready())
  }

  disconnectedCallback() {
    this.#leaving.abort()
    live.positions.delete(this.positions)
  }

  /** Where the list stands, `{conversation_id: [seq, rev]}`, for the server to compare. */
  positions = () => {
    const rows = this.#rows().slice(0, MOST_POSITIONS).map(({ dataset: { conversationId } }) => conversationId)
    return Object.fromEntries(rows.map((id) => [id, [this.#unread.lastSeq(id), this.#revs.get(id) ?? 0]]))
  }

  #rows() {
    return [...this.querySelectorAll(".row[data-conversation-id]")]
  }

  #row(conversationId) {
    return this.querySelector(`.row[data-conversation-id="${CSS.escape(conversationId)}"]`)
  }

  /**
   * Whether an id is among the `requests`, the `silent` ones of the archive or the `blocked` people that came with the list. Requests have no row: only how many
   * there are is shown, and another message in one does not change that.
   */
  #has(kind, id) {
    return this.querySelector(".rows")?.dataset[kind]?.split(" ").includes(id) ?? false
  }

  #count() {
    for (const { dataset } of this.#rows()) {
      const [unread, lastSeq, readSeq] = [dataset.unread, dataset.lastSeq, dataset.readSeq].map(Number)
      this.#unread.set(dataset.conversationId, { unread, lastSeq, readSeq, silent: "muted" in dataset })
      if (Number(dataset.unread)) live.receipts.delivered(dataset.conversationId, Number(dataset.lastSeq))
    }
    this.#drawTotal()
  }

  #arrived(conversationId, { seq, message, html }) {
    const mine = message.sender_id === live.userId
    const row = this.#row(conversationId)
    if (message.hidden) return this.#refresh() // it is read again, and counts for nothing
    if (!row) return this.#has("requests", conversationId) || this.#has("silent", conversationId) || this.#refresh()
    if (!this.#unread.arrived(conversationId, seq, mine)) return undefined
    const words = html ? wordsIn(html) : message.content
    showLatest(row, seq, { ...message, content: this.#has("blocked", message.sender_id) ? gettext("Blocked message") : words })
    moveToTop(row)
    return this.#draw(conversationId)
  }

  #read({ conversation_id, seq }) {
    this.#unread.read(conversation_id, seq)
    this.#draw(conversation_id)
  }

  #drafted(conversationId, text) {
    const row = this.#row(conversationId)
    if (row) showDraft(row, text)
  }

  #changed({ conversation_id, rev, kind }) {
    this.#revs.set(conversation_id, Math.max(rev, this.#revs.get(conversation_id) ?? 0))
    if (kind !== "reaction" && kind !== "pinned") this.#refresh()
  }

  #removed(conversationId) {
    const row = this.#row(conversationId)
    row?.closest("li").remove()
    this.#unread.remove(conversationId)
    this.#drawTotal()
  }

  /** Of another log, or of all of them: what was known of changes says nothing any more. */
  #startOver({ conversation_id }) {
    if (conversation_id === null) this.#revs.clear()
    this.#refresh()
  }

  #draw(conversationId) {
    const row = this.#row(conversationId)
    if (!row) return
    showUnread(row, this.#unread.of(conversationId))
    this.#drawTotal()
    if (!this.#unread.sure(conversationId)) this.#refresh(RECOUNT_MS)
  }

  #drawTotal() {
    showTotal(this.#unread.total)
  }

  #compare(heads) {
    for (const [id, [seq, rev]] of Object.entries(heads)) {
      const renamed = this.#revs.has(id) && rev > this.#revs.get(id)
      this.#revs.set(id, rev)
      if (renamed || seq > this.#unread.lastSeq(id)) this.#refresh()
    }
  }

  /** After a break anything may have changed: new conversations, presence, what was read elsewhere. */
  #ready() {
    if (this.#wasReady) this.#refresh()
    this.#wasReady = true
  }

  #refresh(after = REFRESH_MS) {
    this.#fetching.ask(after)
  }

  async #fetch() {
    const q = (location.pathname === "/" && new URLSearchParams(location.search).get("q")) || ""
    const page = await fetchFragment(`/sidebar/?q=${encodeURIComponent(q)}`)
    if (live.withoutSocket) live.reached(page !== null)
    if (page) this.#replace(page.body)
  }

  #replace(body) {
    const here = this.querySelector(".row[aria-current]")?.dataset.conversationId
    const onRequests = this.querySelector(".requests-link[aria-current]") !== null
    const focused = this.contains(document.activeElement) ? document.activeElement.dataset.conversationId : null
    this.replaceChildren(...body.childNodes)
    if (here) this.#row(here)?.setAttribute("aria-current", "page")
    if (onRequests) this.querySelector(".requests-link")?.setAttribute("aria-current", "page")
    if (focused) this.#row(focused)?.focus({ preventScroll: true })
    this.#count()
  }
}

customElements.define("chat-sidebar", ChatSidebar)
