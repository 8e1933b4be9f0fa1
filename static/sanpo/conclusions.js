// The audit form: how a checkpoint is read, written and said, and what follows the typing. The markup is components/conclusion.html.
import { canonical } from "./outbox.js";
import { startPhotos } from "./photos.js";
import { fill } from "./question.js";
import { startSectionPage } from "./sectionpage.js";

const radios = (box) => [...box.querySelectorAll("input[data-conclusion]")];
const parts = (box) => [...box.querySelectorAll("[data-part]")];

// {value: {conclusion, topic, data_points, ...}} in the shape the server keeps it, so that equal texts compare equal.
export function readContent(box) {
  const value = { conclusion: radios(box).find((radio) => radio.checked)?.value ?? "", topic: "" };
  for (const part of parts(box)) value[part.dataset.part] = part.dataset.part === "data_points" ? linesOf(part.value) : part.value.trim();
  return { value };
}

// One data point a line; spaces are single and empty lines are none.
export function linesOf(text) {
  return text.split("\n").map((line) => line.trim().split(/\s+/).join(" ")).filter(Boolean);
}

// Data points that say something, each once, as the draft gate counts them.
export function countPoints(text) {
  return new Set(linesOf(text).map((line) => line.toLowerCase())).size;
}

export function writeContent(box, { value }) {
  for (const radio of radios(box)) radio.checked = radio.value === (value?.conclusion ?? "");
  for (const part of parts(box)) {
    const text = value?.[part.dataset.part] ?? "";
    fill(part, Array.isArray(text) ? text.join("\n") : text);
  }
}

// A conclusion in words, for the two texts of a conflict: a line for each field in which it differs from the `other` text.
export function describeContent(box, { value }, words, other) {
  const differs = (name) => canonical(value?.[name] ?? "") !== canonical(other?.value?.[name] ?? "");
  const chosen = radios(box).find((radio) => radio.value === value?.conclusion)?.closest("label").textContent.trim() ?? words.empty;
  const lines = parts(box).filter((part) => differs(part.dataset.part)).map((part) => `${nameOf(box, part)}: ${shownText(part, value?.[part.dataset.part]) || words.empty}`);
  return [...(differs("conclusion") ? [chosen] : []), ...lines].join("\n");
}

const nameOf = (box, part) => box.querySelector(`label[for="${CSS.escape(part.id)}"]`)?.dataset.name ?? "";

function shownText(part, text) {
  if (Array.isArray(text)) return text.join("; ");
  return part.tagName === "SELECT" && text ? [...part.options].find((option) => option.value === text)?.textContent ?? text : text;
}

// The count of data points follows the typing.
function follow(form) {
  const update = () => { for (const place of form.querySelectorAll("[data-points-of]")) showCount(place); };
  form.addEventListener("input", (event) => { if (event.target.dataset.part === "data_points") update(); });
  update();
  return update;
}

function showCount(place) {
  const found = countPoints(document.getElementById(place.dataset.pointsOf).value);
  const text = place.dataset.words.replace("{found}", found).replace("{needed}", place.dataset.needed);
  if (place.textContent !== text) place.textContent = text;
  place.toggleAttribute("data-enough", found >= Number(place.dataset.needed));
}

if (globalThis.document?.querySelector("form[data-save-url]")) {
  startSectionPage({ readBody: readContent, writeBody: writeContent, describe: describeContent, follow });
  startPhotos();
}
