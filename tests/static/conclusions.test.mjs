// What stands on a checkpoint, as the page reads it and says it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { countPoints, describeContent, linesOf, readContent, writeContent } from "../../static/sanpo/conclusions.js";
import { sameBody } from "../../static/sanpo/outbox.js";

// As much of a fieldset as the module asks for.
globalThis.CSS = { escape: (text) => text };
globalThis.document = { activeElement: null, querySelector: () => null };
function makeBox(texts = {}) {
  const radio = (value, label) => ({ value, checked: value === texts.conclusion, closest: () => ({ textContent: ` ${label} ` }) });
  const choices = [radio("conform", "Conform"), radio("major", "Critical")];
  const part = (name) => ({ id: name, dataset: { part: name }, value: texts[name] ?? "", tagName: "TEXTAREA" });
  const fields = ["data_points", "description", "law"].map(part);
  return {
    choices, fields,
    querySelectorAll: (selector) => (selector.startsWith("input") ? choices : fields),
    querySelector: (selector) => ({ dataset: { name: selector.slice(11, -2) } }),
  };
}

test("one data point a line, single spaces, no empty lines", () => {
  assert.deepEqual(linesOf("  one\n\n two   words \n"), ["one", "two words"]);
  assert.deepEqual(linesOf(""), []);
});

test("data points are counted as the draft gate counts them: each once", () => {
  assert.equal(countPoints("Time records\n time  RECORDS\nInterviews\n "), 2);
});

test("a checkpoint is read in the shape the server keeps", () => {
  const box = makeBox({ conclusion: "major", data_points: "a\n b ", description: " text ", law: "" });
  assert.deepEqual(readContent(box), { value: { conclusion: "major", topic: "", data_points: ["a", "b"], description: "text", law: "" } });
});

test("a checkpoint nobody has touched reads as empty", () => {
  assert.deepEqual(readContent(makeBox()).value, { conclusion: "", topic: "", data_points: [], description: "", law: "" });
});

test("what was read equals what the server says of the same text", () => {
  const mine = readContent(makeBox({ conclusion: "conform", data_points: "a" }));
  const theirs = { value: { law: "", description: "", data_points: ["a"], topic: "", conclusion: "conform" }, version: 3, by: "Frank" };
  assert.equal(sameBody(mine, theirs), true);
  assert.equal(sameBody(mine, { ...theirs, value: { ...theirs.value, law: "Act" } }), false);
});

test("a text is written back into its fields, but not into the one somebody is typing in", () => {
  const box = makeBox({ conclusion: "conform", description: "typing" });
  globalThis.document.activeElement = box.fields[1];
  writeContent(box, { value: { conclusion: "major", data_points: ["a", "b"], description: "theirs", law: "Act" } });
  assert.deepEqual(box.fields.map((field) => field.value), ["a\nb", "typing", "Act"]);
  assert.deepEqual(box.choices.map((choice) => choice.checked), [false, true]);
  globalThis.document.activeElement = null;
});

test("a text of a conflict is said where it differs from the other, in the programme's own words", () => {
  const mine = { value: { conclusion: "major", data_points: ["a", "b"], description: "same", law: "" } };
  const theirs = { value: { conclusion: "conform", data_points: ["a", "b"], description: "same", law: "Act 24" } };
  const words = { empty: "nothing" };
  assert.equal(describeContent(makeBox(), mine, words, theirs), "Critical\nlaw: nothing");
  assert.equal(describeContent(makeBox(), theirs, words, mine), "Conform\nlaw: Act 24");
  assert.equal(describeContent(makeBox(), { value: { conclusion: "" } }, words, mine), "nothing\ndata_points: nothing\ndescription: nothing");
});
