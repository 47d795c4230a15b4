const LONG_MS = 450
const SLIP_PX = 10 // that a resting finger may move
const ITSELF = ".message-body a, input, label, video, audio, summary" // what answers to a long press by itself, or to none

/** Calls `pressed(item)` where a finger rests on an item that matches `selector`. */
export class LongPress {
  #timer = null
  #from = null

  constructor(root, selector, pressed) {
    Object.assign(this, { selector, pressed })
    root.addEventListener("pointerdown", (event) => this.#down(event))
    root.addEventListener("pointermove", ({ clientX, clientY }) => this.#from && Math.hypot(clientX - this.#from.x, clientY - this.#from.y) > SLIP_PX && this.#end())
    for (const type of ["pointerup", "pointercancel"]) root.addEventListener(type, () => this.#end())
    root.addEventListener("scroll", () => this.#end(), { passive: true })
    root.addEventListener("contextmenu", (event) => this.#menu(event))
  }

  #down({ target, pointerType, clientX: x, clientY: y }) {
    this.#end()
    const item = pointerType === "touch" && !target.closest(ITSELF) && target.closest(this.selector)
    if (!item) return
    this.#from = { x, y }
    this.#timer = setTimeout(() => this.#fire(item), LONG_MS)
  }

  /** The browser's own menu would come over ours. */
  #menu(event) {
    if (event.pointerType !== "touch" || event.target.closest(ITSELF)) return
    event.preventDefault()
  }

  #fire(item) {
    this.#end()
    navigator.vibrate?.(10)
    addEventListener("click", still, { capture: true, once: true })
    addEventListener("pointerdown", () => removeEventListener("click", still, { capture: true }), { capture: true, once: true })
    this.pressed(item)
  }

  #end() {
    clearTimeout(this.#timer)
    this.#from = null
  }
}

/** The finger lets go where it pressed: that is no click. */
function still(event) {
  event.preventDefault()
  event.stopPropagation()
}
