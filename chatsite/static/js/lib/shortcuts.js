const TYPED = "input:not([type=checkbox], [type=radio], [type=file]), textarea, select, [contenteditable]"
const ON_TOP = ":popover-open, dialog[open]"

/** The keys that work on every page; templates/messaging/shortcuts.html lists them. */
export function keepShortcuts() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return
    if (press(event) !== false) event.preventDefault()
  })
}

/** Returns false where the key is none of ours. */
function press(event) {
  const { key, altKey, shiftKey } = event
  const mod = event.ctrlKey || event.metaKey
  if (mod) return !altKey && !shiftKey && key.toLowerCase() === "k" && load("chat/lib/palette.js", "openPalette")
  if (document.querySelector(ON_TOP)) return false // the browser closes it
  if (altKey) return (key === "ArrowDown" || key === "ArrowUp") && walk(key === "ArrowDown" ? 1 : -1, shiftKey)
  if (key === "Escape") return escape(event.target)
  if (event.target.closest(TYPED)) return false
  if (key === "?") return load("chat/lib/shortcuts-dialog.js", "openShortcuts")
  return key === "/" && find()
}

/** What is not needed until a key asks for it is fetched then. */
function load(module, name) {
  import(module).then((loaded) => loaded[name]())
}

function walk(step, unread) {
  const rows = [...document.querySelectorAll("chat-sidebar .row[data-conversation-id]")]
  const here = rows.findIndex((row) => row.hasAttribute("aria-current"))
  const order = step > 0 ? rows.slice(here + 1) : rows.slice(0, here < 0 ? undefined : here).reverse()
  const next = order.find((row) => !unread || Number(row.dataset.unread) > 0)
  if (next) next.click()
}

function find() {
  const field = document.querySelector("main input[type=search]")
  if (!field) return false
  field.focus()
  field.select()
  return undefined
}

/** Closes what stands beside the conversation; where nothing does, the conversation is read, and shown at its end. */
function escape(target) {
  if (target.matches("input[type=search]") && target.value) return false // the browser empties it
  const closing = [...document.querySelectorAll("[data-closes]")].at(-1)
  const conversation = document.querySelector("chat-conversation")
  if (closing) closing.click()
  else if (conversation) conversation.settle()
  else return false
  return undefined
}
