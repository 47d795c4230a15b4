import { fetchFragment } from "chat/lib/fragments.js"
import { live } from "chat/realtime/live.js"
import { Unread } from "chat/thinking/unread.js"

const PREVIEW_CHARACTERS = 160
const BADGE_MOST = 99
const REFRESH_MS = 300
const MOST_POSITIONS = 500 // that a ping names; a frame has its limit

/** The list of conversations: what is new moves to the top, with its words, its time and how much of it is unread. */
export class ChatSidebar extends HTMLElement {
  #unread = new Unread()
  #revs = new Map()
  #refreshing = null
  #wasReady = false
  #leaving = new AbortController()

  connectedCallback() {
    this.#count()
    live.positions.add(this.positions)
    const on = (type, listener) => live.on(type, listener, this.#leaving.signal)
    on("message.created", ({ conversation_id, seq, message }) => this.#arrived(conversation_id, seq, message))
    on("sync.batch", ({ conversation_id, messages }) => messages.forEach((message) => this.#arrived(conversation_id, message.seq, message)))
    on("receipt.updated", (event) => event.user_id === live.userId && event.kind === "read" && this.#read(event))
    on("conversation.changed", () => this.#refresh())
    on("conversation.removed", ({ conversation_id }) => this.#removed(conversation_id))
    for (const type of ["sync.reset", "poll"]) on(type, () => this.#refresh())
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

  #count() {
    for (const { dataset } of this.#rows()) {
      this.#unread.set(dataset.conversationId, { unread: Number(dataset.unread), lastSeq: Number(dataset.lastSeq) })
    }
    this.#drawTotal()
  }

  #arrived(conversationId, seq, message) {
    const mine = message.sender_id === live.userId
    const row = this.#row(conversationId)
    if (!mine) live.receipts.delivered(conversationId, seq)
    if (!row) return this.#refresh()
    if (!this.#unread.arrived(conversationId, seq, mine)) return undefined
    row.dataset.lastSeq = seq
    row.querySelector(".row-preview").textContent = preview(message.content)
    row.querySelector(".row-time").dateTime = message.created_at
    this.#toTop(row)
    return this.#draw(conversationId)
  }

  #toTop(row) {
    const item = row.closest("li") ?? row
    if (item.parentElement.firstElementChild === item) return
    // Moving an element takes the focus away from it; whoever walks the list by keyboard keeps their place.
    const focused = item.contains(document.activeElement) ? document.activeElement : null
    item.parentElement.prepend(item)
    focused?.focus({ preventScroll: true })
  }

  #read({ conversation_id, seq }) {
    this.#unread.read(conversation_id, seq)
    this.#draw(conversation_id)
  }

  #removed(conversationId) {
    const row = this.#row(conversationId)
    ;(row?.closest("li") ?? row)?.remove()
    this.#unread.remove(conversationId)
    this.#drawTotal()
  }

  #draw(conversationId) {
    const row = this.#row(conversationId)
    if (!row) return
    const unread = this.#unread.of(conversationId)
    row.dataset.unread = unread
    const badge = row.querySelector(".badge")
    badge.textContent = unread > BADGE_MOST ? `${BADGE_MOST}+` : unread
    badge.hidden = unread === 0
    row.hash = unread ? "#new" : ""
    this.#drawTotal()
  }

  #drawTotal() {
    const title = document.title.replace(/^\(\d+\) /, "")
    const { total } = this.#unread
    document.title = total ? `(${total}) ${title}` : title
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
    for (const { dataset } of this.#rows()) {
      if (Number(dataset.unread)) live.receipts.delivered(dataset.conversationId, Number(dataset.lastSeq))
    }
    if (this.#wasReady) this.#refresh()
    this.#wasReady = true
  }

  #refresh() {
    this.#refreshing ??= setTimeout(async () => {
      this.#refreshing = null
      const q = new URLSearchParams(location.search).get("q") ?? ""
      const page = await fetchFragment(`/sidebar/?q=${encodeURIComponent(q)}`)
      if (page) this.#replace(page.body)
    }, REFRESH_MS)
  }

  #replace(body) {
    const here = this.querySelector(".row[aria-current]")?.dataset.conversationId
    const focused = this.contains(document.activeElement) ? document.activeElement.dataset.conversationId : null
    this.replaceChildren(...body.childNodes)
    if (here) this.#row(here)?.setAttribute("aria-current", "page")
    if (focused) this.#row(focused)?.focus({ preventScroll: true })
    this.#count()
  }
}

const preview = (content) => content.slice(0, 2 * PREVIEW_CHARACTERS).replace(/\s+/g, " ").trim().slice(0, PREVIEW_CHARACTERS)

customElements.define("chat-sidebar", ChatSidebar)
