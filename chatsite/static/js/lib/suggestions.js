import { emojiBook, tone, use } from "chat/lib/emoji-shelf.js"
import { membersIn } from "chat/lib/members.js"
import { SuggestionList } from "chat/lib/suggestion-list.js"
import { gettext } from "chat/lib/words.js"
import { asked, closed, ranked } from "chat/thinking/asking.js"
import { inTone } from "chat/thinking/emoji.js"

const MOST = 8
const ALL = { username: "all", name: gettext("everyone here") }

/** Completes `@name` with the members of the conversation and `:shortcode` with emoji, as one types in `field`. */
export class Suggestions {
  constructor({ field, host, conversation }) {
    Object.assign(this, { field, conversation })
    const take = (thing) => this.#take(thing)
    this.list = new SuggestionList({ field, host, label: gettext("Suggestions"), draw, take })
    field.addEventListener("input", ({ isComposing }) => isComposing || this.look())
  }

  key(event) {
    return this.list.key(event)
  }

  /** Offers what could be meant at the caret. */
  async look() {
    const { value, selectionStart: caret } = this.field
    const code = closed(value, caret)
    if (code) await this.#replaceCode(code, caret)
    const wanted = asked(value, caret)
    if (!wanted) return this.list.close()
    const things = wanted.sign === "@" ? this.#people(wanted.query) : await found(wanted.query)
    if (this.field.value !== value || this.field.selectionStart !== caret) return undefined // written on meanwhile
    this.asked = wanted
    return this.list.show(things)
  }

  #people(query) {
    const others = membersIn(this.conversation).filter(({ username }) => username)
    const all = this.conversation.dataset.kind === "group" ? [...others, ALL] : others
    return ranked(all, query, ({ username, name }) => [username, ...name.split(" ")], MOST)
  }

  async #replaceCode({ code, start }, caret) {
    const one = (await emojiBook())?.named(code)
    if (one && this.field.value.slice(start, caret) === `:${code}:`) this.#put(inTone(one, tone()), start, caret)
  }

  #take(thing) {
    const { start } = this.asked
    const character = thing.username ? null : inTone(thing, tone())
    if (character) use(character)
    this.#put(`${character ?? `@${thing.username}`} `, start, this.field.selectionStart)
  }

  #put(text, start, end) {
    this.field.setRangeText(text, start, end, "end")
    this.field.dispatchEvent(new Event("input", { bubbles: true }))
  }
}

async function found(query) {
  return (await emojiBook())?.find(query, MOST) ?? []
}

function draw(thing) {
  if (!thing.username) return [part(inTone(thing, tone()), "suggestion-emoji"), part(`:${thing.codes[0]}:`, "cut")]
  return [part(thing.name, "cut"), part(`@${thing.username}`, "cut soft")]
}

function part(textContent, className) {
  return Object.assign(document.createElement("span"), { className, textContent, dir: "auto" })
}
