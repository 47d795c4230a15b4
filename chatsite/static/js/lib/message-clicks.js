import { once } from "chat/lib/once.js"
import { live } from "chat/realtime/live.js"

/**
 * What a click within the messages of `host`, a conversation or a thread, does: a picture opens, code is copied, a tick tells who has
 * the message (`names()`: Map of user id to name), and a refusal is answered.
 */
export function followClicks(host, { names }) {
  const viewer = once(async () => new (await import("chat/lib/picture-viewer.js")).PictureViewer(host))
  const receipts = once(async () => new (await import("chat/lib/receipts-menu.js")).ReceiptsMenu(host))
  host.messages.addEventListener("click", (event) => {
    const { target } = event
    showPicture(event, viewer)
    copyCode(target.closest(".code-copy"))
    showReceipts(target.closest(".ticks"), receipts, names())
    answerRefusal(target.closest(".refusal button"))
  })
}

/** With a key held, the browser opens it elsewhere. */
async function showPicture(event, viewer) {
  const link = event.target.closest("a.picture")
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  const there = await viewer()
  there.open(link)
}

async function copyCode(button) {
  if (!button) return
  const copying = await import("chat/lib/code-copy.js")
  copying.copyCode(button)
}

async function showReceipts(tick, receipts, names) {
  if (!tick) return
  const menu = await receipts()
  menu.names = names
  menu.open(tick)
}

function answerRefusal(button) {
  if (!button) return
  const { clientId } = button.closest(".message").dataset
  if (button.dataset.action === "retry") live.retry(clientId)
  else live.outbox.discard(clientId)
}
