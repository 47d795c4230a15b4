import { fetchFragment } from "chat/lib/fragments.js"
import { happened } from "chat/lib/happenings.js"
import { seqOf } from "chat/lib/message-items.js"

/** Brings the pages of a log before and after what is shown, one at a time. What is far off at the other end goes. */
export class Pager {
  #fetching = false

  /**
   * `state`: log (where pages come from), seq, hasBefore, hasAfter (a dataset); `most` messages are shown; `put(work)` does `work` without
   * moving what is read.
   */
  constructor({ list, state, most, put }) {
    Object.assign(this, { list, state, most, put })
  }

  /** Fetches what is wanted and there; promises whether something came. After a failure the next call tries again. */
  async fetch({ before, after }) {
    if (this.#fetching || !this.list.first) return false
    if (before && this.state.hasBefore === "1") return this.#fetch("before", this.list.first)
    if (after && this.state.hasAfter === "1") return this.#fetch("after", this.list.last)
    return false
  }

  async #fetch(side, edge) {
    this.#fetching = true
    const page = await fetchFragment(`${this.state.log}?${side}=${edge.dataset.seq}`)
    this.#fetching = false
    if (!page) return false
    const items = [...page.body.children]
    if (side === "before") this.state.hasBefore = page.response.headers.get("X-Has-Before")
    else this.state.hasAfter = page.response.headers.get("X-Has-After")
    this.put(() => (side === "before" ? this.#prepend(items) : this.#append(items)))
    // What arrived while the last page was on its way is not on it.
    if (side === "after" && seqOf(this.list.last) < Number(this.state.seq)) this.state.hasAfter = "1"
    return true
  }

  #prepend(items) {
    this.list.prepend(items)
    if (this.list.trimEnd(this.most)) this.state.hasAfter = "1"
  }

  #append(items) {
    for (const item of items.filter((each) => !happened(each))) this.list.append(item)
    this.list.tell(items.filter(happened), { hasBefore: true, hasAfter: this.state.hasAfter === "1" })
    if (this.list.trim(this.most)) this.state.hasBefore = "1"
  }
}
