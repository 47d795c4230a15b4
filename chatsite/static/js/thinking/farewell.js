const SIGN_IN = new Set([4401])
const STOP = new Set([4400, 4403])

/**
 * What to do after the server closed a socket with `code`: "sign-in" when the session is over, "stop" when coming back
 * would end the same way, "again" otherwise.
 */
export function farewell(code) {
  if (SIGN_IN.has(code)) return "sign-in"
  return STOP.has(code) ? "stop" : "again"
}
