import { once } from "chat/lib/once.js"

/** The way to the menu of a row: RowMenu is fetched when somebody first comes near one, and does then what was asked meanwhile. */
export class RowMenuOpener {
  #down = null // where a finger or button is held

  constructor(list, menu) {
    const fetched = new AbortController()
    const { signal } = fetched
    this.menu = once(async () => {
      const { RowMenu } = await import("chat/lib/row-menu.js")
      fetched.abort()
      return new RowMenu(list, menu)
    })
    for (const type of ["click", "contextmenu", "pointerdown"]) list.addEventListener(type, (event) => this.#asked(event), { signal })
    for (const type of ["pointerup", "pointercancel"]) list.addEventListener(type, () => (this.#down = null), { signal })
  }

  async #asked(event) {
    const pressed = event.type === "pointerdown"
    if (pressed) this.#down = event
    else if (!isForMenu(event)) return
    else event.preventDefault()
    const menu = await this.menu()
    if (!pressed || this.#down === event) menu.hear(event)
  }
}

function isForMenu({ type, target, ctrlKey, metaKey }) {
  if (type === "contextmenu") return target.closest("li")?.querySelector(".row")
  return target.closest(".row-more") && !ctrlKey && !metaKey
}
