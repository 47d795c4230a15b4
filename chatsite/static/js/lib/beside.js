const EDGE_PX = 8 // between a menu and the window's edge

/**
 * Puts an open popover under a box (a DOMRect), flush with its end, above it where there is no room below, and within the window.
 * A box without a width is a pointer: there it begins.
 */
export function placeUnder(menu, { top, bottom, left, right }) {
  const { offsetWidth: width, offsetHeight: height } = menu
  const leftwards = (getComputedStyle(menu).direction === "rtl") === (left === right)
  const start = leftwards ? right - width : left
  const below = bottom + height + EDGE_PX <= innerHeight
  menu.style.left = `${Math.max(EDGE_PX, Math.min(start, innerWidth - width - EDGE_PX))}px`
  menu.style.top = `${below ? bottom : Math.max(EDGE_PX, top - height)}px`
}
