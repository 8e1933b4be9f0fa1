// Conditions over answers, for the browser: the twin of assessments/questionnaires/conditions.
// Both are tested with tests/assessments/questionnaires/condition_cases.json.
// The server decides alone what counts; this only shows and hides at once.

const NUMBER_LIMIT = 1e15;
const ISO_DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;

const isMap = (value) => value !== null && typeof value === "object" && !Array.isArray(value);
const own = (map, key) => (Object.hasOwn(map, key) ? map[key] : undefined);

/**
 * Evaluate a condition: true, false, or null where an answer it reads is missing.
 *
 * `answers` maps question codes to plain values (as stored; the number of files for a
 * document question). Leave out what is unanswered, not applicable or hidden.
 * `asOf` is today as "YYYY-MM-DD".
 */
export function evaluate(condition, answers, asOf) {
  if (!isMap(condition)) return null;
  if ("all" in condition) return all(condition.all, answers, asOf);
  if ("any" in condition) return not(all(condition.any, answers, asOf, true));
  if ("not" in condition) return not(evaluate(condition.not, answers, asOf));
  for (const [operator, test] of Object.entries(OPERATORS)) {
    if (operator in condition) {
      return test(read(condition, answers), condition[operator], answers, asOf);
    }
  }
  return null;
}

/** The codes of the questions a condition reads. */
export function codesOf(condition) {
  if (Array.isArray(condition)) return condition.flatMap(codesOf);
  if (!isMap(condition)) return [];
  const inner = Object.values(condition).flatMap(codesOf);
  return typeof condition.question === "string" ? [condition.question, ...inner] : inner;
}

// Kleene: false wins over unknown, unknown over true. "any" is "not all not".
function all(members, answers, asOf, negated = false) {
  let result = true;
  for (const member of members) {
    const one = evaluate(member, answers, asOf);
    const held = negated ? not(one) : one;
    if (held === false) return false;
    if (held === null) result = null;
  }
  return result;
}

const not = (held) => (held === null ? null : !held);

function number(value) {
  return typeof value === "number" && value >= -NUMBER_LIMIT && value <= NUMBER_LIMIT
    ? value
    : null;
}

// A reference is a question, perhaps one cell or sum of its table, perhaps times a factor.
function read(reference, answers) {
  let value = own(answers, reference.question) ?? null;
  if (reference.cell != null) value = cellNumber(value, reference.cell);
  if (reference.times == null) return value;
  const factor = number(value);
  return factor === null ? null : factor * reference.times;
}

function cellNumber(value, cell) {
  if (!isMap(value)) return null;
  if (cell.includes(".") && !cell.startsWith("*.")) return number(own(value, cell));
  const fits = (key) =>
    cell === "total" ||
    (cell.startsWith("*.") ? key.endsWith(cell.slice(1)) : key.startsWith(`${cell}.`));
  const numbers = Object.keys(value)
    .filter(fits)
    .map((key) => number(value[key]))
    .filter((one) => one !== null);
  return numbers.length ? numbers.reduce((sum, one) => sum + one, 0) : null;
}

const operandOf = (raw, answers) => (isMap(raw) ? read(raw, answers) : raw);

function same(left, right) {
  if (typeof left === "string") return typeof right === "string" ? left === right : null;
  return number(left) === null || number(right) === null ? null : left === right;
}

function isEmpty(value) {
  if (value === null || value === undefined || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

const includes = (value, wanted) =>
  Array.isArray(value) && value.length ? wanted.some((code) => value.includes(code)) : null;

const compare = (holds) => (value, raw, answers) => {
  const left = number(value);
  const right = number(operandOf(raw, answers));
  return left === null || right === null ? null : holds(left, right);
};

const order = (holds) => (value, raw, answers, asOf) => {
  const other = raw === "as_of" ? asOf : operandOf(raw, answers);
  if (typeof value !== "string" || typeof other !== "string") return null;
  return ISO_DATE.test(value) && ISO_DATE.test(other) ? holds(value, other) : null;
};

const OPERATORS = {
  is: (value, raw, answers) => same(value, operandOf(raw, answers)),
  is_not: (value, raw, answers) => not(same(value, operandOf(raw, answers))),
  in: (value, raw) =>
    typeof value === "string" || number(value) !== null
      ? raw.some((item) => same(value, item) === true)
      : null,
  includes: (value, raw) => includes(value, [raw]),
  includes_any: (value, raw) => includes(value, raw),
  answered: (value, raw) => !isEmpty(value) === raw,
  over: compare((left, right) => left > right),
  under: compare((left, right) => left < right),
  at_least: compare((left, right) => left >= right),
  at_most: compare((left, right) => left <= right),
  before: order((left, right) => left < right),
  after: order((left, right) => left > right),
};
