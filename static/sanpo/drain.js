// Any page of a signed-in reader sends what an earlier section page could not.
import { openOutbox } from "./device.js";

export async function drainOutbox() {
  const user = document.body.dataset.user;
  if (!user || document.querySelector("form[data-save-url]")) return;
  const outbox = await openOutbox(user, () => {});
  if ((await outbox.entries()).length) await outbox.wake();
}
