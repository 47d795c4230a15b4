/** The browser's clock and timers, in one piece, so that tests can bring their own. Milliseconds. */
export const timers = {
  now: () => Date.now(),
  schedule: (task, ms) => setTimeout(task, ms),
  cancel: (timer) => clearTimeout(timer),
}
