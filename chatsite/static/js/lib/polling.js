import { fetchData, fetchFragment } from "chat/lib/fragments.js"
import { eventOf } from "chat/lib/message-items.js"

/**
 * What a socket would have brought of one conversation since `seq`, asked for over HTTP: `{events, rev, more, receipts}`, or null
 * without an answer. `rev` is how far the log of changes goes; the changes themselves are drawn by the page only.
 */
export async function askSince(conversationId, seq) {
  const page = await fetchFragment(`/c/${conversationId}/messages/?after=${seq}`)
  if (!page) return null
  const members = await fetchData(`/api/v1/conversations/${conversationId}/members/`)
  const { headers } = page.response
  return {
    events: [...page.body.querySelectorAll(".message")].map(eventOf),
    rev: Number(headers.get("X-Rev")),
    more: headers.get("X-Has-After") === "1",
    receipts: (members?.results ?? []).flatMap((member) => receiptsOf(conversationId, member)),
  }
}

function receiptsOf(conversation_id, { user_id, delivered_seq, read_seq }) {
  const receipt = (kind, seq) => ({ type: "receipt.updated", conversation_id, user_id, kind, seq })
  return [receipt("delivered", delivered_seq), receipt("read", read_seq)]
}
