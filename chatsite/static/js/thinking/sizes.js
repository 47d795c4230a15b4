const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"]
const STEP = 1024

/** A number of bytes as people say it, in the language of the page. */
export function sizeWords(bytes, language) {
  const power = Math.min(Math.floor(Math.log(Math.max(bytes, 1)) / Math.log(STEP)), UNITS.length - 1)
  const form = { style: "unit", unit: UNITS[power], unitDisplay: power ? "short" : "long", maximumFractionDigits: power ? 1 : 0 }
  return new Intl.NumberFormat(language, form).format(bytes / STEP ** power)
}
