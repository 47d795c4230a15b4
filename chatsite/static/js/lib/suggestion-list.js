import { interpolate, ngettext } from "chat/lib/words.js"

const KEYS = { ArrowDown: 1, ArrowUp: -1 }

/**
 * A list over a text field of what could be meant: the focus stays in the field, arrows walk, Enter or Tab takes, Escape closes.
 * `take(thing)` hears what was taken; `draw(thing)` gives the nodes of its row.
 */
export class SuggestionList {
  #things = []
  #current = 0

  constructor({ field, host, label, draw, take }) {
    Object.assign(this, { field, draw, take })
    this.list = document.createElement("ul")
    Object.assign(this.list, { className: "suggestions", id: "suggestions", hidden: true })
    this.list.setAttribute("role", "listbox")
    this.list.setAttribute("aria-label", label)
    this.said = document.createElement("p")
    Object.assign(this.said, { className: "visually-hidden", role: "status" })
    host.append(this.list, this.said)
    field.setAttribute("aria-autocomplete", "list")
    this.list.addEventListener("pointerdown", (event) => event.preventDefault()) // the field keeps the focus
    this.list.addEventListener("click", ({ target }) => this.#takeAt([...this.list.children].indexOf(target.closest("li"))))
    field.addEventListener("blur", () => this.close())
  }

  get open() {
    return !this.list.hidden
  }

  show(things) {
    if (!things.length) return this.close()
    this.#things = things
    this.list.replaceChildren(...things.map((thing, place) => this.#row(thing, place)))
    this.list.hidden = false
    this.field.setAttribute("aria-controls", this.list.id)
    const count = things.length
    this.said.textContent = interpolate(ngettext("%(count)s suggestion", "%(count)s suggestions", count), { count })
    return this.#point(0)
  }

  close() {
    if (!this.open) return
    this.list.hidden = true
    this.said.textContent = ""
    this.field.removeAttribute("aria-activedescendant")
    this.field.removeAttribute("aria-controls")
  }

  /** Whether the key was meant for the list, which has then done what it asks. */
  key(event) {
    if (!this.open || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false
    if (event.key in KEYS) this.#point(this.#current + KEYS[event.key])
    else if (event.key === "Escape") this.close()
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) this.#takeAt(this.#current)
    else return false
    event.preventDefault()
    event.stopPropagation()
    return true
  }

  #row(thing, place) {
    const row = document.createElement("li")
    row.id = `suggestion-${place}`
    row.setAttribute("role", "option")
    row.append(...this.draw(thing))
    return row
  }

  #point(place) {
    const rows = [...this.list.children]
    this.#current = (place + rows.length) % rows.length
    rows.forEach((row, index) => row.setAttribute("aria-selected", String(index === this.#current)))
    rows[this.#current].scrollIntoView({ block: "nearest" })
    this.field.setAttribute("aria-activedescendant", rows[this.#current].id)
  }

  #takeAt(place) {
    if (place < 0) return
    this.close()
    this.take(this.#things[place])
  }
}
