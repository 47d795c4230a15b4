import { gettext } from "chat/lib/words.js"

const COPIED_MS = 1_500

/** Puts the code beside a pressed "Copy" into the clipboard, and says so on the button for a moment. */
export async function copyCode(button) {
  if (!(await copied(button.parentElement.querySelector("code")))) return
  const words = button.textContent
  button.textContent = gettext("Copied")
  setTimeout(() => (button.textContent = words), COPIED_MS)
}

/** Without TLS there is no clipboard to write to: then the code is selected, and the older way tried. */
async function copied(code) {
  if (navigator.clipboard) return navigator.clipboard.writeText(code.textContent).then(() => true, () => false)
  getSelection().selectAllChildren(code)
  return document.execCommand("copy")
}
