// One question on the page: read its answer, write one into it, say it in words, show its state. The markup is components/question.html.
import { parseNumber } from "./numbers.js";

export const codeOf = (box) => box.dataset.question;
const inputs = (box) => [...box.querySelectorAll(":scope > .field input, :scope > .field textarea")];

// {value, na, comment} as the server takes it; value is null when nothing is answered.
export function readBody(box) {
  const na = box.querySelector("[data-na]");
  const reason = box.querySelector("[data-na-reason]");
  return { value: readValue(box), na: na?.checked ? (reason?.value.trim() ?? "") : null, comment: box.querySelector("[data-comment]")?.value.trim() ?? "" };
}

export function readValue(box) {
  const fields = inputs(box);
  switch (box.dataset.kind) {
    case "single": case "yes_no": return fields.find((field) => field.checked)?.value ?? null;
    case "multiple": { const chosen = fields.filter((field) => field.checked).map((field) => field.value); return chosen.length ? chosen : null; }
    case "number": case "percentage": return parseNumber(fields[0].value);
    case "headcount": return readCells(fields);
    case "document": return null;
    default: return fields[0].value.trim() || null;
  }
}

function readCells(fields) {
  const cells = {};
  for (const field of fields) {
    const people = parseNumber(field.value);
    if (people !== null) cells[field.dataset.cell] = people;
  }
  return Object.keys(cells).length ? cells : null;
}

// Put an answer into the fields. A field somebody is typing in is never touched.
export function writeBody(box, { value = null, na = null, comment = "" }) {
  for (const field of inputs(box)) writeField(field, value);
  const tick = box.querySelector("[data-na]");
  if (tick) tick.checked = na !== null && na !== undefined;
  fill(box.querySelector("[data-na-reason]"), na ?? "");
  fill(box.querySelector("[data-comment]"), comment ?? "");
  for (const details of box.querySelectorAll("details")) if (details.contains(tick) ? tick.checked : details.querySelector("[data-comment]")?.value) details.open = true;
}

function writeField(field, value) {
  if (field.type === "radio" || field.type === "checkbox") field.checked = Array.isArray(value) ? value.includes(field.value) : value === field.value;
  else fill(field, field.dataset.cell ? value?.[field.dataset.cell] ?? "" : value ?? "");
}

export function fill(field, text) {
  if (field && field !== document.activeElement) field.value = String(text);
}

// An answer in words, for the two answers of a conflict.
export function describe(box, { value = null, na = null }, words) {
  if (na !== null && na !== undefined) return na ? `${words.na}: ${na}` : words.na;
  if (value === null || value === "") return words.empty;
  if (box.dataset.kind === "headcount" && typeof value === "object") return Object.entries(value).map(([cell, people]) => `${box.querySelector(`[data-cell="${CSS.escape(cell)}"]`)?.getAttribute("aria-label") ?? cell}: ${people}`).join("; ");
  if (["single", "yes_no", "multiple"].includes(box.dataset.kind)) return [value].flat().map((code) => inputs(box).find((field) => field.value === code)?.closest("label").querySelector("[data-said]")?.textContent.trim() ?? code).join(", ");
  const unit = box.querySelector(".unit > span")?.textContent.trim();
  return unit ? `${value} ${unit}` : String(value);
}

export function setVersion(box, version) {
  box.dataset.version = version;
  const base = box.querySelector("[data-base]");
  if (base) base.value = version;
}

export function showError(box, message) {
  const line = box.querySelector("[data-error]");
  line.querySelector("[data-error-text]").textContent = message ?? "";
  line.hidden = !message;
  for (const field of inputs(box)) if (message) field.setAttribute("aria-invalid", "true"); else field.removeAttribute("aria-invalid");
}

const TONES = { saved: "good", waiting: "minor", sending: "minor", refused: "priority", conflict: "major", closed: "major" };

// Show an icon and a word beside the number of the question.
export function showState(box, state, text) {
  const slot = box.querySelector("[data-qstate]");
  const badge = document.createElement("span");
  badge.className = `sev ${TONES[state]} bare`;
  badge.append(cloneIcon(state === "sending" ? "waiting" : state), text);
  slot.replaceChildren(badge);
}

export function cloneIcon(name) {
  return document.querySelector(`template[data-icon="${name}"]`)?.content.cloneNode(true) ?? "";
}
