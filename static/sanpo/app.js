// What every page starts: menus, filter bars, tick boxes, the colour switch, tokens for htmx, error summaries, sign-out.
import { startBulk } from "./bulk.js";
import { csrfToken } from "./csrf.js";
import { drainOutbox } from "./drain.js";
import { startFilters } from "./filters.js";
import { startMenus } from "./menus.js";
import { startSignOut } from "./signout.js";
import { startUploads } from "./upload.js";

startMenus();
startFilters();
startBulk();
startSignOut();
startUploads();
startThemePick();
drainOutbox();
document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.verb !== "get") event.detail.headers["X-CSRFToken"] = csrfToken();
});
document.querySelector("[data-error-summary]")?.focus();

function startThemePick() {
  const pick = document.querySelector("[data-theme-pick]");
  if (!pick) return;
  pick.closest("label").hidden = false;
  pick.value = document.documentElement.dataset.theme ?? "";
  pick.addEventListener("change", () => {
    if (pick.value) document.documentElement.dataset.theme = pick.value;
    else delete document.documentElement.dataset.theme;
    try { localStorage.setItem("sanpo-theme", pick.value); } catch { /* not kept, still shown */ }
  });
}
