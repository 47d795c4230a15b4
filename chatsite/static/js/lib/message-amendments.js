import { ask } from "chat/lib/api.js"
import { isThere, offer } from "chat/lib/message-actions.js"
import { refusalWords } from "chat/lib/refusals.js"
import { tell } from "chat/lib/toast.js"
import { gettext } from "chat/lib/words.js"
import { live } from "chat/realtime/live.js"

const UNDO_MS = 5_000
const going = new Map() // what is about to be deleted: the timer of each, by id

/** Asks for a change to a message; says so where it is refused, and promises whether it was done. */
async function change(type, { id }, more = {}) {
  const { refusal } = await live.amend({ type, message_id: id, ...more })
  if (refusal) tell(refusalWords(refusal), { error: true })
  return !refusal
}

/** For everyone: it goes out when there is no way back any more, or the page goes. */
function remove(message) {
  const { id, place } = message
  if (going.has(id)) return
  const fade = (on) => place.messages.list.fade(id, on)
  const send = async () => {
    going.delete(id)
    if (!(await change("message.delete", message))) fade(false)
  }
  const back = () => {
    clearTimeout(going.get(id))
    going.delete(id)
    fade(false)
  }
  going.set(id, setTimeout(send, UNDO_MS))
  fade(true)
  tell(gettext("Message deleted for everyone"), { undo: { label: gettext("Undo"), ms: UNDO_MS, run: back } })
}

/** The page goes: now or never. */
function sendAll() {
  for (const [id, timer] of going) {
    clearTimeout(timer)
    ask("DELETE", `messages/${id}/`, undefined, { keepalive: true })
  }
  going.clear()
}

async function hide(message) {
  if (!(await change("message.hide", message, { on: true }))) return
  tell(gettext("Message deleted for you"), { undo: { label: gettext("Undo"), ms: UNDO_MS, run: () => change("message.hide", message, { on: false }) } })
}

addEventListener("pagehide", sendAll)

const mayDelete = (message) => isThere(message) && (message.mine || message.manages)

offer({ name: "edit", icon: "edit", order: 20, label: () => gettext("Edit"), offered: (message) => isThere(message) && message.mine, run: ({ place, id }) => place.querySelector("chat-composer").edit(id) })
offer({ name: "pin", icon: "pin", order: 50, label: ({ pinned }) => (pinned ? gettext("Unpin") : gettext("Pin")), run: (message) => change("message.pin", message, { on: !message.pinned }) })
offer({ name: "delete", icon: "trash", order: 90, danger: true, label: () => gettext("Delete for everyone"), offered: mayDelete, run: remove })
offer({ name: "hide", icon: "trash", order: 80, danger: true, label: () => gettext("Delete for me"), offered: () => true, run: hide })
