import { day } from "chat/thinking/grouping.js"

const MINUTE = 60_000
const RECENT_MINUTES = 60
const WEEK_DAYS = 7

// The page's language, in the reader's own variety of it where the browser knows: 15:04 in London is 3:04 PM in Boston.
const language = document.documentElement.lang
const own = navigator.languages.find((each) => each.split("-")[0] === language.split("-")[0]) ?? language
const locale = new Intl.Locale(own, { numberingSystem: "latn" }) // the digits of the rest of the page
const format = (options) => new Intl.DateTimeFormat(locale, options)
const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto" })
const clock = format({ hour: "numeric", minute: "2-digit" })
const exact = format({ dateStyle: "full", timeStyle: "medium" })
const weekday = format({ weekday: "short" })
const thisYear = format({ day: "numeric", month: "short" })
const otherYear = format({ day: "numeric", month: "short", year: "numeric" })
const longDay = format({ weekday: "long", day: "numeric", month: "long" })
const longDayOfYear = format({ weekday: "long", day: "numeric", month: "long", year: "numeric" })

const daysSince = (date, now) => Math.round((Date.parse(day(now)) - Date.parse(day(date))) / (24 * 60 * MINUTE))
const capital = (text) => text.charAt(0).toLocaleUpperCase() + text.slice(1)

const WORDS = {
  clock: (date) => clock.format(date),
  date: (date) => otherYear.format(date),
  moment: (date) => `${capital(weekday.format(date))}, ${WORDS.date(date)}, ${clock.format(date)}`,
  day(date, now) {
    const days = daysSince(date, now)
    if (days === 0 || days === 1) return capital(relative.format(-days, "day"))
    return (date.getFullYear() === now.getFullYear() ? longDay : longDayOfYear).format(date)
  },
  short(date, now) {
    const days = daysSince(date, now)
    if (days <= 0) return clock.format(date)
    if (days === 1) return capital(relative.format(-1, "day"))
    if (days < WEEK_DAYS) return weekday.format(date)
    return (date.getFullYear() === now.getFullYear() ? thisYear : otherYear).format(date)
  },
  relative(date, now) {
    const minutes = Math.round((now - date) / MINUTE)
    if (minutes >= 0 && minutes < RECENT_MINUTES) return relative.format(-minutes, "minute")
    const days = daysSince(date, now)
    return days === 0 ? clock.format(date) : `${WORDS.short(date, now)}, ${clock.format(date)}`
  },
}

function kind(time) {
  if (time.closest(".message, .happening")) return "clock"
  if (time.closest(".day")) return "day"
  return time.matches(".row-time") ? "short" : "relative"
}

/** Writes one `<time datetime>` in the reader's own zone and language; the exact moment is its title. */
export function localize(time) {
  const date = new Date(time.dateTime)
  if (Number.isNaN(date.getTime())) return
  const text = WORDS[time.dataset.format ?? kind(time)](date, new Date())
  if (time.textContent !== text) time.textContent = text
  const title = exact.format(date)
  if (time.title !== title) time.title = title
}

export function localizeAll(root) {
  for (const time of root.querySelectorAll("time[datetime]")) localize(time)
}

/** Keeps every time on the page local, those that come later too, and relative ones true as minutes pass. */
export function keepTimesLocal() {
  localizeAll(document)
  new MutationObserver((records) => {
    for (const { target, addedNodes } of records) {
      if (target.nodeName === "TIME" && target.hasAttribute("datetime")) localize(target)
      for (const node of addedNodes) if (node.querySelectorAll) node.matches("time[datetime]") ? localize(node) : localizeAll(node)
    }
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["datetime"] })
  setInterval(() => {
    for (const time of document.querySelectorAll("time[datetime]")) if (kind(time) !== "clock") localize(time)
  }, MINUTE)
}
