import { fetchElement } from "chat/lib/elements.js"
import { fetchFragment } from "chat/lib/fragments.js"

const app = () => document.querySelector(".app")
let restore = () => {}

/** Opens a thread by the address of its page, which becomes this page's. */
export async function openThread(address) {
  if (!(await showThread(address))) return location.assign(address)
  const { panel, first = false } = history.state ?? {}
  history[panel ? "replaceState" : "pushState"]({ panel: address, first }, "", address)
}

export async function showThread(address) {
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

export function closeThread() {
  const panel = document.querySelector("chat-thread")
  if (!panel) return
  const { rootId: root } = panel.dataset
  const hold = conversationMessages()?.hold() ?? restore
  panel.remove()
  app().dataset.column = "main"
  hold()
  document.querySelector(`chat-conversation .message[data-message-id="${root}"] .thread-chip`)?.focus({ preventScroll: true })
}

function conversationMessages() {
  const messages = document.querySelector("chat-conversation chat-messages")
  return messages?.offsetParent ? messages : null
}
