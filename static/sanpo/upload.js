// File uploads: sent as soon as a file is chosen, size checked before, progress in words, a drop zone as an extra.
const MEGABYTE = 1_000_000;

export function startUploads(root = document) {
  root.addEventListener("change", (event) => {
    const field = event.target;
    if (field.type === "file" && field.form?.dataset.upload) offer(field);
  });
  for (const kind of ["dragover", "dragleave", "drop"]) root.addEventListener(kind, (event) => drag(kind, event));
  root.addEventListener("htmx:xhr:progress", (event) => {
    const form = event.target;
    if (form.dataset?.upload && event.detail.lengthComputable) say(form, wordsOf(form)?.dataset.sending.replace("{percent}", Math.floor((100 * event.detail.loaded) / event.detail.total)));
  });
  root.addEventListener("htmx:sendError", (event) => fail(event.target));
  root.addEventListener("htmx:responseError", (event) => fail(event.target));
}

function offer(field) {
  const limit = Number(field.form.dataset.upload);
  const words = wordsOf(field.form);
  const big = [...field.files].find((file) => file.size > limit * MEGABYTE);
  if (big) {
    say(field.form, words.dataset.tooBig.replace("{name}", big.name).replace("{limit}", limit));
    field.value = "";
  } else if (field.files.length) {
    field.form.requestSubmit();
  }
}

function drag(kind, event) {
  const zone = event.target.closest?.("[data-drop]");
  if (!zone || !event.dataTransfer?.types.includes("Files")) return;
  event.preventDefault();
  zone.classList.toggle("over", kind === "dragover");
  if (kind !== "drop") return;
  const field = zone.querySelector("input[type=file]");
  field.files = event.dataTransfer.files;
  field.dispatchEvent(new Event("change", { bubbles: true }));
}

function fail(form) {
  if (form.dataset?.upload) say(form, wordsOf(form)?.dataset.failed);
}

function wordsOf(form) {
  return [...document.querySelectorAll("input[type=file]")].find((field) => field.form === form)?.closest("[data-drop]")?.querySelector("[data-upload-words]");
}

function say(form, text) {
  const place = wordsOf(form);
  if (place) place.textContent = text ?? "";
}
