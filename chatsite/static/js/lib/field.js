import { gettext, interpolate } from "chat/lib/words.js"

/** Whether a field has more than `most` characters; then it says by how many. */
export function tooLong(field, most) {
  const surplus = [...field.value].length - most
  if (surplus <= 0) return false
  field.setCustomValidity(interpolate(gettext("This is %(surplus)s characters too long to send."), { surplus }))
  field.reportValidity()
  return true
}

/** As high as the text; CSS says when it is enough. */
export function fit(field) {
  if (CSS.supports("field-sizing", "content")) return
  field.style.blockSize = "auto"
  field.style.blockSize = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`
}
