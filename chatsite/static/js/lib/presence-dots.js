import { gettext } from "chat/lib/words.js"
import { live } from "chat/realtime/live.js"

/** Keeps every presence dot on the page, and the line under a partner's name, as the server last said. */
export function keepPresence() {
  live.on("presence", ({ user_id, state, last_seen }) => {
    const mark = `[data-user-id="${CSS.escape(user_id)}"]`
    for (const dot of document.querySelectorAll(`.presence${mark}`)) {
      dot.dataset.state = state
      dot.title = state === "online" ? gettext("Online") : ""
    }
    for (const status of document.querySelectorAll(`.conversation-status${mark}`)) {
      status.dataset.state = state
      status.textContent = state === "online" ? gettext("Online") : gettext("Last seen")
      if (state !== "online") status.append(" ", moment(last_seen ?? new Date().toISOString()))
    }
  })
}

function moment(at) {
  const time = document.createElement("time")
  time.dateTime = at
  return time
}
