import { answered } from "chat/lib/fragments.js"

/** Sends a form without leaving the page; where that fails it is sent as any form is, and the answer is shown. */
export async function sendQuietly(form) {
  const request = { method: "POST", body: new FormData(form), redirect: "manual" }
  const response = await answered(fetch(form.action, request))
  // To be sent on elsewhere is how a form answers that it is done.
  if (response?.type !== "opaqueredirect" && !response?.ok) form.submit()
}

/** Forms marked `data-quiet` change nothing on the page by themselves: what they do comes over the line. */
export function keepFormsQuiet() {
  document.addEventListener("submit", (event) => {
    const form = event.target
    if (!form.matches("form[data-quiet]")) return
    event.preventDefault()
    form.closest("[popover]")?.hidePopover()
    sendQuietly(form)
  })
}
