import { fetchData } from "chat/lib/fragments.js"
import { gettext } from "chat/lib/words.js"

/** What a message said before each edit: a dialog over the page. */
export async function showHistory(id) {
  const dialog = element("dialog", { className: "dialog history" })
  const heading = element("h2", { textContent: gettext("Edit history") })
  dialog.setAttribute("aria-label", heading.textContent)
  const close = element("button", { type: "button", className: "button", textContent: gettext("Close"), autofocus: true })
  close.addEventListener("click", () => dialog.close())
  dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close())
  dialog.addEventListener("close", () => dialog.remove())
  const found = await fetchData(`/api/v1/messages/${id}/history/`)
  dialog.append(heading, found ? versions(found.results) : element("p", { textContent: gettext("This cannot be looked up right now.") }), close)
  document.body.append(dialog)
  dialog.showModal()
}

/** The newest first. */
function versions(results) {
  const list = element("ol", { className: "history-versions" })
  list.append(...results.toReversed().map(({ content, at }) => {
    const [version, time] = [element("li", {}), element("time", { dateTime: at })]
    version.append(time, element("p", { className: "history-text", textContent: content, dir: "auto" }))
    return version
  }))
  return list
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties)
}
