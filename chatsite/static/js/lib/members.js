/** The other members as the page lists them: `{id, name, username, delivered, read, joined, folded, pictured}`, see templates/messaging/conversation.html. */
export function membersIn(conversation) {
  return [...conversation.querySelectorAll(".conversation-others > li")].map(({ dataset }) => {
    const { userId: id, name, username, deliveredSeq, readSeq, joinedSeq } = dataset
    const seqs = { delivered: Number(deliveredSeq), read: Number(readSeq), joined: Number(joinedSeq) }
    return { id, name, username, ...seqs, folded: "folded" in dataset, pictured: "pictured" in dataset }
  })
}
