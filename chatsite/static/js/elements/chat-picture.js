import { Square } from "chat/thinking/square.js"

const STEP = 0.05 // of the square's side, for each press of an arrow key
const CLOSER = 1.1 // times, for each press of + and -

/** Choosing one's picture: drop or choose a file, move the square over it. Without this the server takes the middle. */
export class ChatPicture extends HTMLElement {
  #square = null

  connectedCallback() {
    this.form = this.querySelector("form")
    this.input = this.querySelector("input[type=file]")
    this.crop = this.querySelector(".picture-crop")
    this.stage = this.querySelector(".picture-stage")
    this.image = this.stage.querySelector("img")
    this.range = this.querySelector("input[type=range]")
    this.input.addEventListener("change", () => this.#chosen())
    this.image.addEventListener("load", () => this.#loaded())
    this.image.addEventListener("error", () => this.#show(null)) // what the browser cannot show, the server judges
    this.range.addEventListener("input", () => this.#zoom(Number(this.range.value)))
    this.stage.addEventListener("keydown", (event) => this.#key(event))
    this.stage.addEventListener("pointerdown", (event) => this.stage.setPointerCapture(event.pointerId))
    this.stage.addEventListener("pointermove", (event) => this.#drag(event))
    for (const type of ["dragenter", "dragover", "dragleave", "drop"]) this.addEventListener(type, (event) => this.#over(event))
    this.#chosen() // a browser that came back keeps the file
  }

  #chosen() {
    URL.revokeObjectURL(this.image.src)
    const file = this.input.files[0]
    if (!file || file.size > Number(this.dataset.bytesMax)) return this.#show(null)
    this.image.src = URL.createObjectURL(file)
  }

  #loaded() {
    const { naturalWidth, naturalHeight } = this.image // held upright, as the server holds it
    this.#show(naturalWidth && naturalHeight ? new Square(naturalWidth, naturalHeight) : null)
    this.scrollIntoView({ block: "nearest" }) // on a phone most of it is below the edge
  }

  #show(square) {
    this.#square = square
    this.crop.hidden = square === null
    this.#draw()
  }

  #draw() {
    const { x, y, side } = this.#square?.rectangle ?? { x: "", y: "", side: "" }
    Object.assign(this.form.elements.x, { value: x })
    Object.assign(this.form.elements.y, { value: y })
    Object.assign(this.form.elements.side, { value: side })
    if (!this.#square) return
    const scale = this.stage.clientWidth / this.#square.side
    this.range.value = this.#square.zoom
    this.image.style.width = `${this.#square.width * scale}px`
    this.image.style.transform = `translate(${-this.#square.x * scale}px, ${-this.#square.y * scale}px)`
  }

  #move(x, y) {
    this.#square.moveBy(x * this.#square.side, y * this.#square.side)
    this.#draw()
  }

  #zoom(zoom) {
    this.#square?.zoomTo(zoom)
    this.#draw()
  }

  #drag(event) {
    if (!this.#square || !this.stage.hasPointerCapture(event.pointerId)) return
    this.#move(-event.movementX / this.stage.clientWidth, -event.movementY / this.stage.clientWidth)
  }

  #key(event) {
    const moves = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] }
    const zooms = { "+": CLOSER, "=": CLOSER, "-": 1 / CLOSER }
    if (!this.#square || !(event.key in moves || event.key in zooms)) return
    event.preventDefault()
    if (event.key in moves) this.#move(...moves[event.key])
    else this.#zoom(this.#square.zoom * zooms[event.key])
  }

  #over(event) {
    if (!event.dataTransfer?.types.includes("Files")) return
    event.preventDefault()
    this.toggleAttribute("data-over", event.type === "dragenter" || event.type === "dragover")
    if (event.type !== "drop" || event.dataTransfer.files.length === 0) return
    this.input.files = event.dataTransfer.files
    this.#chosen()
  }
}

customElements.define("chat-picture", ChatPicture)
