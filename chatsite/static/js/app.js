import { keepTimesLocal } from "chat/lib/times.js"
import { live } from "chat/realtime/live.js"

keepTimesLocal()
if (live) await import("chat/lib/signed-in.js")
