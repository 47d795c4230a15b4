// Django's JavaScript catalogue, where a page has it; English otherwise.
const django = globalThis.django ?? {}

export const gettext = django.gettext ?? ((text) => text)
export const ngettext = django.ngettext ?? ((one, many, count) => (count === 1 ? one : many))

/** Puts `values` in the place of `%(name)s`. */
export function interpolate(text, values) {
  return text.replace(/%\((\w+)\)s/g, (_, name) => String(values[name]))
}
