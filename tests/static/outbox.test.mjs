// The outbox: one entry per question, last value wins, one request at a time, nothing lost on any outcome.
import assert from "node:assert/strict";
import { test } from "node:test";

import { MemoryStore, Outbox, canonical, keyOf, sameBody } from "../../static/sanpo/outbox.js";

const DAY = 86_400_000;

function makeOutbox(replies = [], { user = "7", store = new MemoryStore() } = {}) {
  const clock = { now: 1_000 };
  const made = { sent: [], news: [], pauses: [], store, clock };
  made.outbox = new Outbox({
    store, user,
    now: () => (clock.now += 1),
    send: async (entry) => {
      made.sent.push({ question: entry.question, value: entry.body.value, base: entry.base });
      const reply = replies.shift() ?? { kind: "saved", version: entry.base + 1 };
      return typeof reply === "function" ? reply(entry) : reply;
    },
    tell: (kind, entry) => made.news.push([kind, entry?.question]),
    timer: (call, milliseconds) => { made.pauses.push(milliseconds); made.ring = call; return () => { made.cancelled = true; }; },
  });
  made.put = (question, value, base = 0) => made.outbox.put({ response: "r", question, url: `/a/${question}/`, body: { value, na: null, comment: "" }, base });
  return made;
}

test("the last value of a question wins and is sent once", async () => {
  const { outbox, put, sent } = makeOutbox();
  await put("A-1", "1", 4);
  await put("A-1", "12", 4);
  await outbox.wake();
  assert.deepEqual(sent, [{ question: "A-1", value: "12", base: 4 }]);
  assert.deepEqual(await outbox.entries(), []);
});

test("answers go one at a time, oldest first", async () => {
  let open = 0;
  const slow = async (entry) => { open += 1; assert.equal(open, 1); await new Promise((resolve) => setTimeout(resolve, 2)); open -= 1; return { kind: "saved", version: entry.base + 1 }; };
  const { outbox, put, sent } = makeOutbox([slow, slow, slow]);
  for (const code of ["A-1", "A-2", "A-3"]) await put(code, code);
  await Promise.all([outbox.wake(), outbox.wake(), outbox.wake()]);
  assert.deepEqual(sent.map((one) => one.question), ["A-1", "A-2", "A-3"]);
});

test("an answer changed while it was being sent is sent again on the acknowledged version", async () => {
  const made = makeOutbox([async () => { await made.put("A-1", "new", 4); return { kind: "saved", version: 5 }; }]);
  await made.put("A-1", "old", 4);
  await made.outbox.wake();
  assert.deepEqual(made.sent, [{ question: "A-1", value: "old", base: 4 }, { question: "A-1", value: "new", base: 5 }]);
  assert.deepEqual(await made.outbox.entries(), []);
});

test("a page that still holds an old version does not cause a conflict with oneself", async () => {
  const { outbox, put, sent } = makeOutbox();
  await put("A-1", "one", 4);
  await outbox.wake();
  await put("A-1", "two", 4);
  await outbox.wake();
  assert.deepEqual(sent.map((one) => one.base), [4, 5]);
});

test("an unsent answer keeps its base version when it is edited, so a conflict is not lost", async () => {
  const { outbox, put, sent } = makeOutbox();
  await put("A-1", "typed offline", 3);
  await put("A-1", "typed after reload", 8);
  await outbox.wake();
  assert.deepEqual(sent, [{ question: "A-1", value: "typed after reload", base: 3 }]);
});

test("a dropped line keeps everything and pauses longer each time, up to a minute", async () => {
  const down = { kind: "failed" };
  const made = makeOutbox(Array(9).fill(down));
  await made.put("A-1", "1");
  await made.put("A-2", "2");
  for (let round = 0; round < 9; round += 1) await made.outbox.wake();
  assert.deepEqual(made.pauses, [1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000]);
  assert.deepEqual(new Set(made.sent.map((one) => one.question)), new Set(["A-1"]));
  assert.deepEqual(await made.outbox.summary(), { waiting: 2, refused: 0, conflict: 0, closed: 0, failing: true, signedOut: false });
  await made.ring();
  assert.deepEqual(await made.outbox.summary(), { waiting: 0, refused: 0, conflict: 0, closed: 0, failing: false, signedOut: false });
});

test("a send that throws counts as a dropped line", async () => {
  const made = makeOutbox([() => { throw new TypeError("Failed to fetch"); }]);
  await made.put("A-1", "1");
  await made.outbox.wake();
  assert.equal((await made.outbox.summary()).waiting, 1);
  assert.deepEqual(made.pauses, [1000]);
});

test("a server that asks for patience is given it", async () => {
  const made = makeOutbox([{ kind: "failed", pause: 20_000 }]);
  await made.put("A-1", "1");
  await made.outbox.wake();
  assert.deepEqual(made.pauses, [20_000]);
});

test("a refused answer is kept, not sent again until it changes, and does not hold up the others", async () => {
  const { outbox, put, sent } = makeOutbox([{ kind: "refused", message: "Enter a number." }]);
  await put("A-1", "abc");
  await put("A-2", "2");
  await outbox.wake();
  await outbox.wake();
  const [entry] = await outbox.entries();
  assert.deepEqual([entry.question, entry.state, entry.message], ["A-1", "refused", "Enter a number."]);
  assert.deepEqual(sent.map((one) => one.question), ["A-1", "A-2"]);
  await put("A-1", 3);
  await outbox.wake();
  assert.deepEqual(await outbox.entries(), []);
});

const theirs = { value: "98", na: null, comment: "", version: 6, by: "Megumi Sato", at: "2026-11-23T00:31:00Z" };

test("a conflict keeps both answers until one is chosen; mine goes on top of theirs", async () => {
  const { outbox, put, sent } = makeOutbox([{ kind: "conflict", current: theirs }]);
  const key = await put("A-1", "96", 4);
  await outbox.wake();
  await outbox.wake();
  const entry = await outbox.find(key);
  assert.deepEqual([entry.state, entry.body.value, entry.current.value], ["conflict", "96", "98"]);
  await outbox.choose(key, "mine");
  await outbox.wake();
  assert.deepEqual(sent, [{ question: "A-1", value: "96", base: 4 }, { question: "A-1", value: "96", base: 6 }]);
});

test("choosing their answer drops mine and continues from their version", async () => {
  const { outbox, put, sent } = makeOutbox([{ kind: "conflict", current: theirs }]);
  const key = await put("A-1", "96", 4);
  await outbox.wake();
  await outbox.choose(key, "theirs");
  assert.deepEqual(await outbox.entries(), []);
  await put("A-1", "99", 4);
  await outbox.wake();
  assert.equal(sent.at(-1).base, 6);
});

test("typing on during a conflict changes mine but decides nothing", async () => {
  const { outbox, put, sent } = makeOutbox([{ kind: "conflict", current: theirs }]);
  const key = await put("A-1", "96", 4);
  await outbox.wake();
  await put("A-1", "97", 4);
  await outbox.wake();
  const entry = await outbox.find(key);
  assert.deepEqual([entry.state, entry.body.value, sent.length], ["conflict", "97", 1]);
});

test("a conflict between equal answers is none", async () => {
  const { outbox, put, news } = makeOutbox([{ kind: "conflict", current: { ...theirs, value: "96" } }]);
  await put("A-1", "96", 4);
  await outbox.wake();
  assert.deepEqual(await outbox.entries(), []);
  assert.deepEqual(news.at(-1), ["saved", "A-1"]);
});

test("signed out: everything stays and is sent after signing in again", async () => {
  const made = makeOutbox([{ kind: "signed_out" }]);
  await made.put("A-1", "1");
  await made.put("A-2", "2");
  await made.outbox.wake();
  assert.deepEqual(await made.outbox.summary(), { waiting: 2, refused: 0, conflict: 0, closed: 0, failing: false, signedOut: true });
  assert.equal(made.sent.length, 1);
  await made.outbox.wake();
  assert.deepEqual(await made.outbox.summary(), { waiting: 0, refused: 0, conflict: 0, closed: 0, failing: false, signedOut: false });
});

test("a closed questionnaire keeps the entries and is tried again when it opens", async () => {
  const { outbox, put, sent } = makeOutbox([{ kind: "closed", message: "Submitted." }]);
  await put("A-1", "1");
  await outbox.wake();
  await outbox.wake();
  assert.equal((await outbox.summary()).closed, 1);
  assert.equal(sent.length, 1);
  await outbox.reopen("r");
  await outbox.wake();
  assert.deepEqual(await outbox.entries(), []);
});

test("users of one device do not see or send each other's answers", async () => {
  const store = new MemoryStore();
  const alice = makeOutbox([], { user: "1", store });
  const bob = makeOutbox([], { user: "2", store });
  await alice.put("A-1", "hers");
  await bob.outbox.wake();
  await bob.outbox.clear();
  assert.deepEqual(bob.sent, []);
  assert.equal((await alice.outbox.entries()).length, 1);
});

test("entries are dropped after two weeks, whoever wrote them", async () => {
  const { outbox, put, clock } = makeOutbox();
  await put("A-1", "old");
  clock.now += 13 * DAY;
  await put("A-2", "new");
  await outbox.purge();
  assert.equal((await outbox.entries()).length, 2);
  clock.now += 2 * DAY;
  await outbox.purge();
  assert.deepEqual((await outbox.entries()).map((entry) => entry.question), ["A-2"]);
});

test("keys part users, responses and questions", () => {
  assert.equal(keyOf({ user: 7, response: "r", question: "A-1" }), "7|r|A-1");
});

test("answers are compared by what they say, not by how they are written", () => {
  assert.equal(sameBody({ value: { b: 1, a: 2 }, na: null, comment: "" }, { value: { a: 2, b: 1 }, comment: null }), true);
  assert.equal(sameBody({ value: 1, na: null }, { value: 1, na: "" }), false);
  assert.equal(canonical({ b: [1, null], a: "x" }), '{"a":"x","b":[1,null]}');
});

test("a tab that was signed out hears that another tab has sent its answers", async () => {
  const store = new MemoryStore();
  const asleep = makeOutbox([{ kind: "signed_out" }], { store });
  await asleep.put("A-1", "1");
  await asleep.outbox.wake();
  const other = makeOutbox([], { store });
  await other.outbox.wake();
  await asleep.outbox.wake();
  assert.deepEqual(asleep.news.at(-1), ["emptied", undefined]);
  assert.equal((await asleep.outbox.summary()).signedOut, false);
});
