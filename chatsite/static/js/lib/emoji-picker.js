import { choose, emojiBook, recent, tone, use } from "chat/lib/emoji-shelf.js"
import { gettext } from "chat/lib/words.js"
import { inTone, TONES } from "chat/thinking/emoji.js"

const FOUND_MOST = 64
const HAND = { character: "✋", toned: true }
const EDGE_PX = 8 // between the picker and the window's edge
const STEPS = { ArrowRight: 1, ArrowLeft: -1 }
const GROUPS = () => [
  gettext("Smileys"), gettext("People"), gettext("Animals and nature"), gettext("Food and drink"), gettext("Travel and places"),
  gettext("Activities"), gettext("Objects"), gettext("Symbols"), gettext("Flags"),
]

let open = null

/** Lets one choose an emoji in a popover at `anchor`, a button. Promises it, or null when one chose none. */
export async function pickEmoji(anchor) {
  const book = await emojiBook()
  if (!book) return null
  open?.menu.hidePopover()
  open = new EmojiPicker(book, anchor)
  return open.chosen
}

class EmojiPicker {
  constructor(book, anchor) {
    Object.assign(this, { book, anchor })
    this.menu = element("div", { className: "menu emoji-picker", popover: "auto" })
    this.menu.setAttribute("role", "dialog")
    this.menu.setAttribute("aria-label", gettext("Choose an emoji"))
    this.search = element("input", { type: "search", className: "input", placeholder: gettext("Search emoji"), autocomplete: "off" })
    this.search.setAttribute("aria-label", gettext("Search emoji"))
    this.shelves = element("div", { className: "emoji-shelves" })
    this.menu.append(this.search, this.shelves, this.#tones())
    this.chosen = new Promise((resolve) => (this.resolve = resolve))
    this.search.addEventListener("input", () => this.#fill())
    this.shelves.addEventListener("click", ({ target }) => target.closest("button") && this.#take(target.closest("button").value))
    this.menu.addEventListener("keydown", (event) => this.#key(event))
    this.menu.addEventListener("toggle", ({ newState }) => newState === "closed" && this.#close())
    document.body.append(this.menu)
    this.#fill()
    this.menu.showPopover()
    this.#place(anchor.getBoundingClientRect())
    if (!matchMedia("(pointer: coarse)").matches) this.search.focus() // a keyboard would cover what one came for
  }

  #fill() {
    const query = this.search.value.trim()
    const groups = query ? [[gettext("Found"), this.book.find(query, FOUND_MOST)]] : this.#groups()
    this.shelves.replaceChildren(...groups.filter(([, emoji]) => emoji.length).flatMap(([name, emoji]) => this.#shelf(name, emoji)))
    if (!this.shelves.firstChild) this.shelves.append(element("p", { className: "soft", textContent: gettext("No emoji is called that.") }))
  }

  #groups() {
    const used = recent().map((character) => ({ character, codes: [character], toned: false }))
    return [[gettext("Used lately"), used], ...GROUPS().map((name, place) => [name, this.book.groups[place]])]
  }

  #shelf(name, emoji) {
    const shelf = element("div", { className: "emoji-shelf" })
    shelf.append(...emoji.map((one) => this.#button(one)))
    return [element("p", { className: "list-heading", textContent: name }), shelf]
  }

  #button(one) {
    const character = inTone(one, tone())
    const title = one.codes[0].replaceAll("_", " ")
    const button = element("button", { type: "button", value: character, textContent: character, title })
    button.setAttribute("aria-label", title)
    return button
  }

  #tones() {
    const tones = element("div", { className: "emoji-tones" })
    tones.setAttribute("role", "group")
    tones.setAttribute("aria-label", gettext("Skin tone"))
    tones.append(...TONES.map((one, place) => this.#tone(one, place)))
    return tones
  }

  #tone(one, place) {
    const button = element("button", { type: "button", textContent: inTone(HAND, one) })
    button.setAttribute("aria-label", place ? `${gettext("Skin tone")} ${place}` : gettext("No skin tone"))
    button.setAttribute("aria-pressed", String(one === tone()))
    button.addEventListener("click", () => {
      choose(place)
      for (const other of button.parentElement.children) other.setAttribute("aria-pressed", String(other === button))
      this.#fill()
    })
    return button
  }

  /** Arrows walk through the emoji; Enter in the search takes the first. */
  #key(event) {
    const buttons = [...this.shelves.querySelectorAll("button")]
    const at = buttons.indexOf(document.activeElement)
    if (event.target === this.search && event.key === "Enter" && buttons.length) this.#take(buttons[0].value)
    else if (event.key === "ArrowDown" && at < 0) buttons[0]?.focus()
    else if (at >= 0 && event.key in STEPS) buttons[at + STEPS[event.key] * (getComputedStyle(this.menu).direction === "rtl" ? -1 : 1)]?.focus()
    else if (at >= 0 && event.key === "ArrowDown") nextRow(buttons, at, 1)?.focus()
    else if (at >= 0 && event.key === "ArrowUp") (nextRow(buttons, at, -1) ?? this.search).focus()
    else return
    event.preventDefault()
  }

  #take(character) {
    use(character)
    this.taken = true
    this.resolve(character)
    this.menu.hidePopover()
  }

  #close() {
    this.resolve(null)
    this.menu.remove()
    if (open !== this) return // another one has the focus by now
    open = null
    if (!this.taken) this.anchor.focus() // else whoever asked goes on
  }

  #place({ top, bottom, right }) {
    const { offsetWidth: width, offsetHeight: height } = this.menu
    this.menu.style.left = `${Math.min(Math.max(right - width, EDGE_PX), innerWidth - width - EDGE_PX)}px`
    this.menu.style.top = `${top - height > EDGE_PX ? top - height - EDGE_PX : Math.min(bottom + EDGE_PX, innerHeight - height - EDGE_PX)}px`
  }
}

/** The button under or over the one at `at`, in the next row, nearest to it. */
function nextRow(buttons, at, step) {
  const { offsetTop, offsetLeft } = buttons[at]
  const beyond = (step > 0 ? buttons.slice(at + 1) : buttons.slice(0, at).reverse()).filter((one) => one.offsetTop !== offsetTop)
  const row = beyond.filter((one) => one.offsetTop === beyond[0].offsetTop)
  return row.sort((one, other) => Math.abs(one.offsetLeft - offsetLeft) - Math.abs(other.offsetLeft - offsetLeft))[0]
}

function element(name, properties) {
  return Object.assign(document.createElement(name), properties)
}
