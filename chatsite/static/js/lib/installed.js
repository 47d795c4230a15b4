/** Lets the browser install the chat, and keep what it shows without a connection. After everything else: nothing waits for it. */
export function keepInstalled() {
  if (!("serviceWorker" in navigator)) return
  const register = () => navigator.serviceWorker.register("/sw.js").catch((refused) => console.info("The chat works, but not without a connection.", refused))
  if (document.readyState === "complete") register()
  else addEventListener("load", register)
}
