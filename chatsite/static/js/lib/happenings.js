import { seqOf } from "chat/lib/message-items.js"

// What happened between the messages, `<li class="happening">`: see messaging/presentation/happenings.py.

export const happened = (item) => item.matches(".happening")

/** The seq of the message after which it is told. */
export const standsAfter = (line) => Number(line.dataset.after)

/** Whether the list tells of it already. */
export const isTold = (list, line) => list.querySelector(`:scope > .happening[data-rev="${line.dataset.rev}"]`) !== null

/** Whether it stands between these messages; null: the log itself begins, or ends, there. */
export function belongs(line, first, last) {
  return (!first || standsAfter(line) >= seqOf(first)) && (!last || standsAfter(line) <= seqOf(last))
}
