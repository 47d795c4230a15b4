import { keepProgress } from "chat/lib/file-rows.js"
import { copyCode } from "chat/lib/message-body.js"
import { PictureViewer } from "chat/lib/picture-viewer.js"
import { ReceiptsMenu } from "chat/lib/receipts-menu.js"
import { live } from "chat/realtime/live.js"

/**
 * What a click within the messages of `host`, a conversation or a thread, does: a picture opens, code is copied, a tick tells who has
 * the message (`names()`: Map of user id to name), and a refusal is answered. `signal` ends what listens elsewhere.
 */
export function followClicks(host, { names, signal }) {
  const viewer = new PictureViewer(host)
  const receipts = new ReceiptsMenu(host)
  keepProgress(host.messages, live.outbox.uploads, signal)
  host.messages.addEventListener("click", (event) => {
    const { target } = event
    viewer.follow(event)
    copyCode(target.closest(".code-copy"))
    receipts.names = names()
    receipts.open(target.closest(".ticks"))
    answerRefusal(target.closest(".refusal button"))
  })
}

function answerRefusal(button) {
  if (!button) return
  const { clientId } = button.closest(".message").dataset
  if (button.dataset.action === "retry") live.retry(clientId)
  else live.outbox.discard(clientId)
}
