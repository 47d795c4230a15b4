// The service worker, behind the three constants that chatsite/web/installed.py puts before it: VERSION, HASHED and FILES.
//
// It keeps files that are the same for everybody, and the page for when nothing can be reached, which was drawn for nobody. What
// is drawn for a person is never kept: somebody else may sit here after a log-out.

const CACHE = `chat-${VERSION}`
const OFFLINE = "/offline/"
const STATIC = "/static/"
const VERSIONS = 2 // pages that were opened before an update still ask for files of the version they are of

self.addEventListener("install", (event) => event.waitUntil(install()))
self.addEventListener("activate", (event) => event.waitUntil(activate()))
self.addEventListener("fetch", (event) => {
  const { request } = event
  const { origin, pathname } = new URL(request.url)
  if (request.method !== "GET" || origin !== location.origin) return
  if (request.mode === "navigate") event.respondWith(navigate(event))
  else if (pathname.startsWith(STATIC)) event.respondWith(file(request))
})

async function install() {
  const cache = await caches.open(CACHE)
  await cache.addAll([new Request(OFFLINE, { credentials: "omit", cache: "reload" }), ...FILES])
  await self.skipWaiting()
}

async function activate() {
  const ours = (await caches.keys()).filter((name) => name.startsWith("chat-") && name !== CACHE)
  const old = ours.slice(0, ours.length - VERSIONS + 1)
  await Promise.all(old.map((name) => caches.delete(name)))
  await self.registration.navigationPreload?.enable() // the request goes out while the worker wakes
  await self.clients.claim()
}

async function navigate({ request, preloadResponse }) {
  try {
    return (await preloadResponse) ?? (await fetch(request))
  } catch {
    return (await caches.open(CACHE)).match(OFFLINE)
  }
}

/** A name with a hash in it always stands for the same bytes. Without one, what is kept is only for when there is no line. */
async function file(request) {
  const kept = await caches.match(request)
  if (kept && HASHED) return kept
  return fetch(request).catch(() => kept ?? Response.error())
}
