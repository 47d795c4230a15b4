// One row of the list of conversations: see templates/messaging/_rows.html.

const PREVIEW_CHARACTERS = 160
const BADGE_MOST = 99

/** The latest message's words and time. */
export function showLatest(row, seq, { content, created_at }) {
  row.dataset.lastSeq = seq
  row.querySelector(".row-time").dateTime = created_at
  const start = content.slice(0, 2 * PREVIEW_CHARACTERS).replace(/\s+/g, " ").trim()
  row.querySelector(".row-preview").textContent = start.slice(0, PREVIEW_CHARACTERS)
}

/** How what is begun there begins; "" for nothing. */
export function showDraft(row, text) {
  const draft = row.querySelector(".row-draft")
  const start = text.slice(0, 2 * PREVIEW_CHARACTERS).replace(/\s+/g, " ").trim()
  draft.querySelector("bdi").textContent = start.slice(0, PREVIEW_CHARACTERS)
  draft.hidden = !start
}

export function showUnread(row, unread) {
  row.dataset.unread = unread
  const badge = row.querySelector(".badge")
  badge.textContent = unread > BADGE_MOST ? `${BADGE_MOST}+` : unread
  badge.hidden = unread === 0
  badge.classList.remove("badge-dot") // what was marked unread was read, or has news
  delete row.dataset.marked
  row.hash = unread ? "#new" : ""
}

/** To the top of those that are pinned, or else of the others. */
export function moveToTop(row) {
  const item = row.closest("li")
  const first = "pinned" in row.dataset ? item.parentElement.firstElementChild : item.parentElement.querySelector(":scope > li:not(:has(> [data-pinned]))")
  if (first === item) return
  // Moving an element takes the focus away from it; whoever walks the list by keyboard keeps their place.
  const focused = item.contains(document.activeElement) ? document.activeElement : null
  first.before(item)
  focused?.focus({ preventScroll: true })
}
