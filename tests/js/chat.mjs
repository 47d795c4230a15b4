// Resolves "chat/…" as the pages' import map does, so that node runs the same files the browser runs.
import { register } from "node:module"

const root = new URL("../../chatsite/static/js/", import.meta.url).href
const hooks = `
export async function resolve(specifier, context, next) {
  if (!specifier.startsWith("chat/")) return next(specifier, context)
  return { url: ${JSON.stringify(root)} + specifier.slice(5), format: "module", shortCircuit: true }
}
export async function load(url, context, next) {
  return next(url, url.startsWith(${JSON.stringify(root)}) ? { ...context, format: "module" } : context)
}`

register("data:text/javascript," + encodeURIComponent(hooks))
