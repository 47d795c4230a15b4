import { answered, json } from "chat/lib/fragments.js"
import { uuid } from "chat/lib/identifiers.js"
import { tell } from "chat/lib/toast.js"
import { gettext, interpolate, ngettext } from "chat/lib/words.js"
import { fieldValue, localizeFields } from "chat/lib/zones.js"

const HOUR_MS = 3_600_000
const MINUTE_MS = 60_000

/** The clock beside the composer: sends what stands in it later. `sent()` is called when the server has it. */
export class SendLater {
  #busy = false

  constructor({ form, files, sent }) {
    Object.assign(this, { form, files, sent })
    this.menu = form.querySelector(".later-menu")
    this.at = form.elements.at
    this.notice = form.querySelector(".composer-scheduled")
    localizeFields(form)
  }

  /** Does what a pressed `button` of the menu says. */
  async choose(button) {
    if (this.#busy || (button.value === "at" && !this.#picked())) return
    this.menu.hidePopover()
    const waiting = this.files().find((file) => !file.ready)
    if (waiting) return void tell(interpolate(gettext("%(name)s is still on its way. Try again in a moment."), waiting), { error: true })
    this.#busy = true
    const answer = await this.#ask(button)
    this.#busy = false
    if (!answer?.words) return void tell(answer?.detail ?? gettext("There is no line now. Your text stays here."), { error: true })
    this.at.value = ""
    this.sent()
    return tell(answer.words)
  }

  async #ask(button) {
    const body = new FormData(this.form, button)
    body.set("client_id", uuid())
    body.delete("files")
    for (const { id } of this.files()) body.append("attachments", id)
    const headers = { "X-Requested-With": "XMLHttpRequest", Accept: "application/json" }
    const response = await answered(fetch(button.formAction, { method: "POST", headers, body }))
    return response && json(response)
  }

  #picked() {
    this.at.required = true
    const valid = this.at.reportValidity()
    this.at.required = false
    return valid
  }

  /** The menu is open. */
  opened() {
    const hour = new Date(Date.now() + HOUR_MS)
    const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "numeric", minute: "2-digit" })
    this.menu.querySelector("[value=hour] time").textContent = clock.format(hour)
    this.at.min = fieldValue(new Date(Date.now() + MINUTE_MS))
    this.menu.querySelector("button").focus()
  }

  /** So many are scheduled here now. */
  count(count) {
    this.notice.hidden = count === 0
    const words = ngettext("%(count)s message is scheduled here", "%(count)s messages are scheduled here", count)
    this.notice.querySelector("a").textContent = interpolate(words, { count })
  }
}
