const QUIET_MS = 1_000 // after the last key
const AGAIN_MS = 5_000 // after a save that did not arrive

const NOTHING = { text: "", reply_to: null }
const same = (one, other) => one?.text === other?.text && one?.reply_to === other?.reply_to

/**
 * What is begun in one conversation, `{text, reply_to}`: with every key in this browser, and when one pauses at the server, for one's
 * other devices. What this browser keeps is what the server does not have yet: so it is the newer of the two when a page opens.
 */
export class Draft {
  #now
  #saved
  #at
  #timer = null
  #busy = false
  #unsaved = false

  /**
   * `saved` is what the server had `at` a time; null: nobody knows. `local` has `read()`, `keep(draft)` and `forget()`. `save(draft)`
   * promises the time at which the server took it, null where it did not arrive, undefined where it was refused. `show(draft)` puts
   * another device's into the field, unless `writing()`.
   */
  constructor({ saved, at = "", local, save, show, writing, timers }) {
    Object.assign(this, { local, save, show, writing, timers })
    const kept = local.read()
    this.#now = kept ?? saved ?? NOTHING
    // What an earlier page was saving when it went may arrive after this one was drawn.
    this.#saved = kept && !same(kept, saved) ? null : saved
    this.#at = at
    this.#unsaved = !same(this.#now, this.#saved)
    if (this.#unsaved) this.#later(QUIET_MS)
  }

  get now() {
    return this.#now
  }

  /** There is something else in the field. */
  typed(draft) {
    this.#become(draft)
    if (this.#unsaved) this.#later(QUIET_MS)
  }

  /** What was in the field is on its way: nothing is begun any more. */
  done() {
    this.#become(NOTHING)
    this.flush()
  }

  /** Saves what is not saved, at once. */
  async flush() {
    this.timers.cancel(this.#timer)
    if (this.#busy || !this.#unsaved) return
    const sent = this.#now
    this.#busy = true
    this.#saved = null // until there is an answer
    const at = await this.save(sent)
    this.#busy = false
    if (at) [this.#at, this.#saved] = [at, sent]
    this.#become(this.#now)
    if (this.#unsaved && at !== undefined) this.#later(at ? QUIET_MS : AGAIN_MS)
  }

  /** Another device of the same person, or this one, saved something. */
  heard({ text, reply_to, updated_at }) {
    if (updated_at <= this.#at || this.#busy) return
    this.#at = updated_at
    this.#saved = { text, reply_to }
    this.#adopt(this.#saved)
  }

  /** The server has nothing any more: another device has sent it, or given it up. */
  gone() {
    if (this.#busy) return
    this.#saved = NOTHING
    this.#adopt(NOTHING)
  }

  /** Takes over what the server has, unless there is something here that it does not have, or somebody is writing. */
  #adopt(theirs) {
    if (this.#unsaved || same(theirs, this.#now) || this.writing()) return
    this.#now = theirs
    this.show(theirs)
  }

  #become(draft) {
    this.#now = draft
    this.#unsaved = !same(draft, this.#saved)
    if (this.#unsaved) this.local.keep(draft)
    else this.local.forget()
  }

  #later(ms) {
    this.timers.cancel(this.#timer)
    this.#timer = this.timers.schedule(() => this.flush(), ms)
  }
}
