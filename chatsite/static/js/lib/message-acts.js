import { ask } from "chat/lib/api.js"
import { bodyText, seqOf } from "chat/lib/message-items.js"
import { gettext } from "chat/lib/words.js"
import { live } from "chat/realtime/live.js"

/** What one does to messages of a conversation by clicking on them, and what one's other devices did to them. */
export function keepActs(conversation, signal) {
  const { messages } = conversation
  const here = (event) => event.conversation_id === conversation.dataset.conversationId
  messages.addEventListener("click", (event) => clicked(event, conversation))
  live.on("message.hidden", (event) => here(event) && (event.on ? removed(messages, event.seq) : conversation.log.reset()), signal)
  let met = false
  live.on("ready", () => (met ? catchUp(conversation) : (met = true)), signal)
}

/** What the click asks for is fetched then. */
async function clicked(event, conversation) {
  const { target } = event
  const [chip, edited, drop, when] = [".reaction", ".edited", ".preview-drop", ".when"].map((selector) => target.closest(selector))
  const aside = event.ctrlKey || event.metaKey || event.shiftKey
  if ((!chip && !edited && !drop && !when) || aside) return
  const item = target.closest(".message")
  const id = item.dataset.messageId
  event.preventDefault()
  if (chip) (await import("chat/lib/reactions.js")).react({ item, id }, chip.value)
  else if (edited) (await import("chat/lib/edit-history.js")).showHistory(id)
  else if (drop) (await import("chat/lib/message-previews.js")).removePreviews(id)
  else conversation.menu.open(item)
}

/** The line was down: what was deleted for oneself meanwhile goes. */
async function catchUp({ dataset, messages }) {
  const { first, last } = messages.list
  if (!first) return
  const found = await ask("GET", `conversations/${dataset.conversationId}/hidden/?first=${first.dataset.seq}&last=${last.dataset.seq}`)
  for (const seq of found?.answer?.results ?? []) removed(messages, seq)
}

const removed = (messages, seq) => messages.keepPlace(() => messages.list.remove(seq))

/** A message as it now is, in the words of those that quote it. */
export function requote(messages, item) {
  if (item.querySelector(".fold")) return
  for (const quote of messages.querySelectorAll(`.quote[data-seq="${seqOf(item)}"]`)) {
    quote.querySelector(".quote-text").textContent = item.classList.contains("deleted") ? gettext("Deleted message") : bodyText(item)
  }
}
