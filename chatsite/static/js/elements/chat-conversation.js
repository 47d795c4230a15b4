import "chat/elements/chat-messages.js"
import { announce } from "chat/lib/announcer.js"
import { fetchFragment } from "chat/lib/fragments.js"
import { membersIn } from "chat/lib/members.js"
import { bodyText, drawn, eventOf, setTick } from "chat/lib/message-items.js"
import { Reader, attended } from "chat/lib/reader.js"
import { TypingLine } from "chat/lib/typing-line.js"
import { live } from "chat/realtime/live.js"
import { Log } from "chat/thinking/log.js"
import { Ticks } from "chat/thinking/ticks.js"

/** The open conversation: applies its log to what is on the page. */
export class ChatConversation extends HTMLElement {
  #leaving = new AbortController()

  connectedCallback() {
    const { conversationId, seq, rev, readSeq } = this.dataset
    this.messages = this.querySelector("chat-messages")
    this.log = new Log({
      seq: Number(seq),
      rev: Number(rev),
      apply: (events) => this.messages.keepPlace(() => events.forEach((event) => this.#attempt(event))),
      ask: (wants) => live.send({ type: "sync", conversation_id: conversationId, ...wants }),
      restart: () => this.#restart(),
    })
    this.reader = new Reader({ root: this.messages, readSeq: Number(readSeq), read: (seen) => this.#read(seen), signal: this.#leaving.signal })
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

  #listen() {
    const { signal } = this.#leaving
    const on = (type, listener) => live.on(type, (event) => this.#concerns(event) && listener(event), signal)
    for (const type of ["message.created", "message.changed", "conversation.changed"]) on(type, (event) => this.log.offer(event))
    on("sync.batch", (batch) => this.log.answer(batch))
    on("sync.reset", () => this.log.reset())
    on("ack", (ack) => this.messages.list.acked(ack))
    on("receipt.updated", (event) => this.ticks.update(event) && this.messages.list.tick(this.ticks))
    on("typing", ({ user_id, on: typing }) => this.typing.heard(user_id, typing))
    on("conversation.removed", () => location.assign("/"))
    live.on("poll", () => this.#poll(), signal)
    live.on("pong", ({ heads }) => this.log.know(heads[this.dataset.conversationId] ?? [0, 0]), signal)
    live.on("ready", () => this.log.greeted(), signal)
    live.outbox.addEventListener("changed", () => this.#showOutbox(), { signal })
    this.messages.addEventListener("paged", () => this.#watch())
    this.messages.addEventListener("wanthead", () => this.log.reset().then(() => this.messages.toBottom()))
    this.messages.addEventListener("click", ({ target }) => this.#answerRefusal(target.closest(".refusal button")))
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
    else this.#refresh()
  }

  #created({ seq, message, html }) {
    if (!html) return this.log.reset() // the server could not draw it this time; the page still can
    const item = drawn(html, live.userId)
    const mine = message.sender_id === live.userId
    this.dataset.seq = seq
    this.messages.append(item, { mine, attended: attended() })
    if (mine) return setTick(item, this.ticks.state(seq))
    this.reader.watch([item])
    this.typing.heard(message.sender_id, false)
    return announce(item.dataset.senderName, bodyText(item))
  }

  #changed({ message, html }) {
    const item = html && this.querySelector(`.message[data-message-id="${CSS.escape(message.id)}"]`)
    if (!item) return
    this.messages.keepPlace(() => this.messages.list.exchange(item, drawn(html, live.userId)))
    this.#watch()
  }

  #members() {
    const others = membersIn(this)
    this.ticks = new Ticks(others)
    this.typing = new TypingLine(this.querySelector(".typing"), new Map(others.map(({ id, name }) => [id, name])))
  }

  #watch() {
    this.reader.watch(this.messages.list.items.filter((item) => !item.classList.contains("mine")))
    this.messages.list.tick(this.ticks)
  }

  /** One's own messages behind the last one seen are read as well. */
  #read(seen) {
    const conversation_id = this.dataset.conversationId
    const seq = this.messages.list.throughOwn(seen)
    live.receipts.read(conversation_id, seq)
    live.frames.give({ type: "receipt.updated", conversation_id, user_id: live.userId, kind: "read", seq })
  }

  #showOutbox() {
    this.messages.showOutbox(live.outbox.of(this.dataset.conversationId))
  }

  #answerRefusal(button) {
    if (!button) return
    const { clientId } = button.closest(".message").dataset
    if (button.dataset.action === "retry") live.retry(clientId)
    else live.outbox.discard(clientId)
  }

  async #poll() {
    const [seq] = this.log.head
    const page = await fetchFragment(`/c/${this.dataset.conversationId}/messages/?after=${seq}`)
    if (page) this.log.offer(...[...page.body.querySelectorAll(".message")].map(eventOf))
  }

  async #restart() {
    const fresh = await this.#refresh()
    if (!fresh) return null
    const { seq, rev, hasBefore, hasAfter } = fresh.dataset
    Object.assign(this.dataset, { seq, rev, hasBefore, hasAfter })
    this.messages.replace([...fresh.querySelectorAll(".message")])
    this.#watch()
    return [Number(seq), Number(rev)]
  }

  /** Draws anew what the page says around the messages: who is in it and what it is called. Promises the whole page, or null. */
  async #refresh() {
    const page = await fetchFragment(`/c/${this.dataset.conversationId}/`)
    const fresh = page?.body.querySelector("chat-conversation")
    if (!fresh) return null
    for (const part of [".conversation-header", ".conversation-others"]) {
      this.querySelector(part).replaceChildren(...fresh.querySelector(part).childNodes)
    }
    this.#members()
    this.#watch()
    return fresh
  }
}

customElements.define("chat-conversation", ChatConversation)
