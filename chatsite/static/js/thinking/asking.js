const TOKEN = /(?:^|[\s([{"'*_>|])([@:])([\p{L}\p{N}_.+-]*)$/u
const CLOSED = /(?:^|[\s([{"'*_>|]):([a-z0-9_+-]+):$/
const LONGEST = 60 // characters before the caret that are looked at
const LETTERS_LEAST = { "@": 0, ":": 2 } // ":)" and times of day ask for nothing

/** What is being asked for at the caret: `{sign, query, start}` with `start` the place of the sign, or null. */
export function asked(text, caret) {
  const before = text.slice(Math.max(0, caret - LONGEST), caret)
  const [, sign, query] = TOKEN.exec(before) ?? []
  if (!sign || query.length < LETTERS_LEAST[sign] || (sign === ":" && /^\d/.test(query))) return null
  return { sign, query, start: caret - query.length - 1 }
}

/** The shortcode that ends at the caret, `:like_this:`, as `{code, start}`, or null. */
export function closed(text, caret) {
  const [, code] = CLOSED.exec(text.slice(Math.max(0, caret - LONGEST), caret)) ?? []
  return code ? { code, start: caret - code.length - 2 } : null
}

/**
 * Up to `most` of these things, best first: where a word of `words(thing)` is the query, then where one begins with it, then where
 * one has it within. Earlier words count for more.
 */
export function ranked(things, query, words, most) {
  const wanted = query.toLowerCase()
  const found = []
  for (const [place, thing] of things.entries()) {
    const rank = rankOf(words(thing), wanted)
    if (rank !== Infinity) found.push({ thing, rank, place })
  }
  found.sort((one, other) => one.rank - other.rank || one.place - other.place)
  return found.slice(0, most).map(({ thing }) => thing)
}

function rankOf(words, wanted) {
  let best = Infinity
  for (const [place, word] of words.entries()) {
    const at = word.toLowerCase().indexOf(wanted)
    const rank = at < 0 ? Infinity : (at > 0 ? 2000 : word.length === wanted.length ? 0 : 1000) + place
    best = Math.min(best, rank)
  }
  return best
}
