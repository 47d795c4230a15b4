import { ranked } from "chat/thinking/asking.js"

export const TONES = ["", "\u{1f3fb}", "\u{1f3fc}", "\u{1f3fd}", "\u{1f3fe}", "\u{1f3ff}"]
const RECENT_MOST = 24
const VARIATION = "\ufe0f"

/** All emoji, as `static/emoji.json` has them: groups of `[character, shortcodes, words, 1 where it takes a tone]`. */
export class EmojiBook {
  constructor(groups) {
    this.groups = groups.map((group) => group.map(read))
    this.all = this.groups.flat()
    this.codes = new Map(this.all.flatMap((one) => one.codes.map((code) => [code, one])))
  }

  /** Those whose shortcode fits come before those that are only described so. */
  find(query, most) {
    const named = ranked(this.all, query, ({ codes }) => codes, most)
    const described = ranked(this.all, query, ({ words }) => words, most + named.length)
    return [...named, ...described.filter((one) => !named.includes(one))].slice(0, most)
  }

  /** The emoji of a shortcode, or undefined. */
  named(code) {
    return this.codes.get(code)
  }
}

function read([character, codes, words, toned]) {
  return { character, codes: codes.split(" "), words: words.split(" "), toned: toned === 1 }
}

/** The character in a tone, where it takes one. */
export function inTone({ character, toned }, tone) {
  return toned && tone ? character.replace(VARIATION, "") + tone : character
}

/** The characters used last, the newest first. */
export function usedAgain(recent, character) {
  return [character, ...recent.filter((one) => one !== character)].slice(0, RECENT_MOST)
}
