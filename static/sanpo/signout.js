// Before signing out: try to send what is left in the outboxes, ask before anything unsent is dropped, then leave nothing on the device.
import { openOutbox, openPhotos } from "./device.js";

const PATIENCE = 4000;

export function startSignOut(root = document) {
  for (const form of root.querySelectorAll('form[data-signout], form[method=post][action$="/logout/"]')) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.ready) return;
      event.preventDefault();
      emptyOutboxes().then((leave) => {
        if (!leave) return;
        form.dataset.ready = "1";
        form.requestSubmit();
      });
    });
  }
}

async function emptyOutboxes() {
  const user = document.body.dataset.user;
  if (!user) return true;
  const outboxes = await Promise.all([openOutbox(user, () => {}), openPhotos(user, () => {})]);
  const isEmpty = async () => (await Promise.all(outboxes.map((outbox) => outbox.entries()))).every((entries) => !entries.length);
  if (await isEmpty()) return true;
  await Promise.race([Promise.all(outboxes.map((outbox) => outbox.wake())), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  if (!(await isEmpty()) && !window.confirm(document.querySelector("[data-unsent]")?.dataset.unsent ?? "")) return false;
  for (const outbox of outboxes) await outbox.clear();
  return true;
}
