// What somebody who is at the conversation needs sooner or later.
const SOON = [
  "lib/message-menu.js", "lib/emoji-picker.js", "lib/suggestions.js", "lib/edit-mode.js", "lib/file-tray.js", "realtime/uploads.js", "realtime/amender.js",
  "lib/send-later.js", "lib/edit-history.js", "lib/picture-viewer.js", "lib/receipts-menu.js", "elements/chat-thread.js", "elements/chat-details.js",
  "lib/row-menu.js", "lib/thread-panel.js", "lib/thread-chips.js", "lib/details-panel.js", "lib/code-copy.js",
]
const SIGNS = ["pointermove", "pointerdown", "keydown"]

/** Fetches that at the first sign of somebody: the page itself does not wait for it, and later nobody does. */
export function fetchAhead() {
  const sign = new AbortController()
  const begin = () => {
    if (!navigator.onLine) return // some browsers remember that a module could not be fetched
    sign.abort()
    for (const module of SOON) import(`chat/${module}`).catch((failure) => console.info("Fetched again when it is used.", failure))
  }
  if (document.querySelector("chat-conversation")) for (const type of SIGNS) addEventListener(type, begin, { signal: sign.signal, passive: true, capture: true })
}
