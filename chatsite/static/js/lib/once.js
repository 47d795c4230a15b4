/** Makes something when it is first asked for, and gives the same from then on; where that failed, the next asking tries again. */
export function once(make) {
  let made = null
  const failed = (failure) => {
    made = null
    throw failure
  }
  return () => (made ??= make().catch(failed))
}
