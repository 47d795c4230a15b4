import { ask } from "chat/lib/api.js"
import { LocalDraft } from "chat/lib/drafts.js"
import { live } from "chat/realtime/live.js"
import { timers } from "chat/realtime/timers.js"
import { Draft } from "chat/thinking/draft.js"

/** The draft of the conversation or thread that a composer is for. `show(draft)` puts another device's into its field; `signal` ends it. */
export function draftOf({ dataset, conversationId, threadId, place, text }, { show, signal }) {
  const path = `conversations/${conversationId}/draft/`
  const local = new LocalDraft(live.userId, place)
  const begun = { text: text.value, reply_to: dataset.draftReply || null }
  const refused = "refused" in dataset // a page that brought back what was not sent: that is the newest there is
  if (refused) local.keep(begun)
  if (threadId) return new ReplyDraft(local, begun)
  const draft = new Draft({
    saved: refused ? null : begun,
    at: dataset.draftAt,
    local,
    save: (now) => save(path, now),
    show,
    writing: () => document.hasFocus() && document.activeElement === text,
    timers,
  })
  listen(draft, conversationId, path, signal)
  return draft
}

/** What is begun in a thread. A seat keeps one draft, that of the conversation: this one is this browser's. */
class ReplyDraft {
  constructor(local, begun) {
    this.local = local
    this.now = local.read() ?? begun
  }

  typed(draft) {
    this.now = draft
    this.local.keep(draft)
  }

  done() {
    this.now = { text: "", reply_to: null }
    this.local.forget()
  }
}

function listen(draft, conversationId, path, signal) {
  let met = false
  live.on("draft.changed", (event) => event.conversation_id === conversationId && draft.heard(event), signal)
  live.on("ready", () => (met ? catchUp(draft, path) : (met = true)), signal)
  addEventListener("pagehide", () => draft.flush(), { signal })
}

/** The line was down: other devices may have written meanwhile. */
async function catchUp(draft, path) {
  await draft.flush()
  const found = await ask("GET", path)
  if (!found?.ok || !found.answer) return
  if (found.answer.updated_at) draft.heard(found.answer)
  else draft.gone()
}

async function save(path, draft) {
  const said = await ask("PUT", path, draft, { keepalive: document.visibilityState === "hidden" })
  if (said?.ok) return said.answer?.updated_at ?? null
  const later = !said || said.status >= 500 || said.status === 429 || said.status === 409
  return later ? null : undefined
}
