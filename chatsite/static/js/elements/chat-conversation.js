import "chat/elements/chat-messages.js"
import { announce } from "chat/lib/announcer.js"
import { fetchFragment } from "chat/lib/fragments.js"
import { bodyText, drawn } from "chat/lib/message-items.js"
import { Reader, attended } from "chat/lib/reader.js"
import { TypingLine } from "chat/lib/typing-line.js"
import { live } from "chat/realtime/live.js"
import { Cursor } from "chat/thinking/cursor.js"
import { Ticks } from "chat/thinking/ticks.js"

/** The open conversation: applies its log, in order and once, to what is on the page. */
export class ChatConversation extends HTMLElement {
  #leaving = new AbortController()

  connectedCallback() {
    this.messages = this.querySelector("chat-messages")
    this.cursor = new Cursor({ seq: Number(this.dataset.seq), rev: Number(this.dataset.rev) })
    const read = (seq) => this.#read(seq)
    this.reader = new Reader({ root: this.messages, readSeq: Number(this.dataset.readSeq), read, signal: this.#leaving.signal })
    this.#members()
    this.#watch()
    live.cursors.add(this.heads)
    this.#listen()
    this.#showOutbox()
    live.receipts.delivered(this.dataset.conversationId, Number(this.dataset.seq))
  }

  disconnectedCallback() {
    this.#leaving.abort()
    live.cursors.delete(this.heads)
  }

  heads = () => ({ [this.dataset.conversationId]: this.cursor.head })

  #members() {
    const others = [...this.querySelectorAll(".conversation-others > li")].map(({ dataset }) => dataset)
    this.ticks = new Ticks(others.map(seat))
    this.typing = new TypingLine(this.querySelector(".typing"), new Map(others.map(({ userId, name }) => [userId, name])))
  }

  #listen() {
    const { signal } = this.#leaving
    const on = (type, listener) => live.on(type, (event) => this.#concerns(event) && listener(event), signal)
    for (const type of ["message.created", "message.changed", "conversation.changed"]) {
      on(type, (event) => (this.cursor.offer(event), this.#apply(this.cursor.take())))
    }
    on("sync.batch", (batch) => this.#apply(this.cursor.answer(unpacked(batch))))
    on("sync.reset", () => this.#refresh({ reset: true }))
    on("ack", (ack) => this.messages.list.acked(ack))
    on("receipt.updated", (event) => this.ticks.update(event) && this.messages.list.tick(this.ticks))
    on("typing", ({ user_id, on: typing }) => this.typing.heard(user_id, typing))
    on("conversation.removed", () => location.assign("/"))
    live.on("pong", ({ heads }) => this.#know(heads[this.dataset.conversationId] ?? [0, 0]), signal)
    live.on("ready", () => (this.cursor.greeted(), this.#apply([])), signal)
    live.outbox.addEventListener("changed", () => this.#showOutbox(), { signal })
    this.messages.addEventListener("paged", () => this.#watch())
    this.messages.addEventListener("wanthead", () => this.#refresh({ reset: true }).then(() => this.messages.toBottom()))
    this.messages.addEventListener("click", ({ target }) => this.#answerRefusal(target.closest(".refusal button")))
  }

  /** `sync.reset` without a conversation is about all of them. */
  #concerns(event) {
    return (event.conversation_id ?? this.dataset.conversationId) === this.dataset.conversationId
  }

  #know(head) {
    this.cursor.know(head)
    this.#apply([])
  }

  #apply(events) {
    for (const event of events) {
      if (event.type === "message.created") this.#created(event)
      else if (event.type === "message.changed") this.#changed(event)
      else this.#refresh()
    }
    const wants = this.cursor.wants()
    if (wants) live.send({ type: "sync", conversation_id: this.dataset.conversationId, ...wants })
  }

  #created({ seq, message, html }) {
    if (!html) return this.#refresh({ reset: true }) // the server could not draw it this time; the page still can
    const item = drawn(html, live.userId)
    const mine = message.sender_id === live.userId
    this.dataset.seq = seq
    this.messages.append(item, { mine, attended: attended() })
    if (mine) return this.messages.list.tick(this.ticks)
    this.reader.watch([item])
    this.typing.heard(message.sender_id, false)
    return announce(item.dataset.senderName, bodyText(item))
  }

  #changed({ message, html }) {
    const item = html && this.querySelector(`.message[data-message-id="${message.id}"]`)
    if (item) this.messages.keepPlace(() => this.messages.list.exchange(item, drawn(html, live.userId)))
  }

  #watch() {
    this.reader.watch(this.messages.list.items.filter((item) => !item.classList.contains("mine")))
    this.messages.list.tick(this.ticks)
  }

  #read(seq) {
    const conversation_id = this.dataset.conversationId
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

  /** Draws the page's own parts anew from the server: who is in it and what it is called; after a reset, the messages too. */
  async #refresh({ reset = false } = {}) {
    const page = await fetchFragment(`/c/${this.dataset.conversationId}/`)
    const fresh = page?.body.querySelector("chat-conversation")
    if (!fresh) return
    for (const part of [".conversation-header", ".conversation-others"]) {
      this.querySelector(part).replaceChildren(...fresh.querySelector(part).childNodes)
    }
    if (reset) {
      const { seq, rev, hasBefore, hasAfter } = fresh.dataset
      Object.assign(this.dataset, { seq, rev, hasBefore, hasAfter })
      this.cursor.reset([Number(seq), Number(rev)])
      this.messages.replace([...fresh.querySelectorAll(".message")])
    }
    this.#members()
    this.#watch()
  }
}

function seat({ userId, deliveredSeq, readSeq, joinedSeq }) {
  return { id: userId, delivered: Number(deliveredSeq), read: Number(readSeq), joined: Number(joinedSeq) }
}

function unpacked({ conversation_id, messages, html = [], changes, seq, rev, more }) {
  const created = messages.map((message, index) => ({ type: "message.created", conversation_id, seq: message.seq, message, html: html[index] }))
  const changed = changes.map((change) => ({ type: "conversation.changed", conversation_id, ...change }))
  return { created, changed, seq, rev, more }
}

customElements.define("chat-conversation", ChatConversation)
