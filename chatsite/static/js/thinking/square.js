const CLOSEST = 8 // times

/** The square of a picture that is kept. Lengths in pixels of the picture. */
export class Square {
  #zoom = 1

  constructor(width, height) {
    this.width = width
    this.height = height
    this.x = (width - this.side) / 2
    this.y = (height - this.side) / 2
  }

  /** 1 shows the whole shorter edge, 8 an eighth of it. */
  get zoom() {
    return this.#zoom
  }

  get side() {
    return Math.min(this.width, this.height) / this.#zoom
  }

  /** Comes closer or goes away, around what is in the middle. */
  zoomTo(zoom) {
    const [middleX, middleY] = [this.x + this.side / 2, this.y + this.side / 2]
    this.#zoom = Math.min(Math.max(zoom, 1), CLOSEST)
    this.x = middleX - this.side / 2
    this.y = middleY - this.side / 2
    this.moveBy(0, 0)
  }

  /** Moves over the picture, as far as it reaches. */
  moveBy(x, y) {
    this.x = Math.min(Math.max(this.x + x, 0), this.width - this.side)
    this.y = Math.min(Math.max(this.y + y, 0), this.height - this.side)
  }

  /** What the server is told: whole pixels. */
  get rectangle() {
    return { x: Math.floor(this.x), y: Math.floor(this.y), side: Math.max(Math.floor(this.side), 1) }
  }
}
