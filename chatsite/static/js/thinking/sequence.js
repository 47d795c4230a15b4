/** One dense row of numbers 1, 2, 3 …: gives out n + 1, ignores what was, holds what is ahead of a hole. */
export class Sequence {
  #held = new Map()
  #ahead

  /** `position`: the last number already applied. `most`: how many items are held before a hole; the rest is fetched again. */
  constructor(position, { most = 500 } = {}) {
    this.position = whole(position)
    this.#ahead = this.position
    this.most = most
  }

  /** Takes in `item` under `number`, at most once. */
  offer(number, item) {
    if (whole(number) <= this.position) return
    this.know(number)
    const next = number === this.position + 1
    if (!this.#held.has(number) && (next || this.#held.size < this.most)) this.#held.set(number, item)
  }

  /** Learns that numbers up to `head` exist. */
  know(head) {
    this.#ahead = Math.max(this.#ahead, whole(head))
  }

  /** The next item when it is here and `ready(item)`; moves on. Otherwise undefined. */
  take(ready = () => true) {
    const number = this.position + 1
    if (!this.#held.has(number)) return undefined
    const item = this.#held.get(number)
    if (!ready(item)) return undefined
    this.#held.delete(number)
    this.position = number
    return item
  }

  /** True when something after `position` exists that is not here. */
  get gap() {
    return this.#ahead > this.position && !this.#held.has(this.position + 1)
  }

  /** Starts over from `position`: what was held up to there is known already. */
  reset(position) {
    this.position = whole(position)
    for (const number of this.#held.keys()) if (number <= this.position) this.#held.delete(number)
    this.#ahead = Math.max(this.position, ...this.#held.keys())
  }
}

function whole(number) {
  if (!Number.isSafeInteger(number) || number < 0) throw new RangeError(`not a place in a log: ${number}`)
  return number
}
