// Runs the shared cases (JSON on standard input) through the browser's evaluator.
import { readFileSync } from "node:fs";
import { evaluate } from "../../../static/sanpo/conditions.js";

const cases = JSON.parse(readFileSync(0, "utf8"));
const results = cases.map((one) => evaluate(one.condition, one.answers, one.as_of));
process.stdout.write(JSON.stringify(results));
