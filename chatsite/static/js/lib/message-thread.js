import { isThere, offer } from "chat/lib/message-actions.js"
import { openThread } from "chat/lib/thread-panel.js"
import { gettext } from "chat/lib/words.js"

offer({
  name: "thread",
  icon: "thread",
  order: 15,
  label: ({ item }) => (item.dataset.threadId ? gettext("Open the thread") : gettext("Reply in thread")),
  offered: (message) => !message.item.closest("chat-thread") && (isThere(message) || Boolean(message.item.dataset.threadId)),
  run: ({ conversation, id, item }) => openThread(`/c/${conversation.dataset.conversationId}/threads/${item.dataset.threadId ?? id}/`),
})
