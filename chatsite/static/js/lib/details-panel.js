import { fetchElement } from "chat/lib/elements.js"
import { fetchFragment } from "chat/lib/fragments.js"

const BESIDE = matchMedia("(width >= 75rem)") // room for three columns: see layout.css

/** Opens the panel of a link to it beside the conversation, where there is room; elsewhere the link leads to its page. */
export async function openBeside(event, link) {
  if (!link || !BESIDE.matches || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  const app = link.closest(".app")
  const there = app.querySelector(":scope > chat-details")
  if (there) return there.querySelector(".details-close").click()
  const [page] = await Promise.all([fetchFragment(link.href), fetchElement("chat-details")])
  const panel = page?.body.querySelector("chat-details")
  if (!panel) return location.assign(link.href)
  panel.dataset.opened = ""
  app.querySelector(":scope > chat-thread")?.remove()
  app.append(panel)
  app.dataset.column = "details"
  return panel.querySelector(".details-close").focus()
}
