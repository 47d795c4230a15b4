import "chat/elements/chat-messages.js"
import { announce } from "chat/lib/announcer.js"
import { keepHead } from "chat/lib/conversation-head.js"
import { fetchFragment } from "chat/lib/fragments.js"
import { Jumps } from "chat/lib/jumps.js"
import { MenuOpener } from "chat/lib/menu-opener.js"
import { membersIn } from "chat/lib/members.js"
import { keepActs, requote } from "chat/lib/message-acts.js"
import { followClicks } from "chat/lib/message-clicks.js"
import { bodyText, drawn, seqOf, setTick } from "chat/lib/message-items.js"
import { MessageKeys } from "chat/lib/message-keys.js"
import { askSince } from "chat/lib/polling.js"
import { once } from "chat/lib/once.js"
import { Reader, attended } from "chat/lib/reader.js"
import { TypingLine } from "chat/lib/typing-line.js"
import { UndoSending } from "chat/lib/undo-sending.js"
import { Veils } from "chat/lib/veils.js"
import { live } from "chat/realtime/live.js"
import { timers } from "chat/realtime/timers.js"
import { Log } from "chat/thinking/log.js"
import { Soonest } from "chat/thinking/soonest.js"
import { Ticks } from "chat/thinking/ticks.js"

const ECHO_MS = 1_000 // after an answer; a message of one's own that has not come by then is asked for
const RENEW_MS = 150 // after a change of the conversation: when many come in, the page is fetched for all of them
const BEYOND = Number.MAX_SAFE_INTEGER // before this stands the last page

/** The open conversation: applies its log to what is on the page. */
export class ChatConversation extends HTMLElement {
  #leaving = new AbortController()
  #headWanted = false
  #chips = null // once there was a reply, or a thread is open
  #wanted = null // the seq around which the page is fetched

  connectedCallback() {
    const { conversationId, seq, rev, readSeq } = this.dataset
    this.messages = this.querySelector("chat-messages")
    this.log = new Log({
      seq: Number(seq),
      rev: Number(rev),
      apply: (events) => this.messages.keepPlace(() => events.forEach((event) => this.#attempt(event))),
      ask: (wants) => live.send({ type: "sync", conversation_id: conversationId, ...wants }) || (live.withoutSocket && this.#poll()),
      restart: () => this.#restart(),
    })
    this.reader = new Reader({ root: this.messages, readSeq: Number(readSeq), read: (seen) => this.#read(seen), signal: this.#leaving.signal })
    this.chips = once(async () => (this.#chips = new (await import("chat/lib/thread-chips.js")).ThreadChips(this)))
    this.menu = new MenuOpener(this)
    this.keys = new MessageKeys(this.messages)
    this.jumps = new Jumps({ messages: this.messages, icons: this.menu.icons, show: (seq) => this.#showAround(seq) })
    this.undo = new UndoSending(this)
    keepActs(this, this.#leaving.signal)
    this.renewal = new Soonest({ task: () => this.#refresh(`?before=${BEYOND}`), timers })
    keepHead(this)
    this.#members()
    this.#watch()
    live.cursors.add(this.heads)
    this.#listen()
    this.#showOutbox()
    live.receipts.delivered(conversationId, Number(seq))
  }

  disconnectedCallback() {
    this.#leaving.abort()
    live.cursors.delete(this.heads)
  }

  heads = () => ({ [this.dataset.conversationId]: this.log.head })

  /** All of it counts as read, and its end is shown. */
  settle() {
    this.reader.through(Number(this.dataset.seq))
    this.messages.settle()
  }

  #listen() {
    const { signal } = this.#leaving
    const on = (type, listener) => live.on(type, (event) => this.#concerns(event) && listener(event), signal)
    for (const type of ["message.created", "message.changed", "conversation.changed"]) on(type, (event) => this.log.offer(event))
    on("sync.batch", (batch) => this.log.answer(batch))
    on("sync.reset", () => this.log.reset())
    on("ack", (ack) => this.#acked(ack))
    on("receipt.updated", (event) => this.ticks.update(event) && this.#tick())
    on("typing", ({ user_id, on: typing }) => this.typing.heard(user_id, typing))
    for (const type of ["request.updated", "membership.changed"]) on(type, () => this.#refresh())
    on("conversation.removed", () => this.querySelector("chat-composer")?.close())
    for (const type of ["message.created", "conversation.changed", "sync.batch"]) on(type, () => this.querySelector("chat-composer")?.reopen())
    live.on("poll", () => this.#poll(), signal)
    live.on("block.changed", () => this.log.reset(), signal)
    live.on("pong", ({ heads }) => this.log.know(heads[this.dataset.conversationId] ?? [0, 0]), signal)
    live.on("ready", () => this.log.greeted(), signal)
    live.outbox.addEventListener("changed", () => this.#showOutbox(), { signal })
    this.messages.addEventListener("paged", () => this.#paged())
    this.messages.addEventListener("wanthead", () => this.#toHead())
    followClicks(this, { names: () => this.names })
  }

  #acked(ack) {
    this.messages.list.acked(ack)
    this.undo.show()
    setTimeout(() => this.log.know([ack.seq, ack.rev ?? 0]), ECHO_MS)
  }

  async #showAround(seq) {
    this.#wanted = seq
    await this.log.reset()
  }

  async #toHead() {
    this.jumps.forget()
    this.#headWanted = true
    await this.log.reset()
    this.messages.toBottom()
  }

  /** `sync.reset` without a conversation is about all of them. */
  #concerns(event) {
    return (event.conversation_id ?? this.dataset.conversationId) === this.dataset.conversationId
  }

  /** One event that cannot be shown must not take those after it along: the page shows them all. */
  #attempt(event) {
    try {
      this.#apply(event)
    } catch (failure) {
      reportError(failure)
      this.log.reset()
    }
  }

  #apply(event) {
    if (event.type === "message.created") this.#created(event)
    else if (event.type === "message.changed") this.#changed(event)
    if (event.message) this.dispatchEvent(new CustomEvent("applied", { detail: event }))
    else this.renewal.ask(RENEW_MS)
  }

  #created({ seq, message, html }) {
    if (message.hidden) return (this.dataset.seq = seq)
    if (!html) return this.log.reset() // the server could not draw it this time; the page still can
    const item = this.#drawn(html)
    const mine = message.sender_id === live.userId
    this.dataset.seq = seq
    this.messages.append(item, { mine, attended: attended(), aside: mine && Boolean(message.thread_id) })
    if (message.thread_id) this.#chip((chips) => chips.created(message, item))
    if (!mine) live.receipts.delivered(this.dataset.conversationId, seq)
    if (mine) return setTick(item, this.ticks.state(seq))
    this.reader.watch([item])
    this.typing.heard(message.sender_id, false)
    return item.querySelector(".fold") || announce(item.dataset.senderName, bodyText(item))
  }

  #drawn(html) {
    return this.veils.over(drawn(html, live.userId))
  }

  #changed(event) {
    const { message, html } = event
    const item = html && this.querySelector(`.message[data-message-id="${CSS.escape(message.id)}"]`)
    const wasDeleted = item?.classList.contains("deleted") ?? false
    if (item) this.#exchange(item, this.#drawn(html))
    if (this.#chips || message.thread_id) this.#chip((chips) => chips.changed(event, wasDeleted))
  }

  #exchange(item, fresh) {
    this.messages.keepPlace(() => this.messages.list.exchange(item, fresh))
    requote(this.messages, fresh)
    this.#watch()
  }

  #members() {
    const others = membersIn(this)
    this.ticks = new Ticks(others)
    this.names = new Map(others.map(({ id, name }) => [id, name]))
    this.typing = new TypingLine(this.querySelector(".typing"), this.names)
    this.veils = new Veils(others)
  }

  #watch() {
    this.reader.watch(this.messages.list.items.filter((item) => !item.classList.contains("mine")))
    this.#tick()
  }

  #tick() {
    this.messages.list.tick(this.ticks)
    this.dispatchEvent(new Event("ticked"))
  }

  #paged() {
    this.#watch()
    this.#chips?.drawAll()
  }

  async #chip(work) {
    const chips = await this.chips()
    this.messages.keepPlace(() => work(chips))
  }

  /** A thread is shown beside this, or none: what waits to go there is shown there. */
  threadOpened(thread) {
    this.thread = thread
    this.#showOutbox()
  }

  /** A reply was seen in its thread. Read is everything up to a seq: so this counts where nothing else is unread before it. */
  readInThread(seq, root) {
    const { readSeq } = this.reader.sightings
    const between = this.messages.list.items.filter((item) => seqOf(item) > readSeq && seqOf(item) <= seq)
    const here = between.every((item) => item.dataset.threadId === root || item.classList.contains("mine"))
    if (here && between.length === seq - readSeq) this.#read(seq)
  }

  /** One's own messages behind the last one seen are read as well. */
  #read(seen) {
    const conversation_id = this.dataset.conversationId
    const seq = this.messages.list.throughOwn(seen)
    this.reader.sightings.through(seq)
    live.receipts.read(conversation_id, seq)
    live.frames.give({ type: "receipt.updated", conversation_id, user_id: live.userId, kind: "read", seq })
  }

  #showOutbox() {
    const open = this.thread?.rootId
    this.messages.showOutbox(live.outbox.of(this.dataset.conversationId).filter(({ thread_id }) => !thread_id || thread_id !== open))
  }

  async #poll() {
    const [before] = this.log.head
    const news = await askSince(this.dataset.conversationId, before)
    live.reached(news !== null)
    if (!news) return
    this.log.offer(...news.events)
    news.receipts.forEach((receipt) => live.frames.give(receipt))
    this.log.resume()
    const [seq, rev] = this.log.head
    if (news.rev > rev) this.log.reset()
    else if (news.more && seq > before) this.#poll()
  }

  /** The last page, or where somebody reads further up, the page around that. */
  async #restart() {
    const reading = this.#headWanted ? null : (this.#wanted ?? this.messages.reading)
    const fresh = await this.#refresh(reading ? `?around=${reading}` : `?before=${BEYOND}`)
    if (!fresh) return null
    this.#headWanted = false
    this.#wanted = null
    const newFrom = attended() ? null : Number(this.dataset.seq) + 1
    const { seq, rev, hasBefore, hasAfter } = fresh.dataset
    Object.assign(this.dataset, { seq, rev, hasBefore, hasAfter })
    this.messages.replace([...fresh.querySelectorAll(".messages > :is(.message, .happening)")], { newFrom })
    this.#paged()
    this.dispatchEvent(new Event("restarted"))
    live.receipts.delivered(this.dataset.conversationId, Number(seq))
    return [Number(seq), Number(rev)]
  }

  /** Draws anew what the page says around the messages: who is in it and what it is called. Promises the whole page, or null. */
  async #refresh(where = "") {
    const page = await fetchFragment(`/c/${this.dataset.conversationId}/${where}`)
    const fresh = page?.body.querySelector("chat-conversation")
    if (!fresh) return null
    for (const part of [".conversation-header", ".conversation-request", ".conversation-others"]) {
      this.querySelector(part).replaceChildren(...fresh.querySelector(part).childNodes)
    }
    this.dataset.role = fresh.dataset.role
    this.#members()
    this.#watch()
    this.messages.tell([...fresh.querySelectorAll(".happening")].map((line) => line.cloneNode(true)))
    return fresh
  }
}

customElements.define("chat-conversation", ChatConversation)
