import "chat/elements/chat-messages.js"
import { fetchFragment } from "chat/lib/fragments.js"
import { Jumps } from "chat/lib/jumps.js"
import { MenuOpener } from "chat/lib/menu-opener.js"
import { keepActs, requote } from "chat/lib/message-acts.js"
import { followClicks } from "chat/lib/message-clicks.js"
import { drawnInThread, setTick } from "chat/lib/message-items.js"
import { MessageKeys } from "chat/lib/message-keys.js"
import { Reader } from "chat/lib/reader.js"
import { knownAt, wordsFor } from "chat/lib/thread-chips.js"
import { UndoSending } from "chat/lib/undo-sending.js"
import { gettext } from "chat/lib/words.js"
import { live } from "chat/realtime/live.js"

/**
 * A thread beside its conversation. It has no log of its own: the conversation applies its log in order and tells of each event
 * ("applied"), and of starting over ("restarted").
 */
export class ChatThread extends HTMLElement {
  #leaving = new AbortController()
  log = { reset: () => this.#restart() }

  connectedCallback() {
    queueMicrotask(() => this.isConnected && this.#begin()) // what is in it comes after it
  }

  #begin() {
    this.conversation = document.querySelector("chat-conversation")
    this.messages = this.querySelector("chat-messages")
    this.rootId = this.dataset.rootId
    this.total = this.querySelector(".thread-total")
    this.reader = new Reader({ root: this.messages, readSeq: 0, read: (seq) => this.conversation.readInThread(seq, this.rootId), signal: this.#leaving.signal })
    this.menu = new MenuOpener(this)
    this.keys = new MessageKeys(this.messages)
    this.jumps = new Jumps({ messages: this.messages, icons: this.menu.icons, show: (seq) => this.#restart(seq) })
    this.undo = new UndoSending(this)
    keepActs(this, this.#leaving.signal)
    this.#listen()
    this.#showOutbox()
    this.#watch()
    this.#count()
    this.conversation.threadOpened(this)
    this.reveal(location.hash)
  }

  disconnectedCallback() {
    this.#leaving.abort()
    this.conversation?.threadOpened(null)
  }

  /** Takes in what happened while the thread was fetched. */
  catchUp(events) {
    for (const event of events) this.#apply(event)
  }

  /** Shows the reply that the hash of an address names, if there is one. */
  reveal(hash) {
    const item = hash.length > 1 && this.querySelector(`[id="${CSS.escape(hash.slice(1))}"]`)
    if (!item) return
    item.scrollIntoView({ block: "center" })
    item.classList.add("is-target")
  }

  #listen() {
    const { signal } = this.#leaving
    this.conversation.addEventListener("applied", ({ detail }) => this.#apply(detail), { signal })
    this.conversation.addEventListener("restarted", () => this.#restart(), { signal })
    this.conversation.addEventListener("counted", ({ detail }) => detail === this.rootId && this.#count(), { signal })
    this.conversation.addEventListener("ticked", () => this.messages.list.tick(this.conversation.ticks), { signal })
    live.outbox.addEventListener("changed", () => this.#showOutbox(), { signal })
    live.on("ack", (ack) => this.#acked(ack), signal)
    live.on("conversation.removed", ({ conversation_id }) => this.#concerns(conversation_id) && this.#composer?.close(), signal)
    live.on("message.created", ({ conversation_id }) => this.#concerns(conversation_id) && !this.#rootIsDeleted && this.#composer?.reopen(), signal)
    this.messages.addEventListener("paged", () => this.#watch())
    this.messages.addEventListener("wanthead", () => this.#toHead())
    followClicks(this, { names: () => this.conversation.names })
  }

  #acked(ack) {
    this.messages.list.acked(ack)
    this.undo.show()
  }

  get #composer() {
    return this.querySelector("chat-composer")
  }

  get #rootIsDeleted() {
    return this.#item(this.rootId)?.classList.contains("deleted") ?? false
  }

  #concerns(conversationId) {
    return conversationId === this.conversation.dataset.conversationId
  }

  #item(id) {
    return this.messages.querySelector(`.message[data-message-id="${CSS.escape(id)}"]`)
  }

  #apply({ type, message, html }) {
    if (message?.id !== this.rootId && message?.thread_id !== this.rootId) return
    if (!isWhole(html, message)) return this.#restart()
    if (type === "message.created") this.#created(message, html)
    else this.#changed(message, html)
  }

  #created(message, html) {
    if (message.hidden) return
    const item = this.#drawn(html)
    const mine = message.sender_id === live.userId
    this.dataset.seq = Math.max(message.seq, Number(this.dataset.seq))
    this.messages.append(item, { mine, attended: true })
    if (mine) setTick(item, this.conversation.ticks.state(message.seq))
    else this.reader.watch([item])
  }

  #changed(message, html) {
    const item = this.#item(message.id)
    if (!item) return
    const fresh = this.#drawn(html)
    this.messages.keepPlace(() => this.messages.list.exchange(item, fresh))
    requote(this.messages, fresh)
    this.#watch()
    if (this.#rootIsDeleted) this.#composer?.close(gettext("The message this thread begins with was deleted. Your text stays here."))
  }

  #drawn(html) {
    return this.conversation.veils.over(drawnInThread(html, live.userId))
  }

  #watch() {
    this.reader.watch(this.messages.list.items.filter((item) => item.dataset.threadId && !item.classList.contains("mine")))
    this.messages.list.tick(this.conversation.ticks)
  }

  async #count() {
    const { counts } = await this.conversation.chips()
    this.total.textContent = wordsFor(counts.of(this.rootId, knownAt(this.total)).count)
  }

  #showOutbox() {
    const { conversationId } = this.conversation.dataset
    this.messages.showOutbox(live.outbox.of(conversationId).filter(({ thread_id }) => thread_id === this.rootId))
  }

  async #toHead() {
    this.jumps.forget()
    await this.#restart(null)
    this.messages.toBottom()
  }

  /** The page around a reply, by default the one that is read further up; null: the last one. */
  async #restart(around = this.messages.reading) {
    const page = await fetchFragment(this.dataset.log + (around ? `?around=${around}` : ""))
    if (!page || !this.isConnected) return
    this.dataset.hasBefore = page.response.headers.get("X-Has-Before")
    this.dataset.hasAfter = page.response.headers.get("X-Has-After")
    this.messages.replace([...page.body.querySelectorAll(".message")], { newFrom: null })
    this.#watch()
  }
}

/** Whether a drawn event has the reply as a whole: what came over HTTP has not, nor has what could not be drawn. */
function isWhole(html, message) {
  return Boolean(html) && (!message.thread_id || html.includes("<template>"))
}

customElements.define("chat-thread", ChatThread)
