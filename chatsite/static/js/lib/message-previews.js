import { ask } from "chat/lib/api.js"
import { offer } from "chat/lib/message-actions.js"
import { tell } from "chat/lib/toast.js"
import { gettext } from "chat/lib/words.js"

// Taking the previews of links off one's own message. That they are gone is told by a change, as everything about a message is.

offer({
  name: "previews",
  icon: "close",
  order: 85,
  label: () => gettext("Remove previews"),
  offered: ({ item, mine, deleted }) => mine && !deleted && item.querySelector(".previews") !== null,
  run: ({ id }) => removePreviews(id),
})

export async function removePreviews(id) {
  const response = await ask("DELETE", `messages/${id}/previews/`)
  if (!response?.ok) tell(response?.answer?.detail ?? gettext("The chat cannot be reached."), { error: true })
}
