const SHOWN_MS = 4_000

/**
 * Says in one line what has just been done, over the page, and to screen readers. With `undo: {label, ms, run}` there is a button
 * for `ms` that takes it back. Returns what takes the line away.
 */
export function tell(text, { error = false, undo = null } = {}) {
  const line = Object.assign(document.createElement("p"), { className: `toast toast-told${error ? " toast-error" : ""}`, textContent: text, dir: "auto" })
  const gone = () => line.remove()
  if (undo) line.append(button(undo, gone))
  const host = shelf()
  host.append(line)
  host.hidePopover()
  host.showPopover() // over a dialog or menu that was opened since
  const timer = setTimeout(gone, undo?.ms ?? SHOWN_MS)
  return () => (clearTimeout(timer), gone())
}

function button({ label, run }, gone) {
  const element = Object.assign(document.createElement("button"), { type: "button", className: "toast-undo", textContent: label })
  element.addEventListener("click", () => (gone(), run()), { once: true })
  return element
}

function shelf() {
  const known = document.querySelector(".toasts-told")
  if (known) return known
  const host = Object.assign(document.createElement("div"), { className: "toasts toasts-told", popover: "manual" })
  host.setAttribute("role", "status")
  document.body.append(host)
  host.showPopover()
  return host
}
