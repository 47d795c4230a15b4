import { copy } from "chat/lib/clipboard.js"
import { fetchData } from "chat/lib/fragments.js"
import { isThere, offer } from "chat/lib/message-actions.js"
import { tell } from "chat/lib/toast.js"
import { gettext } from "chat/lib/words.js"

/** The address that opens the conversation at a message, for those who are in it. */
export function addressOf({ conversation, seq }) {
  return new URL(`/c/${conversation.dataset.conversationId}/?around=${seq}#message-${seq}`, location.origin).href
}

async function copyText({ id }) {
  const message = await fetchData(`/api/v1/messages/${id}/`)
  said(message && (await copy(message.content)), gettext("Text copied"))
}

async function copyLink(message) {
  said(await copy(addressOf(message)), gettext("Link copied"))
}

function said(copied, words) {
  tell(copied ? words : gettext("This could not be copied."), { error: !copied })
}

const hasText = (message) => isThere(message) && message.item.querySelector(".message-body").childNodes.length > 0

offer({ name: "copy-text", icon: "copy", order: 60, label: () => gettext("Copy text"), offered: hasText, run: copyText })
offer({ name: "copy-link", icon: "link", order: 70, label: () => gettext("Copy link"), run: copyLink })
