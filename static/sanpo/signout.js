// Before signing out: try to send what is left in the outbox, ask before anything unsent is dropped, then leave nothing on the device.
import { openOutbox } from "./device.js";

const PATIENCE = 4000;

export function startSignOut(root = document) {
  for (const form of root.querySelectorAll('form[data-signout], form[method=post][action$="/logout/"]')) {
    form.addEventListener("submit", (event) => {
      if (form.dataset.ready) return;
      event.preventDefault();
      emptyOutbox(form).then((leave) => {
        if (!leave) return;
        form.dataset.ready = "1";
        form.requestSubmit();
      });
    });
  }
}

async function emptyOutbox(form) {
  const user = document.body.dataset.user;
  if (!user) return true;
  const outbox = await openOutbox(user, () => {});
  if (!(await outbox.entries()).length) return true;
  await Promise.race([outbox.wake(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  if ((await outbox.entries()).length && !window.confirm(document.querySelector("[data-unsent]")?.dataset.unsent ?? "")) return false;
  await outbox.clear();
  return true;
}
