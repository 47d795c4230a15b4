/**
 * Threads open beside the conversation that is on the page, which stays as it is. Their addresses are those of pages: where something
 * else is in the way, one goes there. See thread-panel.js, which is fetched for the first.
 */
export function keepSidePanel() {
  if (document.querySelector("chat-thread")) history.replaceState({ panel: location.href, first: true }, "")
  document.addEventListener("click", (event) => follow(event, event.target.closest("a.thread-chip, a.thread-line, a.thread-close")))
  document.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && leave(event.target))
  addEventListener("popstate", ({ state }) => went(state?.panel))
}

const fetched = () => import("chat/lib/thread-panel.js")

async function went(address) {
  if (!address && !document.querySelector("chat-thread")) return
  const panel = await fetched()
  if (address) panel.showThread(address)
  else panel.closeThread()
}

function follow(event, link) {
  if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return
  const closes = link.matches(".thread-close")
  if (closes && (!history.state?.panel || history.state.first)) return // the page began with it: there is no way back
  event.preventDefault()
  if (closes) history.back()
  else fetched().then((panel) => panel.openThread(link.href))
}

function leave(target) {
  const panel = document.querySelector("chat-thread")
  const busy = document.querySelector(":popover-open, dialog[open]")
  if (panel?.contains(target) && !busy) panel.querySelector(".thread-close").click()
}
