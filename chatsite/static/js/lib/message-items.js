import { elements } from "chat/lib/fragments.js"
import { saidIn } from "chat/lib/message-body.js"
import { gettext } from "chat/lib/words.js"

// What one `<li class="message">` is and says: see templates/messaging/_message.html.

const TICK_WORDS = {
  waiting: gettext("Waiting to be sent"),
  sent: gettext("Sent"),
  delivered: gettext("Delivered"),
  read: gettext("Read"),
}

export const seqOf = (item) => Number(item.dataset.seq)
/** A line for a reply stands by itself, whoever wrote what is around it. */
export const standing = (item) => ({ sender: item.matches(".in-thread") ? item.id : item.dataset.senderId, at: item.dataset.at })
export const bodyText = (item) => saidIn(item)

/** The `message.created` that an item of a fetched page stands for. */
export function eventOf(item) {
  const { messageId: id, seq, clientId: client_id, senderId: sender_id, at: created_at, threadId: thread_id } = item.dataset
  const message = { id, seq: Number(seq), client_id, sender_id, content: bodyText(item), created_at, thread_id }
  return { type: "message.created", seq: Number(seq), message, html: item.outerHTML }
}

/** The item of a drawn event, with `mine` as it is for this viewer. */
export function drawn(html, viewer) {
  const [item] = elements(html)
  return forViewer(item, viewer)
}

/** The message of a drawn event as it stands in a thread: a reply as a whole, and what it is to without its chip. */
export function drawnInThread(html, viewer) {
  const [item] = elements(html)
  const whole = item.querySelector(":scope > template")?.content.firstElementChild ?? item
  whole.querySelector(".thread-chip")?.remove()
  whole.id = `reply-${whole.dataset.seq}`
  return forViewer(whole, viewer)
}

export function forViewer(item, viewer) {
  const mine = item.dataset.senderId === viewer
  item.classList.toggle("mine", mine)
  for (const mention of item.querySelectorAll("a.mention")) mention.classList.toggle("mention-own", mention.dataset.userId === viewer)
  for (const chip of item.querySelectorAll(".reaction")) chip.setAttribute("aria-pressed", String(chip.dataset.userIds.split(" ").includes(viewer)))
  const ticks = item.querySelector(".ticks")
  if (ticks) ticks.hidden = !mine
  return item
}

/** The optimistic copy of an entry of the outbox, from the page's template. Its text goes in as text. */
export function pending(entry, viewer) {
  const item = document.getElementById("message-template").content.firstElementChild.cloneNode(true)
  item.removeAttribute("id")
  Object.assign(item.dataset, { clientId: entry.client_id, seq: "", senderId: viewer, at: entry.at, pending: "" })
  for (const time of item.querySelectorAll("time")) time.dateTime = entry.at
  item.querySelector(".message-body").textContent = entry.content
  if (entry.quote) item.querySelector(".message-body").before(quoted(entry.quote))
  if (entry.files?.length) item.querySelector(".message-body").before(waitingFiles(entry.files))
  return setTick(forViewer(item, viewer), "waiting")
}

/** What they are drawn with is fetched for them. */
function waitingFiles(files) {
  const list = Object.assign(document.createElement("ul"), { className: "files" })
  import("chat/lib/file-rows.js").then(({ fillWaiting }) => fillWaiting(list, files))
  return list
}

function quoted({ seq, name, text, sender_id }) {
  const quote = Object.assign(document.createElement("a"), { className: "quote", href: `#message-${seq}` })
  Object.assign(quote.dataset, { seq, senderId: sender_id })
  for (const [className, textContent] of [["quote-author", name], ["quote-text", text]]) {
    quote.append(Object.assign(document.createElement("span"), { className, textContent, dir: "auto" }))
  }
  return quote
}

export function setTick(item, state) {
  const ticks = item.querySelector(".ticks")
  if (!ticks || ticks.dataset.state === state) return item
  ticks.dataset.state = state
  ticks.title = TICK_WORDS[state]
  ticks.setAttribute("aria-label", TICK_WORDS[state])
  return item
}

/** Shows on a pending item why the server refused it, with the ways out; null takes that away again. */
export function setRefusal(item, error) {
  item.querySelector(".refusal")?.remove()
  item.classList.toggle("failed", error !== null)
  if (error === null) return
  const refusal = document.createElement("p")
  refusal.className = "refusal"
  const reason = document.createElement("span")
  reason.textContent = error.detail || (error.code === "too_large" ? gettext("This message is too large.") : gettext("This message could not be sent."))
  refusal.append(reason, button("retry", gettext("Try again")), button("discard", gettext("Delete")))
  item.append(refusal)
}

function button(action, label) {
  const element = document.createElement("button")
  Object.assign(element, { type: "button", className: "link-button", textContent: label })
  element.dataset.action = action
  return element
}
