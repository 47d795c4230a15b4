import { gettext } from "chat/lib/words.js"
import { live } from "chat/realtime/live.js"

const PATIENCE_MS = 1_500
const SETTLED = new Set(["ready", "http", "over"])

/** One calm line about the connection, only when it has been gone for a moment. */
export function keepConnectionLine(line) {
  let timer = null
  const draw = () => {
    clearTimeout(timer)
    timer = null
    const text = words()
    if (line.textContent !== text) line.textContent = text // said once, also by those who read it aloud
    line.hidden = text === ""
  }
  const changed = () => {
    line.dataset.state = live.state
    if (SETTLED.has(live.state) || !line.hidden) draw()
    else timer ??= setTimeout(draw, PATIENCE_MS)
  }
  live.addEventListener("state", changed)
  live.outbox.addEventListener("changed", changed)
  for (const moment of ["online", "offline"]) addEventListener(moment, changed)
}

function words() {
  if (live.state === "ready" || live.socket.verdict === "sign-in") return ""
  if (live.state === "over") return gettext("This page is out of date. Please load it again; nothing you wrote is lost.")
  if (live.state === "http") return gettext("No live connection. Messages come and go a little later.")
  const reason = navigator.onLine ? gettext("Connecting…") : gettext("You are offline.")
  return `${reason} ${waiting()}`
}

function waiting() {
  if (live.outbox.keeps) return gettext("Messages wait and go out by themselves.")
  return gettext("Messages wait while this tab is open: this browser keeps nothing.")
}
