import { answered } from "chat/lib/fragments.js"
import { live } from "chat/realtime/live.js"

// How a conversation stands in the list: the form of templates/messaging/_arrange.html.

/** Sends the form by the button that was pressed, without leaving the page; where that fails, the page of the form says why. */
export async function arrange(form, button, conversationId) {
  const body = new FormData(form, button)
  const response = await answered(fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "XMLHttpRequest" } }))
  if (!response?.ok) return location.assign(form.action)
  return live.frames.give({ type: "membership.changed", conversation_id: conversationId })
}

/** Shows of the form's buttons those that fit, for `state` as {muted: true …}. */
export function fit(form, state) {
  for (const button of form.querySelectorAll("[data-when]")) {
    const when = button.dataset.when
    button.hidden = when.startsWith("!") ? Boolean(state[when.slice(1)]) : !state[when]
  }
}
