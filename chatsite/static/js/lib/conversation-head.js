const BESIDE = matchMedia("(width >= 75rem)") // room for three columns: see layout.css

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

/** Where there is no room, the link leads to its page. */
async function openBeside(event, link) {
  if (!link || !BESIDE.matches || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  const { openDetails } = await import("chat/lib/details-panel.js")
  openDetails(link)
}

async function arrange(...change) {
  const arranging = await import("chat/lib/arranging.js")
  arranging.arrange(...change)
}

async function place(menu) {
  const { placeUnder } = await import("chat/lib/beside.js")
  placeUnder(menu, document.querySelector(`[popovertarget="${menu.id}"]`).getBoundingClientRect())
}
