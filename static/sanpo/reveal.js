// Follow-up questions and notes appear at once; sums and exclusive choices follow the typing. The server alone decides what counts.
import { evaluate } from "./conditions.js";
import { codeOf, readBody } from "./question.js";

export function startReveal(form, known = {}) {
  const boxes = [...form.querySelectorAll("[data-question]")];
  const rules = new Map([...form.querySelectorAll("[data-show-if], [data-warn-if]")].map((part) => [part, JSON.parse(part.dataset.showIf ?? part.dataset.warnIf)]));
  const update = () => showWhatApplies(boxes, rules, known, form.dataset.asOf);
  form.addEventListener("change", (event) => { keepExclusive(event.target); update(); });
  form.addEventListener("input", (event) => { if (event.target.dataset.cell) showSums(event.target.closest("[data-question]")); });
  document.addEventListener("htmx:afterSettle", update);
  for (const box of boxes) if (box.dataset.kind === "headcount") showSums(box);
  update();
  return update;
}

// In the order of the document: a hidden question counts as unanswered for those after it.
export function showWhatApplies(boxes, rules, known, asOf) {
  const answers = { ...known };
  for (const box of boxes) delete answers[codeOf(box)];
  for (const box of boxes) {
    const shown = !rules.has(box) || evaluate(rules.get(box), answers, asOf) === true;
    box.toggleAttribute("data-off", !shown);
    if (!shown) continue;
    const value = liveValue(box);
    if (value !== null) answers[codeOf(box)] = value;
    for (const [part, rule] of rules) if (part !== box && box.contains(part)) part.toggleAttribute("data-off", evaluate(rule, answers, asOf) !== true);
  }
}

function liveValue(box) {
  const body = readBody(box);
  if (body.na !== null) return null;
  if (box.dataset.kind === "document") return box.querySelectorAll(".file").length || null;
  return body.value;
}

function keepExclusive(field) {
  if (field.type !== "checkbox" || !field.checked || !field.closest(".opts")) return;
  for (const other of field.closest(".opts").querySelectorAll("input:checked")) {
    if (other !== field && (field.hasAttribute("data-exclusive") || other.hasAttribute("data-exclusive"))) other.checked = false;
  }
}

function showSums(box) {
  const cells = Object.entries(readBody(box).value ?? {}).filter(([, people]) => typeof people === "number");
  const show = (place, wanted) => {
    const found = cells.filter(([cell]) => wanted(cell));
    if (place) place.textContent = found.length ? found.reduce((sum, [, people]) => sum + people, 0).toLocaleString("en") : "–";
  };
  for (const place of box.querySelectorAll("[data-sum-row]")) show(place, (cell) => cell.startsWith(`${place.dataset.sumRow}.`));
  for (const place of box.querySelectorAll("[data-sum-column]")) show(place, (cell) => cell.endsWith(`.${place.dataset.sumColumn}`));
  show(box.querySelector("[data-sum-all]"), () => true);
}
