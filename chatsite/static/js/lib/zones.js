import { day } from "chat/thinking/grouping.js"

const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? ""
const two = (number) => String(number).padStart(2, "0")

/** A moment as a field for date and time takes it, by this device's clock. */
export const fieldValue = (date) => `${day(date)}T${two(date.getHours())}:${two(date.getMinutes())}`

/**
 * Fields for a time go by the zone of this device, unless the person chose one (then the page has no `data-device-zone`): the form says
 * which that is.
 */
export function localizeFields(root) {
  if (!("deviceZone" in document.body.dataset)) return
  for (const input of root.querySelectorAll("input[name=zone]")) input.value = zone
  for (const field of root.querySelectorAll("input[data-at]")) field.value = fieldValue(new Date(field.dataset.at))
  for (const words of root.querySelectorAll(".plan-zone")) words.textContent = zone
}
