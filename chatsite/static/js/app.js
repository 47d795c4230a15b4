import "chat/elements/chat-bell.js"
import "chat/elements/chat-composer.js"
import "chat/elements/chat-conversation.js"
import "chat/elements/chat-export.js"
import "chat/elements/chat-notifications.js"
import "chat/elements/chat-passkey.js"
import "chat/elements/chat-picture.js"
import "chat/elements/chat-search.js"
import "chat/elements/chat-sidebar.js"
import { keepConnectionLine } from "chat/lib/connection-line.js"
import { showCurrentEntry } from "chat/lib/current-entry.js"
import "chat/lib/message-copies.js"
import "chat/lib/message-reply.js"
import { keepPresence } from "chat/lib/presence-dots.js"
import { keepTimesLocal } from "chat/lib/times.js"
import { live } from "chat/realtime/live.js"

keepTimesLocal()
showCurrentEntry(document)
if (live) {
  keepConnectionLine(document.getElementById("connection"))
  keepPresence()
  live.start()
}
