import { answered, fetchFragment } from "chat/lib/fragments.js"
import { gettext } from "chat/lib/words.js"
import { timers } from "chat/realtime/timers.js"
import { Latest } from "chat/thinking/latest.js"

const PAUSE_MS = 80 // after a letter, before it is asked for
const STEPS = { ArrowDown: 1, ArrowUp: -1 }

/**
 * People, conversations, messages and things to do, by a few letters: templates/messaging/_palette.html says which. The focus stays
 * in the field; arrows walk, Enter takes, Escape closes and puts the focus back, which the dialog does by itself.
 */
class Palette {
  #latest = new Latest({ pause: PAUSE_MS, timers })

  constructor() {
    this.dialog = Object.assign(document.createElement("dialog"), { className: "dialog palette", ariaLabel: gettext("Go to") })
    this.field = document.createElement("input")
    const words = gettext("Search or do something")
    Object.assign(this.field, { type: "text", className: "palette-field", placeholder: words, ariaLabel: words, autocomplete: "off", spellcheck: false, dir: "auto" })
    for (const [name, value] of Object.entries({ role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list" })) this.field.setAttribute(name, value)
    this.found = Object.assign(document.createElement("div"), { className: "palette-found" })
    this.status = Object.assign(document.createElement("p"), { className: "visually-hidden", role: "status" })
    this.dialog.append(this.field, this.found, this.status)
    document.body.append(this.dialog)
    this.#listen()
  }

  open() {
    if (this.dialog.open) return this.dialog.close()
    this.field.value = ""
    this.dialog.showModal()
    return this.#ask({ now: true })
  }

  get #items() {
    return [...this.found.querySelectorAll("[role=option]")]
  }

  get #current() {
    return this.found.querySelector("[aria-selected=true]")
  }

  #listen() {
    this.field.addEventListener("input", ({ isComposing }) => isComposing || this.#ask())
    this.field.addEventListener("compositionend", () => this.#ask())
    this.dialog.addEventListener("keydown", (event) => this.#key(event))
    this.found.addEventListener("pointerdown", (event) => event.preventDefault()) // the field keeps the focus
    this.found.addEventListener("click", (event) => this.#take(event.target.closest("[role=option]"), event))
    this.dialog.addEventListener("click", ({ target }) => target === this.dialog && this.dialog.close())
  }

  #ask(how) {
    this.#latest.ask(() => fetchFragment(`/palette/?q=${encodeURIComponent(this.field.value)}`), (page) => this.#show(page), how)
  }

  /** What cannot be had leaves what is there. */
  #show(page) {
    if (!page) return this.#say(gettext("The chat cannot be reached. What is shown may be old."))
    this.found.replaceChildren(...page.body.childNodes)
    this.#point(this.#items[0])
    return this.#say(this.#items.length ? "" : gettext("Nothing found"))
  }

  #say(words) {
    this.status.textContent = words
  }

  #point(item) {
    this.#current?.setAttribute("aria-selected", "false")
    if (!item) return this.field.removeAttribute("aria-activedescendant")
    item.setAttribute("aria-selected", "true")
    item.scrollIntoView({ block: "nearest" })
    return this.field.setAttribute("aria-activedescendant", item.id)
  }

  #key(event) {
    if (event.isComposing || event.altKey) return
    const items = this.#items
    const step = STEPS[event.key]
    if (step && items.length) this.#point(items[(items.indexOf(this.#current) + step + items.length) % items.length])
    else if (event.key === "Enter") this.#take(this.#current, event)
    else return
    event.preventDefault()
  }

  #take(item, { ctrlKey, metaKey }) {
    if (!item) return
    const { href, form, themeChosen } = item.dataset
    if (href && (ctrlKey || metaKey)) return open(href, "_blank", "noopener")
    this.dialog.close()
    if (href) location.assign(href)
    else if (form) document.getElementById(form).requestSubmit()
    else choose(themeChosen)
    return undefined
  }
}

/** The appearance changes at once, and is kept for the other pages and devices. */
function choose(theme) {
  document.documentElement.dataset.theme = theme
  const headers = { "Content-Type": "application/json", "X-CSRFToken": document.body.dataset.csrf }
  return answered(fetch("/api/v1/me/settings/", { method: "PATCH", headers, body: JSON.stringify({ theme }) }))
}

let palette = null

export function openPalette() {
  palette ??= new Palette()
  palette.open()
}
