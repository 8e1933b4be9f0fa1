// Rows with tick boxes: one box ticks all, the bar with the deeds shows how many are ticked.
export function startBulk(root = document) {
  for (const form of root.querySelectorAll("[data-bulk]")) {
    const all = form.querySelector("[data-bulk-all]");
    const rows = () => [...form.querySelectorAll("[data-bulk-row]")];
    const tell = () => {
      const ticked = rows().filter((row) => row.checked).length;
      for (const count of form.querySelectorAll("[data-bulk-count]")) count.textContent = String(ticked);
      for (const bar of form.querySelectorAll("[data-bulk-bar]")) bar.hidden = ticked === 0;
      if (all) { all.checked = ticked > 0 && ticked === rows().length; all.indeterminate = ticked > 0 && !all.checked; }
    };
    form.addEventListener("change", (event) => {
      if (event.target === all) for (const row of rows()) row.checked = all.checked;
      tell();
    });
    tell();
  }
}
