import { Sequence } from "chat/thinking/sequence.js"

const PATIENCE_MS = 5_000

/**
 * Where one conversation's log has been applied to: `seq` for messages, `rev` for changes.
 * Offer it every event that arrives, apply what `take()` gives, send what `wants()` asks for.
 */
export class Cursor {
  #askedAt = null
  #more = false
  #replaying = true

  constructor({ seq, rev }, { now = Date.now } = {}) {
    this.seq = new Sequence(seq)
    this.rev = new Sequence(rev)
    this.now = now
  }

  /** [seq, rev], as `hello` and `ping` carry it. */
  get head() {
    return [this.seq.position, this.rev.position]
  }

  /** Takes in a `message.created`, `message.changed` or `conversation.changed`. */
  offer(event) {
    if (event.rev === undefined) return this.seq.offer(event.seq, event)
    // A change can overtake the message it changes: then the message is missing, and the change waits for it.
    if (event.message) this.seq.know(event.message.seq)
    return this.rev.offer(event.rev, event)
  }

  /** Learns from a `pong` how far the log goes. */
  know([seq, rev]) {
    this.seq.know(seq)
    this.rev.know(rev)
  }

  /** Every event that is now in order, each given exactly once. */
  take() {
    const events = []
    const known = (event) => !event.message || event.message.seq <= this.seq.position
    for (let event; (event = this.seq.take() ?? this.rev.take(known)); ) events.push(event)
    return events
  }

  /** What to ask with `sync`, `{after_seq, after_rev}`, or null when nothing is missing or the question is already out. */
  wants() {
    if (!this.#more && !this.seq.gap && !this.rev.gap) return null
    if (this.#askedAt !== null && this.now() - this.#askedAt < PATIENCE_MS) return null
    this.#askedAt = this.now()
    this.#replaying = false
    return { after_seq: this.seq.position, after_rev: this.rev.position }
  }

  /** Takes in a `sync.batch` as `{created, changed, seq, rev, more}`: events, how far the log goes at least, whether this is not all. */
  answer({ created, changed, seq, rev, more }) {
    const before = String(this.head)
    this.#more = more
    for (const event of created) this.offer(event)
    for (const event of changed) this.offer(event)
    this.know([seq, rev])
    const events = this.take()
    // An answer that brought nothing must not be asked again at once: that would be a loop between the two of us.
    // And after `hello` the server goes on by itself until nothing is missing.
    if (this.#replaying && more) this.#askedAt = this.now()
    else if (String(this.head) !== before) this.#askedAt = null
    return events
  }

  /** A new socket said `hello`: any question of before is gone, and what was missed comes unasked. */
  greeted() {
    this.#askedAt = null
    this.#replaying = true
  }

  /** Starts over: the last page was fetched and goes up to `[seq, rev]`. */
  reset([seq, rev]) {
    this.seq.reset(seq)
    this.rev.reset(rev)
    this.#askedAt = null
    this.#more = false
  }
}
