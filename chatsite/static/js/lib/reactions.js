import { pickEmoji } from "chat/lib/emoji-picker.js"
import { recent, use } from "chat/lib/emoji-shelf.js"
import { offer } from "chat/lib/message-actions.js"
import { refusalWords } from "chat/lib/refusals.js"
import { tell } from "chat/lib/toast.js"
import { gettext } from "chat/lib/words.js"
import { live } from "chat/realtime/live.js"

const QUICK = 6
const USUAL = ["👍", "❤️", "😂", "🎉", "😮", "😢"]

/** Those one uses, the latest first, made up with what everybody does. */
export const quick = () => [...new Set([...recent(), ...USUAL])].slice(0, QUICK)

/** Sets one's reaction; the one that is set already is taken back. */
export async function react({ item, id }, emoji) {
  const chip = [...item.querySelectorAll(".reaction")].find(({ value }) => value === emoji)
  const on = chip?.getAttribute("aria-pressed") !== "true"
  if (on) use(emoji)
  chip?.setAttribute("aria-busy", "true")
  const { refusal } = await live.amend({ type: "reaction.set", message_id: id, emoji, on })
  chip?.removeAttribute("aria-busy")
  if (refusal) tell(refusalWords(refusal), { error: true })
}

async function choose(message) {
  const emoji = await pickEmoji(message.anchor ?? message.item)
  if (emoji) react(message, emoji)
}

offer({ name: "react", icon: "smile", order: 5, label: () => gettext("Other emoji"), run: choose })
