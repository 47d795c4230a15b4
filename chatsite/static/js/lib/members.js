/** The other members as the page lists them: `{id, name, delivered, read, joined, folded, pictured}`, see templates/messaging/conversation.html. */
export function membersIn(conversation) {
  return [...conversation.querySelectorAll(".conversation-others > li")].map(({ dataset }) => {
    const { userId: id, name, deliveredSeq, readSeq, joinedSeq } = dataset
    const seqs = { delivered: Number(deliveredSeq), read: Number(readSeq), joined: Number(joinedSeq) }
    return { id, name, ...seqs, folded: "folded" in dataset, pictured: "pictured" in dataset }
  })
}
