import { gettext } from "chat/lib/words.js"

const able = "PublicKeyCredential" in window && "parseRequestOptionsFromJSON" in PublicKeyCredential

/**
 * A form whose credential a passkey makes: `data-act` is "create", "get" or "log-in".
 *
 * The options are in the page, but for "log-in", where they are asked for on the click: each belongs to one challenge.
 */
export class ChatPasskey extends HTMLElement {
  #leaving = new AbortController()

  connectedCallback() {
    if (!able) {
      if (!this.hidden) this.#tell(gettext("This browser cannot use passkeys."))
      return
    }
    this.hidden = false
    this.#form.addEventListener("submit", (event) => this.#submit(event), { signal: this.#leaving.signal })
  }

  disconnectedCallback() {
    this.#leaving.abort()
  }

  get #form() {
    return this.querySelector("form")
  }

  async #submit(event) {
    event.preventDefault()
    this.#tell("")
    try {
      const credential = await this.#ask()
      this.#form.elements.credential.value = JSON.stringify(credential)
      this.#form.submit()
    } catch (error) {
      this.#tell(trouble(error))
    }
  }

  async #ask() {
    if (this.dataset.act === "create") {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asPasskey((await this.#options()).creation_options))
      return await navigator.credentials.create({ publicKey })
    }
    const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON((await this.#options()).request_options.publicKey)
    return await navigator.credentials.get({ publicKey })
  }

  async #options() {
    if (this.dataset.act !== "log-in") return JSON.parse(this.querySelector("script[type='application/json']").textContent)
    const answer = await fetch(this.#form.action, { headers: { Accept: "application/json" } })
    if (!answer.ok) throw new Error(answer.statusText)
    return await answer.json()
  }

  #tell(text) {
    const line = this.querySelector(".passkey-trouble") ?? document.createElement("p")
    line.className = "errorlist passkey-trouble"
    line.setAttribute("role", "alert")
    line.textContent = text
    this.append(line)
  }
}

/** Kept on the device and asked for with finger, face or PIN: only so it is found without a user name. */
function asPasskey({ publicKey }) {
  const authenticatorSelection = { ...publicKey.authenticatorSelection, residentKey: "required", userVerification: "required" }
  return { ...publicKey, authenticatorSelection: { ...authenticatorSelection, requireResidentKey: true } }
}

function trouble(error) {
  if (error.name === "NotAllowedError" || error.name === "AbortError") return gettext("That was cancelled, or took too long. Please try again.")
  if (error.name === "InvalidStateError") return gettext("This device has a passkey for your account already.")
  if (error.name === "SecurityError") return gettext("Passkeys work only where the chat has a name and https, or at localhost.")
  return gettext("That did not work. Please try again.")
}

customElements.define("chat-passkey", ChatPasskey)
