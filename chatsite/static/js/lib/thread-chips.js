import { interpolate, ngettext } from "chat/lib/words.js"
import { ThreadCounts } from "chat/thinking/thread-counts.js"

/** "3 replies" at the messages that begin threads, as replies come and are deleted. */
export class ThreadChips {
  counts = new ThreadCounts()
  #faces = new Map() // user id to an element with their face

  constructor(conversation) {
    this.conversation = conversation
    this.template = document.getElementById("thread-chip-template")
  }

  /** A message came, and stands in the list as `item`. */
  created(message, item) {
    if (!message.thread_id) return
    this.#remember(message.sender_id, item.querySelector(".thread-line .avatar"), item.dataset.senderName)
    const { seq, sender_id: userId, created_at: at } = message
    if (!message.deleted_at) this.counts.replied(message.thread_id, { seq, at, userId })
    this.draw(message.thread_id)
  }

  /** A message was changed; `wasDeleted` already, as far as it is shown. */
  changed({ kind, rev, message }, wasDeleted) {
    if (kind === "deleted" && message.thread_id && !wasDeleted) {
      this.counts.deleted(message.thread_id, message.seq, rev)
      this.draw(message.thread_id)
    }
    this.draw(message.id)
  }

  /** All of them: other messages are shown now. */
  drawAll() {
    for (const item of this.conversation.messages.list.items) this.draw(item.dataset.messageId)
  }

  draw(root) {
    if (!this.counts.has(root)) return
    this.conversation.dispatchEvent(new CustomEvent("counted", { detail: root }))
    const item = this.conversation.messages.querySelector(`.message[data-message-id="${CSS.escape(root)}"]`)
    if (!item || item.matches(".in-thread")) return
    const chip = item.querySelector(":scope > .thread-chip") ?? this.#fresh(item, root)
    const { count, lastAt, userIds } = this.counts.of(root, knownAt(chip))
    chip.hidden = count === 0
    chip.querySelector(".thread-count").textContent = wordsFor(count)
    if (lastAt) chip.querySelector("time").dateTime = lastAt
    for (const { dataset, firstElementChild } of chip.querySelectorAll(".thread-faces > span")) this.#remember(dataset.userId, firstElementChild, dataset.name)
    chip.querySelector(".thread-faces").replaceChildren(...userIds.flatMap((id) => this.#faces.get(id)?.cloneNode(true) ?? []))
  }

  #fresh(item, root) {
    const chip = this.template.content.firstElementChild.cloneNode(true)
    chip.href = `/c/${this.conversation.dataset.conversationId}/threads/${root}/`
    item.append(chip)
    return chip
  }

  #remember(userId, avatar, name) {
    if (!avatar) return
    const face = document.createElement("span")
    Object.assign(face.dataset, { userId, name })
    face.append(avatar.cloneNode(true))
    this.#faces.set(userId, face)
  }
}

/** What the server had counted, as an element that it drew says. */
export function knownAt({ dataset: { count, seq, rev, userIds } }) {
  return { count: Number(count), seq: Number(seq), rev: Number(rev), userIds: userIds?.split(" ").filter(Boolean) ?? [], lastAt: null }
}

export const wordsFor = (count) => (count ? interpolate(ngettext("%(count)s reply", "%(count)s replies", count), { count }) : "")
