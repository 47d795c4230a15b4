import "chat/elements/chat-bell.js"
import "chat/elements/chat-composer.js"
import "chat/elements/chat-conversation.js"
import "chat/elements/chat-sidebar.js"
import { fetchAhead } from "chat/lib/ahead.js"
import { keepConnectionLine } from "chat/lib/connection-line.js"
import { showCurrentEntry } from "chat/lib/current-entry.js"
import { keepPresence } from "chat/lib/presence-dots.js"
import { showTotal } from "chat/lib/badge.js"
import { fetchElements } from "chat/lib/elements.js"
import { keepInstalled } from "chat/lib/installed.js"
import { keepFormsQuiet } from "chat/lib/quiet-forms.js"
import { keepSidePanel } from "chat/lib/side-panel.js"
import { keepTimesLocal } from "chat/lib/times.js"
import { keepShortcuts } from "chat/lib/shortcuts.js"
import { live } from "chat/realtime/live.js"

keepTimesLocal()
showCurrentEntry(document)
if (live) {
  keepFormsQuiet()
  keepShortcuts()
  keepConnectionLine(document.getElementById("connection"))
  keepPresence()
  keepSidePanel()
  fetchAhead()
}
await fetchElements()
if (live) {
  live.start()
  keepInstalled()
} else showTotal(0) // whoever was signed in here is not any more: their number goes from the app's icon
