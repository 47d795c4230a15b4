const STEPS = { ArrowUp: -1, ArrowDown: 1 }

/** Arrow keys walk from message to message, first through one that is higher than the window; Enter and Shift+F10 open its menu. */
export class MessageKeys {
  constructor(messages) {
    this.messages = messages
    messages.addEventListener("keydown", (event) => this.#key(event))
  }

  #key(event) {
    const item = event.target.closest(".message")
    if (event.target !== (item ?? this.messages) || event.ctrlKey || event.metaKey || event.altKey) return
    const opens = event.key === "Enter" || event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)
    if (event.key in STEPS && !event.shiftKey) this.#step(event, item, STEPS[event.key])
    else if (item && opens && !("pending" in item.dataset)) {
      event.preventDefault()
      item.dispatchEvent(new Event("message-menu", { bubbles: true }))
    }
  }

  #step(event, item, step) {
    if (item && this.#reachesOut(item, step)) return
    const all = this.messages.list.all
    const next = item ? all[all.indexOf(item) + step] : this.#lastInView(all)
    if (!next) return
    event.preventDefault()
    focusOn(next)
  }

  #reachesOut(item, step) {
    const [box, view] = [item.getBoundingClientRect(), this.messages.getBoundingClientRect()]
    return step < 0 ? box.top < view.top - 1 : box.bottom > view.bottom + 1
  }

  #lastInView(all) {
    const { bottom } = this.messages.getBoundingClientRect()
    return all.findLast((item) => item.getBoundingClientRect().top < bottom)
  }
}

/** Gives a message the focus, as if one had walked there. */
export function focusOn(item) {
  item.tabIndex = -1
  item.focus({ preventScroll: true })
  item.scrollIntoView({ block: "nearest" })
}
