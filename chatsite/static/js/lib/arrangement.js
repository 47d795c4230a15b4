import { standing } from "chat/lib/message-items.js"
import { day, placing } from "chat/thinking/grouping.js"

/** Sets days and groups of `messages` in `list` right, in the reader's own zone: of all, or only around one that was put in. */
export function arrange(list, messages, changed = null) {
  const from = changed ? messages.indexOf(changed) : 0
  const until = changed ? Math.min(from + 2, messages.length) : messages.length
  for (let index = from; index < until; index += 1) place(list, messages[index - 1] ?? null, messages[index])
}

function place(list, previous, item) {
  const { newDay, follows } = placing(previous && standing(previous), standing(item))
  const between = [...gap(previous, item, list)]
  item.classList.toggle("follows", follows && !between.some((each) => each.matches(".new-line")))
  const above = between.filter((each) => each.matches(".day"))
  if (!newDay) above.forEach((each) => each.remove())
  else if (!above.length) item.before(separator(item.dataset.at))
  else above[0].querySelector("time").setAttribute("datetime", item.dataset.at)
}

function* gap(previous, item, list) {
  let each = previous ? previous.nextElementSibling : list.firstElementChild
  for (; each && each !== item; each = each.nextElementSibling) yield each
}

function separator(at) {
  const item = document.createElement("li")
  item.className = "day"
  const time = document.createElement("time")
  time.dateTime = at
  time.textContent = day(at)
  item.append(time)
  return item
}
