/** The other members as the page lists them: `{id, name, delivered, read, joined}`, see templates/messaging/conversation.html. */
export function membersIn(conversation) {
  return [...conversation.querySelectorAll(".conversation-others > li")].map(({ dataset }) => {
    const { userId: id, name, deliveredSeq, readSeq, joinedSeq } = dataset
    return { id, name, delivered: Number(deliveredSeq), read: Number(readSeq), joined: Number(joinedSeq) }
  })
}
