// The page for when nothing can be reached goes by itself as soon as something can.
const LOOK_MS = 10_000

const look = () => fetch("/health/live", { cache: "no-store" }).then(({ ok }) => ok && location.reload(), () => null)

addEventListener("online", look)
setInterval(look, LOOK_MS)
