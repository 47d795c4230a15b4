// What the menu of a message and its bar are made of.

export function made(name, className, role, label) {
  const element = Object.assign(document.createElement(name), { className })
  element.setAttribute("role", role)
  element.setAttribute("aria-label", label)
  return element
}

/** A button with a drawing; `icons` has them. */
export function iconButton(icons, value, icon, label) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "icon-button", value, title: label })
  button.setAttribute("aria-label", label)
  button.append(icons.querySelector(`.icon-${icon}`).cloneNode(true))
  return button
}

/** A row of the menu: a drawing and words. */
export function entry(icons, { name, icon, danger }, label) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: `menu-item${danger ? " is-danger" : ""}`, value: name })
  button.setAttribute("role", "menuitem")
  button.append(icons.querySelector(`.icon-${icon}`).cloneNode(true), label)
  return button
}

/** A row of emoji. */
export function emojiRow(all, label) {
  const row = made("div", "message-quick", "group", label)
  row.append(...all.map((emoji) => {
    const button = Object.assign(document.createElement("button"), { type: "button", value: emoji, textContent: emoji })
    button.setAttribute("role", "menuitem")
    return button
  }))
  return row
}
