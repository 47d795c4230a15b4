import { ask } from "chat/lib/api.js"
import { isThere, offer } from "chat/lib/message-actions.js"
import { tell } from "chat/lib/toast.js"
import { gettext } from "chat/lib/words.js"
import { live } from "chat/realtime/live.js"

async function save({ id }) {
  const said = await ask("POST", "saved-messages/", { message_id: id })
  if (!said?.ok) return tell(said?.answer?.detail ?? gettext("This could not be saved right now."), { error: true })
  const taken = said.status === 200
  const undo = { label: taken ? gettext("Remove") : gettext("Undo"), run: () => drop(id) }
  return tell(taken ? gettext("You have saved this already.") : gettext("Saved. You find it under “Saved messages”."), { undo })
}

async function drop(id) {
  const said = await ask("DELETE", `saved-messages/${id}/`)
  if (said?.ok) tell(gettext("Removed from your saved messages."))
}

if (live) offer({ name: "save", icon: "star", order: 40, label: () => gettext("Save"), offered: isThere, run: save })
