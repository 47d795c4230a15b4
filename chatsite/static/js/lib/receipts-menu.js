import { fetchData } from "chat/lib/fragments.js"
import { seqOf } from "chat/lib/message-items.js"
import { gettext } from "chat/lib/words.js"

const EDGE_PX = 8 // between the menu and the window's edge

/** Who read a message of one's own and who received it, and when: opens at its tick. */
export class ReceiptsMenu {
  /** Map of user id to name. */
  names = new Map()

  constructor(conversation) {
    this.conversationId = conversation.dataset.conversationId
    this.menu = document.createElement("div")
    Object.assign(this.menu, { className: "menu receipts", popover: "auto" })
    this.menu.setAttribute("role", "dialog")
    this.menu.setAttribute("aria-label", gettext("Who has this message"))
    conversation.append(this.menu)
  }

  /** `tick` of a message, or null. */
  async open(tick) {
    const seq = tick && seqOf(tick.closest(".message"))
    if (!seq) return
    const receipts = await fetchData(`/api/v1/conversations/${this.conversationId}/receipts/?seq=${seq}`)
    this.menu.replaceChildren(...(receipts ? this.#lists(receipts) : [line(gettext("This cannot be looked up right now."))]))
    this.menu.showPopover()
    this.#place(tick.getBoundingClientRect())
  }

  #lists({ delivered_to, read_by }) {
    const readers = new Set(read_by.map(({ user_id }) => user_id))
    const only = delivered_to.filter(({ user_id }) => !readers.has(user_id))
    const parts = [...this.#list(gettext("Read by"), read_by), ...this.#list(gettext("Delivered to"), only)]
    return parts.length ? parts : [line(gettext("Nobody has received it yet."))]
  }

  #list(heading, receipts) {
    if (!receipts.length) return []
    const list = document.createElement("ul")
    list.append(...receipts.map((receipt) => this.#row(receipt)))
    return [line(heading, "receipts-heading"), list]
  }

  #row({ user_id, timestamp }) {
    const row = document.createElement("li")
    const name = document.createElement("span")
    Object.assign(name, { className: "cut", dir: "auto", textContent: this.names.get(user_id) ?? gettext("Deleted person") })
    row.append(name)
    if (timestamp) row.append(Object.assign(document.createElement("time"), { dateTime: timestamp }))
    return row
  }

  /** Above the tick where there is room, else below it, and within the window. */
  #place({ top, bottom, left, right }) {
    const { offsetWidth: width, offsetHeight: height } = this.menu
    const start = getComputedStyle(this.menu).direction === "rtl" ? left : right - width
    this.menu.style.left = `${Math.min(Math.max(start, EDGE_PX), innerWidth - width - EDGE_PX)}px`
    this.menu.style.top = `${top - height - EDGE_PX < 0 ? bottom : top - height}px`
  }
}

function line(text, className = "receipts-line") {
  return Object.assign(document.createElement("p"), { className, textContent: text })
}
