// The form of a declaration: how a field is read, written and said. The markup is minerals/declarations/form_part_field.html.
import { fill } from "./question.js";
import { startSectionPage } from "./sectionpage.js";

const controls = (box) => [...box.querySelectorAll(".field :is(input:not([type=hidden]), select, textarea)")];
const isTick = (field) => field.type === "radio" || field.type === "checkbox";

// {value: text}. Boxes that are ticked, and what is named beside them, stand on lines of their own in the order the server keeps.
export function readField(box) {
  const fields = controls(box);
  if (box.dataset.kind === "boxes") return { value: [...new Set(fields.flatMap(linesOf))].sort().join("\n") };
  if (box.dataset.kind === "radio") return { value: fields.find((field) => field.checked)?.value ?? "" };
  return { value: fields[0]?.value.trim() ?? "" };
}

function linesOf(field) {
  if (isTick(field)) return field.checked ? [field.value] : [];
  return field.value.split(/[\n,;]/).map((line) => line.trim().split(/\s+/).join(" ")).filter(Boolean);
}

export function writeField(box, { value }) {
  const lines = (value ?? "").split("\n").filter(Boolean);
  const known = new Set(controls(box).filter(isTick).map((field) => field.value));
  for (const field of controls(box)) {
    if (box.dataset.kind === "boxes" && !isTick(field)) fill(field, lines.filter((line) => !known.has(line)).join("\n"));
    else if (isTick(field)) field.checked = box.dataset.kind === "boxes" ? lines.includes(field.value) : field.value === value;
    else fill(field, value ?? "");
  }
}

// A field in words, for the two texts of a conflict.
export function describeField(box, { value }, words) {
  if (!value) return words.empty;
  const label = (one) => controls(box).find((field) => isTick(field) && field.value === one)?.closest("label").textContent.trim();
  const option = [...(box.querySelector("select")?.options ?? [])].find((one) => one.value === value);
  return option?.textContent.trim() ?? value.split("\n").map((one) => label(one) ?? one).join(", ");
}

// Enter in the search field searches, instead of saving the page.
function follow(form) {
  const words = form.querySelector("#find-words");
  words?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    form.querySelector("#find-go").click();
  });
  return () => {};
}

if (globalThis.document?.querySelector("form[data-save-url]")) startSectionPage({ readBody: readField, writeBody: writeField, describe: describeField, follow });
