import { tell } from "chat/lib/toast.js"
import { gettext } from "chat/lib/words.js"

/** Why a change to a message was refused, in words for who asked for it: see Amender. */
export function refusalWords({ code, detail }) {
  if (code === "not_found") return gettext("This message is not here any more, or you are no longer in this conversation.")
  return detail || gettext("This could not be done.")
}

/** The same, over the page. */
export const tellRefusal = (refusal) => tell(refusalWords(refusal), { error: true })
