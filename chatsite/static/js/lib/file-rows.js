import { gettext } from "chat/lib/words.js"
import { live } from "chat/realtime/live.js"
import { sizeWords } from "chat/thinking/sizes.js"

// Files that are not at the server yet, beside the text one writes and in a message on its way. Names go in as text.

/** The parts of a row: a small picture or a sign, name, size, how far it is. */
export function fileRow(file) {
  const words = part("file-words", part("file-name", file.name), part("file-size", sizeWords(file.size, document.documentElement.lang)))
  words.firstChild.dir = "auto"
  return [face(file), words, progress(file)]
}

/** Fills the list of files in a message that waits to be sent, and shows how far each of them is. */
export async function fillWaiting(list, files) {
  list.append(...files.map(waiting))
  const uploads = await live.outbox.uploads()
  const show = ({ detail: key }) => {
    const row = list.querySelector(`[data-file-key="${CSS.escape(key)}"]`)
    if (!list.isConnected) uploads.removeEventListener("moved", show)
    else if (row) drawProgress(row, uploads.of(key))
  }
  uploads.addEventListener("moved", show)
}

function waiting(file) {
  const row = document.createElement("li")
  row.className = "file"
  row.dataset.fileKey = file.key
  row.append(...fileRow(file))
  return row
}

/** `upload` is undefined once it is at the server. */
export function drawProgress(row, upload) {
  const bar = row.querySelector("progress")
  bar.value = upload ? upload.sent : bar.max
  bar.hidden = !upload
}

function face({ type, blob }) {
  if (!/^image\/(png|jpeg|gif|webp|avif)$/.test(type) || !blob) return sign()
  const picture = document.createElement("img")
  Object.assign(picture, { className: "file-face", alt: "", src: URL.createObjectURL(blob) })
  picture.addEventListener("load", () => URL.revokeObjectURL(picture.src), { once: true })
  picture.addEventListener("error", () => picture.replaceWith(sign()), { once: true })
  return picture
}

function sign() {
  const icon = part("file-icon")
  icon.append(document.querySelector(".file-icon-template")?.content.cloneNode(true) ?? "")
  return icon
}

function progress({ size, ready, name }) {
  const bar = document.createElement("progress")
  Object.assign(bar, { className: "file-progress", max: size, value: 0, hidden: ready === true })
  bar.setAttribute("aria-label", `${gettext("Sending")} ${name}`)
  return bar
}

function part(className, ...inside) {
  const element = document.createElement("span")
  element.className = className
  element.append(...inside)
  return element
}
