import { fetchElement } from "chat/lib/elements.js"
import { fetchFragment } from "chat/lib/fragments.js"

const app = () => document.querySelector(".app")
let restore = () => {}

/**
 * Threads open beside the conversation that is on the page, which stays as it is. Their addresses are those of pages: where something
 * else is in the way, one goes there.
 */
export function keepSidePanel() {
  if (document.querySelector("chat-thread")) history.replaceState({ panel: location.href, first: true }, "")
  document.addEventListener("click", (event) => follow(event, event.target.closest("a.thread-chip, a.thread-line, a.thread-close")))
  document.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && leave(event.target))
  addEventListener("popstate", ({ state }) => (state?.panel ? show(state.panel) : close()))
}

/** Opens a thread by the address of its page, which becomes this page's. */
export async function openThread(address) {
  if (!(await show(address))) return location.assign(address)
  const { panel, first = false } = history.state ?? {}
  history[panel ? "replaceState" : "pushState"]({ panel: address, first }, "", address)
}

function follow(event, link) {
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return
  const closes = link.matches(".thread-close")
  if (closes && (!history.state?.panel || history.state.first)) return // the page began with it: there is no way back
  event.preventDefault()
  if (closes) history.back()
  else openThread(link.href)
}

async function show(address) {
  const conversation = document.querySelector("chat-conversation")
  const missed = []
  const note = ({ detail }) => missed.push(detail)
  conversation.addEventListener("applied", note)
  const [page] = await Promise.all([fetchFragment(address), fetchElement("chat-thread")])
  conversation.removeEventListener("applied", note)
  const panel = page?.body.querySelector("chat-thread")
  if (!panel || page.body.querySelector("chat-conversation").dataset.conversationId !== conversation.dataset.conversationId) return false
  put(panel)
  await null // until it has begun
  panel.catchUp(missed)
  panel.reveal(new URL(address, location.href).hash)
  if (!matchMedia("(pointer: coarse)").matches) panel.querySelector("textarea")?.focus({ preventScroll: true })
  return true
}

function put(panel) {
  const open = document.querySelector(".app-details")
  if (open) return open.replaceWith(panel)
  restore = conversationMessages()?.hold() ?? restore
  app().append(panel)
  app().dataset.column = "details"
  if (conversationMessages()) restore()
}

function close() {
  const panel = document.querySelector("chat-thread")
  if (!panel) return
  const { rootId: root } = panel.dataset
  const hold = conversationMessages()?.hold() ?? restore
  panel.remove()
  app().dataset.column = "main"
  hold()
  document.querySelector(`chat-conversation .message[data-message-id="${root}"] .thread-chip`)?.focus({ preventScroll: true })
}

function leave(target) {
  const panel = document.querySelector("chat-thread")
  const busy = document.querySelector(":popover-open, dialog[open]")
  if (panel?.contains(target) && !busy) panel.querySelector(".thread-close").click()
}

function conversationMessages() {
  const messages = document.querySelector("chat-conversation chat-messages")
  return messages?.offsetParent ? messages : null
}
