// The outboxes of this browser: IndexedDB where it works, woken by the line, the page and the clock; one tab sends at a time.
import { DatabaseStore } from "./database.js";
import { forget, leftovers } from "./leftovers.js";
import { MemoryStore, Outbox } from "./outbox.js";
import { sendAnswer, sendPhoto } from "./send.js";

// What was typed.
export async function openOutbox(user, tell) {
  const outbox = await open("sanpo-outbox", { send: sendAnswer, user, tell });
  for (const [key, answer] of leftovers(user)) {
    await outbox.put(answer);
    forget(key);
  }
  return outbox;
}

// Photos; an outbox of their own, so that a large one on a bad line holds up no words.
export function openPhotos(user, tell) {
  return open("sanpo-photos", { send: sendPhoto, user, tell });
}

async function open(name, { send, user, tell }) {
  let store;
  let forgetful = false;
  try { store = await DatabaseStore.open(name); } catch { store = new MemoryStore(); forgetful = true; }
  const outbox = new Outbox({ store, send, user, tell, lock: oneTab(name) });
  outbox.forgetful = forgetful;
  window.addEventListener("online", () => outbox.wake());
  window.addEventListener("pageshow", () => outbox.wake());
  document.addEventListener("visibilitychange", () => { if (!document.hidden) outbox.wake(); });
  await outbox.purge().catch(() => {});
  return outbox;
}

function oneTab(name) {
  return (job) => (navigator.locks ? navigator.locks.request(name, job) : job());
}
