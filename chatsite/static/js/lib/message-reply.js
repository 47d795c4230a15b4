import { offer } from "chat/lib/message-actions.js"
import { quoteOf } from "chat/lib/quote-line.js"
import { gettext } from "chat/lib/words.js"

const composerOf = ({ place }) => place.querySelector("chat-composer")

offer({
  name: "reply",
  icon: "reply",
  order: 10,
  label: () => gettext("Reply"),
  offered: (message) => !message.deleted && composerOf(message) !== null,
  run: (message) => composerOf(message).answer(quoteOf(message.item)),
})
