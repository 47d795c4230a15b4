const SIGN_IN = new Set([4401])
const STOP = new Set([4400, 4403])
const TOO_FAST = 4429
const TOO_FAST_REST_MS = 5_000

/**
 * What to do after the server closed a socket with `code`: "sign-in" when the session is over, "stop" when coming back
 * would end the same way, "again" otherwise.
 */
export function farewell(code) {
  if (SIGN_IN.has(code)) return "sign-in"
  return STOP.has(code) ? "stop" : "again"
}

/** Milliseconds to stay away at least after `code`, whatever the back-off says. */
export function restAfter(code) {
  return code === TOO_FAST ? TOO_FAST_REST_MS : 0
}
