/** What the other members of a conversation have received and read, and so the tick a message of one's own carries. */
export class Ticks {
  #members = new Map()

  /** `members`: the others, `{id, delivered, read, joined}`: the last seq each received, read, and that was there before they joined. */
  constructor(members) {
    for (const member of members) this.#members.set(member.id, { ...member })
  }

  /** Takes in a `receipt.updated`; returns whether anything moved. Receipts only ever move forward. */
  update({ user_id, kind, seq }) {
    const member = this.#members.get(user_id)
    if (!member || seq <= member[kind]) return false
    member[kind] = seq
    if (kind === "read") member.delivered = Math.max(member.delivered, seq)
    return true
  }

  /** Takes over who is a member now; whoever is new joined after `seq`. */
  membersAre(ids, seq) {
    for (const id of this.#members.keys()) if (!ids.includes(id)) this.#members.delete(id)
    for (const id of ids) if (!this.#members.has(id)) this.#members.set(id, { id, delivered: seq, read: seq, joined: seq })
  }

  /** "sent", "delivered" or "read", for a message of one's own that the server holds under `seq`. */
  state(seq) {
    const present = [...this.#members.values()].filter((member) => member.joined < seq)
    if (present.length === 0) return "sent"
    if (present.every((member) => member.read >= seq)) return "read"
    return present.every((member) => member.delivered >= seq) ? "delivered" : "sent"
  }
}
