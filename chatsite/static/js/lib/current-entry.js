/** Where a row of links is wider than the screen, the one of this page is in sight. */
export function showCurrentEntry(root) {
  root.querySelector(".settings-links [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" })
}
