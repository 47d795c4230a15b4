import { arrange } from "chat/lib/arranging.js"
import { placeUnder } from "chat/lib/beside.js"
import { openBeside } from "chat/lib/details-panel.js"

/** The head of an open conversation: its menu, and the panel that opens beside. What it shows is drawn anew now and then. */
export function keepHead(conversation) {
  const { conversationId } = conversation.dataset
  conversation.addEventListener("click", (event) => openBeside(event, event.target.closest("a[data-details]")))
  conversation.addEventListener("submit", (event) => {
    if (!event.target.closest("#conversation-menu")) return
    event.preventDefault()
    arrange(event.target, event.submitter, conversationId)
  })
  conversation.addEventListener("toggle", ({ target }) => target.id === "conversation-menu" && place(target), { capture: true })
}

function place(menu) {
  placeUnder(menu, document.querySelector(`[popovertarget="${menu.id}"]`).getBoundingClientRect())
}
