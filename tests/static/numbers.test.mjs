// Numbers as people type them.
import assert from "node:assert/strict";
import { test } from "node:test";

import { parseNumber } from "../../static/sanpo/numbers.js";

const CASES = [
  ["", null], ["  ", null], ["61", 61], ["61.0", 61], ["-3", -3], ["−3", -3], ["1,240", 1240], ["1,240.5", 1240.5], ["1.240,5", 1240.5], ["12,5", 12.5],
  ["1 240", 1240], ["1\u00a0240", 1240], ["12,345,678", 12345678], ["１２．５", 12.5], ["１，２４０", 1240], [".5", 0.5],
  ["about 60", "about 60"], ["60h", "60h"], ["1.2.3", "1.2.3"], ["-", "-"], ["1e5", "1e5"],
];

for (const [text, wanted] of CASES) test(`${JSON.stringify(text)} is ${JSON.stringify(wanted)}`, () => assert.deepEqual(parseNumber(text), wanted));
