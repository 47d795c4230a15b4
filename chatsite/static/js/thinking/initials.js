const LETTER = /[\p{L}\p{N}]/u

/** One or two letters that stand for a name, as the server draws them: of its first and its last word. */
export function initials(name) {
  const found = name.split(/\s+/).map((word) => [...word].find((character) => LETTER.test(character))).filter(Boolean)
  if (!found.length) return "?"
  return (found.length === 1 ? found[0] : found[0] + found.at(-1)).toUpperCase()
}
