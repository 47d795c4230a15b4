/** Puts a text into the clipboard; promises whether it got there. Without TLS there is no clipboard to write to: the older way is tried. */
export async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text).then(() => true, () => false)
  const field = Object.assign(document.createElement("textarea"), { value: text, className: "visually-hidden", readOnly: true })
  const before = document.activeElement
  document.body.append(field)
  field.select()
  const copied = document.execCommand("copy")
  field.remove()
  before?.focus()
  return copied
}
