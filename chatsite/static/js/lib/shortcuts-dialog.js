import { fetchFragment } from "chat/lib/fragments.js"
import { gettext } from "chat/lib/words.js"

let dialog = null

/** Shows the list of the page of shortcuts over this one. */
export async function openShortcuts() {
  dialog ??= await make()
  if (dialog) dialog.showModal()
  else location.assign("/shortcuts/")
}

async function make() {
  const page = await fetchFragment("/shortcuts/")
  const list = page?.body.querySelector("#shortcuts")
  if (!list) return null
  const made = Object.assign(document.createElement("dialog"), { className: "dialog shortcuts-dialog" })
  const head = page.body.querySelector("main h1")
  head.id = "shortcuts-head"
  made.setAttribute("aria-labelledby", head.id)
  if (/mac|iphone|ipad/i.test(navigator.platform)) for (const key of list.querySelectorAll(".mod")) key.textContent = "⌘"
  const close = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: gettext("Close"), autofocus: true })
  close.addEventListener("click", () => made.close())
  made.addEventListener("click", ({ target }) => target === made && made.close())
  made.append(head, list, close)
  document.body.append(made)
  return made
}
