import { gettext } from "chat/lib/words.js"
import { live } from "chat/realtime/live.js"

const PATIENCE_MS = 1_500

/** One calm line about the connection, only when it has been gone for a moment. */
export function keepConnectionLine(line) {
  let timer = null
  const draw = () => {
    line.textContent = words()
    line.hidden = line.textContent === ""
  }
  const changed = () => {
    clearTimeout(timer)
    line.dataset.state = live.socket.state
    if (live.socket.state === "ready" || live.socket.state === "over") draw()
    else timer = setTimeout(draw, line.hidden ? PATIENCE_MS : 0)
  }
  live.socket.addEventListener("state", changed)
  for (const moment of ["online", "offline"]) addEventListener(moment, changed)
}

function words() {
  if (live.socket.state === "ready" || live.socket.verdict === "sign-in") return ""
  if (live.socket.state === "over") return gettext("This page is out of date. Please load it again; nothing you wrote is lost.")
  if (!navigator.onLine) return gettext("You are offline. Messages wait and go out by themselves.")
  return gettext("Connecting… Messages wait and go out by themselves.")
}
