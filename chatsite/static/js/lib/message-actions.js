// What can be done with a message. Each entry of its menu is one of these:
//
//   offer({ name: "save", icon: "star", order: 40, label: () => gettext("Save"), run: (message) => … })
//
// A module offers its own when it is loaded; message-menu.js imports it. `icon` is drawn in templates/messaging/_menu_icons.html: a new
// one is put there. Entries stand by `order`, those with `danger: true` in red. `offered(message)` says where an entry makes sense;
// without it: with every message that was not deleted. A `label(message)` may depend on the message as well.

const actions = new Map()

export function offer(action) {
  actions.set(action.name, { order: 100, danger: false, offered: isThere, ...action })
}

/** Those that make sense with this message, in their order. */
export function actionsFor(message) {
  return [...actions.values()].filter((action) => action.offered(message)).sort((one, other) => one.order - other.order)
}

/** Does what an entry does; nothing where it is not offered. */
export function act(name, message) {
  const action = actions.get(name)
  if (action?.offered(message)) action.run(message)
}

export const isThere = (message) => !message.deleted

/** What entries are told of a message: its `<li>`, the `place` where it is shown, its `<chat-conversation>`, and what they say of it. */
export function messageOf(item) {
  const { messageId: id, seq, senderId, senderName: name, at } = item.dataset
  const place = item.closest("chat-thread, chat-conversation")
  const conversation = place.matches("chat-thread") ? place.conversation : place
  return {
    ...{ item, place, conversation, id, seq: Number(seq), senderId, name, at },
    mine: item.classList.contains("mine"),
    deleted: item.classList.contains("deleted"),
    pinned: item.querySelector(".pinned") !== null,
    manages: ["owner", "admin"].includes(conversation.dataset.role) && conversation.dataset.kind === "group",
  }
}
