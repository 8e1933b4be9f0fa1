// A filter bar sends itself when a choice changes; the search field waits for Enter. Empty fields stay out of the address.
export function startFilters(root = document) {
  root.addEventListener("change", (event) => {
    const form = event.target.closest?.("form[data-filters]");
    if (form && event.target.matches("select, input[type=checkbox], input[type=date]")) form.requestSubmit();
  });
  root.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches?.("form[data-filters]")) return;
    const empty = [...form.elements].filter((field) => field.name && field.value === "" && !field.disabled);
    for (const field of empty) field.disabled = true;
    setTimeout(() => { for (const field of empty) field.disabled = false; });
  });
}
