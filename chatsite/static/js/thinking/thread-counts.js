const FACES = 3

/**
 * How many replies there are under a message: what the server had counted, and what came since. The server says up to which `seq` it
 * counted and which deletions it took in, so that nothing counts twice, whichever of the two is seen first.
 */
export class ThreadCounts {
  #threads = new Map() // root to {replies: [{seq, at, userId}], deleted: Map of seq to rev}

  has(root) {
    return this.#threads.has(root)
  }

  /** A reply came that is there: `{seq, at, userId}`. */
  replied(root, reply) {
    const { replies, deleted } = this.#of(root)
    if (!deleted.has(reply.seq) && !replies.some(({ seq }) => seq === reply.seq)) replies.push(reply)
  }

  /** The change `rev` deleted a reply that was there until then. */
  deleted(root, seq, rev) {
    const thread = this.#of(root)
    thread.replies = thread.replies.filter((reply) => reply.seq !== seq)
    if (!thread.deleted.has(seq)) thread.deleted.set(seq, rev)
  }

  /** What there is to show, where the server had counted `{count, seq, rev, lastAt, userIds}`: `{count, lastAt, userIds}`. */
  of(root, known) {
    const { replies, deleted } = this.#threads.get(root) ?? { replies: [], deleted: new Map() }
    const fresh = replies.filter(({ seq }) => seq > known.seq).sort((one, other) => other.seq - one.seq)
    const gone = [...deleted].filter(([seq, rev]) => seq <= known.seq && rev > known.rev)
    const userIds = [...new Set([...fresh.map(({ userId }) => userId), ...known.userIds])].slice(0, FACES)
    return { count: Math.max(0, known.count + fresh.length - gone.length), lastAt: fresh[0]?.at ?? known.lastAt, userIds }
  }

  #of(root) {
    if (!this.#threads.has(root)) this.#threads.set(root, { replies: [], deleted: new Map() })
    return this.#threads.get(root)
  }
}
