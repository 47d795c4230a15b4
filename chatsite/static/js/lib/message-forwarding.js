import { answered, elements, fetchFragment } from "chat/lib/fragments.js"
import { isThere, offer } from "chat/lib/message-actions.js"
import { tell } from "chat/lib/toast.js"
import { gettext } from "chat/lib/words.js"
import { live } from "chat/realtime/live.js"

const TYPING_MS = 200 // after a key until it is searched for

/** The page that forwards a message, as a dialog over the conversation. */
class ForwardDialog {
  #timer = null

  constructor({ id, conversation }) {
    this.path = `/forward/${id}/`
    this.dialog = document.createElement("dialog")
    this.dialog.className = "dialog forward-dialog"
    this.dialog.setAttribute("aria-label", gettext("Forward"))
    this.dialog.addEventListener("close", () => this.dialog.remove())
    this.dialog.addEventListener("click", ({ target }) => target === this.dialog && this.dialog.close())
    conversation.append(this.dialog)
  }

  async open() {
    const page = await fetchFragment(this.path)
    const form = page?.body.querySelector("form.forward")
    if (!form) return void (this.dialog.remove(), tell(gettext("This cannot be forwarded right now."), { error: true }))
    this.dialog.append(this.#head(page.body), form)
    this.#take(form)
    this.dialog.showModal()
    this.form.elements.q.focus()
  }

  #head(body) {
    const head = document.createElement("header")
    head.className = "bar"
    const close = Object.assign(document.createElement("button"), { type: "button", className: "icon-button" })
    close.setAttribute("aria-label", gettext("Close"))
    close.append(document.querySelector(".close-icon-template")?.content.cloneNode(true) ?? "×")
    close.addEventListener("click", () => this.dialog.close())
    head.append(Object.assign(document.createElement("h2"), { className: "bar-title", textContent: body.querySelector("h1").textContent }), close)
    return head
  }

  #take(form) {
    this.form = form
    this.button = form.querySelector(".forward-foot button")
    form.addEventListener("submit", (event) => this.#submit(event))
    form.elements.q.addEventListener("input", () => this.#typed())
  }

  #typed() {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#search(), TYPING_MS)
  }

  async #search() {
    const page = await fetchFragment(`${this.path}?${new URLSearchParams(new FormData(this.form))}`)
    const fresh = page?.body.querySelector(".forward-choices")
    if (fresh && this.form.elements.q.value.trim() === page.body.querySelector("form.forward [name=q]").value) this.form.querySelector(".forward-choices").replaceWith(fresh)
  }

  #submit(event) {
    event.preventDefault()
    if (event.submitter === this.button) this.#send()
    else this.#search()
  }

  async #send() {
    this.button.disabled = true
    const body = new FormData(this.form)
    body.set("csrfmiddlewaretoken", this.button.value)
    const response = await answered(fetch(this.path, { method: "POST", headers: { "X-Requested-With": "XMLHttpRequest" }, body, redirect: "manual" }))
    this.button.disabled = false
    if (response?.type === "opaqueredirect") return void (this.dialog.close(), tell(gettext("Forwarded.")))
    const note = response && elements(await response.text()).flatMap((each) => [...each.querySelectorAll("form.forward .note-danger")])[0]
    return note ? this.#refuse(note) : tell(gettext("There is no line now. Try again."), { error: true })
  }

  #refuse(note) {
    this.form.querySelector(".note-danger")?.remove()
    this.form.querySelector(".quote").after(note)
  }
}

if (live) offer({ name: "forward", icon: "pass-on", order: 50, label: () => gettext("Forward"), offered: isThere, run: (message) => new ForwardDialog(message).open() })
