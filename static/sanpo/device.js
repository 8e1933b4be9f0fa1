// The outbox of this browser: IndexedDB where it works, woken by the line, the page and the clock; one tab sends at a time.
import { DatabaseStore } from "./database.js";
import { forget, leftovers } from "./leftovers.js";
import { MemoryStore, Outbox } from "./outbox.js";
import { sendAnswer } from "./send.js";

export async function openOutbox(user, tell) {
  let store;
  let forgetful = false;
  try { store = await DatabaseStore.open(); } catch { store = new MemoryStore(); forgetful = true; }
  const outbox = new Outbox({ store, send: sendAnswer, user, tell, lock: oneTab });
  outbox.forgetful = forgetful;
  window.addEventListener("online", () => outbox.wake());
  window.addEventListener("pageshow", () => outbox.wake());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) outbox.wake(); });
  await outbox.purge().catch(() => {});
  for (const [key, answer] of leftovers(user)) {
    await outbox.put(answer);
    forget(key);
  }
  return outbox;
}

function oneTab(job) {
  return navigator.locks ? navigator.locks.request("sanpo-outbox", job) : job();
}
