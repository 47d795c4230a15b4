const EDGE = 64 // pixels of the drawn icon
const MOST = 9 // that can be read in an icon of 16 pixels
const RED = "#c8372d"

let shown = 0
let plain = null

/** Says how many messages are unread: in the title, on the icon of the tab, and on that of the installed app. */
export function showTotal(total) {
  const title = document.title.replace(/^\(\d+\) /, "")
  document.title = total ? `(${total}) ${title}` : title
  const words = total > MOST ? `${MOST}+` : String(total)
  const before = shown > MOST ? `${MOST}+` : String(shown)
  shown = total
  if (words !== before) drawIcon(total ? words : "")
  // Where the chat is not installed there is nothing to put a number on, and the promise says so.
  if ("setAppBadge" in navigator) (total ? navigator.setAppBadge(total) : navigator.clearAppBadge()).catch(() => null)
}

/** The icons of the page in its head; while one is drawn, only that is left. */
function drawIcon(words) {
  plain ??= [...document.head.querySelectorAll('link[rel="icon"]')]
  if (!words) return put(plain)
  const image = new Image(EDGE, EDGE)
  image.addEventListener("load", () => {
    if (shown) put([link(picture(image, shown > MOST ? `${MOST}+` : String(shown)))])
  })
  image.src = plain[0].href
  return undefined
}

function put(links) {
  for (const old of document.head.querySelectorAll('link[rel="icon"]')) old.remove()
  document.head.append(...links)
}

const link = (href) => Object.assign(document.createElement("link"), { rel: "icon", type: "image/png", href })

function picture(image, words) {
  const canvas = Object.assign(document.createElement("canvas"), { width: EDGE, height: EDGE })
  const pen = canvas.getContext("2d")
  const radius = EDGE * 0.32
  pen.drawImage(image, 0, 0, EDGE, EDGE)
  pen.fillStyle = RED
  pen.beginPath()
  pen.arc(EDGE - radius, radius, radius, 0, 2 * Math.PI)
  pen.fill()
  Object.assign(pen, { fillStyle: "#fff", textAlign: "center", textBaseline: "middle", font: `bold ${words.length > 1 ? 26 : 32}px sans-serif` })
  pen.fillText(words, EDGE - radius, radius + 2)
  return canvas.toDataURL()
}
