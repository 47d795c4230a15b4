import { gettext } from "chat/lib/words.js"
import { live } from "chat/realtime/live.js"

const ROLL_CALL_MS = 2_000

/** Keeps every presence dot on the page, and the line under a partner's name, as the server last said. */
export function keepPresence() {
  for (const status of document.querySelectorAll(".conversation-status[data-last-seen]")) write(status, status.dataset)
  const heard = new Set()
  live.on("presence", ({ user_id, state, last_seen }) => {
    heard.add(user_id)
    show(user_id, { state, lastSeen: last_seen })
  })
  // After `ready` the server names who is here; whoever left during a break is named by nobody.
  live.on("ready", () => {
    heard.clear()
    setTimeout(() => {
      for (const { dataset } of document.querySelectorAll('.presence[data-state="online"]')) {
        if (!heard.has(dataset.userId)) show(dataset.userId, { state: "offline" })
      }
    }, ROLL_CALL_MS)
  })
}

function show(userId, presence) {
  const mark = `[data-user-id="${CSS.escape(userId)}"]`
  for (const dot of document.querySelectorAll(`.presence${mark}`)) {
    dot.dataset.state = presence.state
    dot.title = presence.state === "online" ? gettext("Online") : ""
  }
  for (const status of document.querySelectorAll(`.conversation-status${mark}`)) write(status, presence)
}

function write(status, { state, lastSeen }) {
  status.dataset.state = state
  if (state === "online" || !lastSeen) status.textContent = state === "online" ? gettext("Online") : gettext("Offline")
  else status.replaceChildren(gettext("Last seen"), " ", moment(lastSeen))
}

function moment(at) {
  const time = document.createElement("time")
  time.dateTime = at
  return time
}
