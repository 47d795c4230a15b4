const GROUP_MS = 5 * 60_000

/** Local calendar day of an ISO time, as `2026-01-31`. */
export function day(at) {
  const date = new Date(at)
  const two = (number) => String(number).padStart(2, "0")
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/** How `message` stands after `previous` (both `{sender, at}`, previous may be null): under a new date, in the same group. */
export function placing(previous, message) {
  if (!previous) return { newDay: true, follows: false }
  const newDay = day(previous.at) !== day(message.at)
  const near = Math.abs(Date.parse(message.at) - Date.parse(previous.at)) < GROUP_MS
  return { newDay, follows: !newDay && near && previous.sender === message.sender }
}
