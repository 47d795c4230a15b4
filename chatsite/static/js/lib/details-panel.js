import { fetchElement } from "chat/lib/elements.js"
import { fetchFragment } from "chat/lib/fragments.js"

/** Opens the panel of a link to it beside the conversation, or closes it. */
export async function openDetails(link) {
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
