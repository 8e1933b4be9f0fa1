// Photos on the device: each is an entry of its own in an outbox, kept until the server has it.
import assert from "node:assert/strict";
import { test } from "node:test";

import { MemoryStore, Outbox } from "../../static/sanpo/outbox.js";
import { isTooBig, photoOf, sayWaiting } from "../../static/sanpo/photos.js";

const DAY = 86_400_000;
const WORDS = { waitingOne: "1 photo waits", waitingOther: "{n} photos wait" };
const file = (name, size = 9) => ({ name, size });
const make = (name, id) => photoOf(file(name), { audit: "audit-1", checkpoint: "A3", url: "/audits/1/files/", id });

function makeOutbox(outcomes = [], options = {}) {
  const sent = [];
  const clock = { now: 0 };
  const send = (entry) => { sent.push(entry.body.name); return Promise.resolve(outcomes.shift() ?? { kind: "saved", version: 1 }); };
  return { sent, clock, outbox: new Outbox({ store: new MemoryStore(), send, user: "1", now: () => clock.now, timer: () => () => {}, ...options }) };
}

test("two photos of one checkpoint are two entries and both are sent", async () => {
  const { outbox, sent } = makeOutbox();
  await outbox.put(make("one.jpg", "a"));
  await outbox.put(make("two.jpg", "b"));
  await outbox.wake();
  assert.deepEqual(sent, ["one.jpg", "two.jpg"]);
  assert.deepEqual(await outbox.entries(), []);
});

test("a dropped line keeps the photos and says how many wait", async () => {
  const { outbox } = makeOutbox([{ kind: "failed" }]);
  await outbox.put(make("one.jpg", "a"));
  await outbox.put(make("two.jpg", "b"));
  await outbox.wake();
  assert.equal(sayWaiting(await outbox.entries(), WORDS), "2 photos wait");
  await outbox.wake();
  assert.equal(sayWaiting(await outbox.entries(), WORDS), "");
});

test("a refused photo does not hold up the next and can be dropped", async () => {
  const { outbox } = makeOutbox([{ kind: "refused", message: "Send JPEG." }]);
  const key = await outbox.put(make("one.heic", "a"));
  await outbox.put(make("two.jpg", "b"));
  await outbox.wake();
  assert.deepEqual((await outbox.entries()).map((entry) => [entry.body.name, entry.state, entry.message]), [["one.heic", "refused", "Send JPEG."]]);
  assert.equal(sayWaiting(await outbox.entries(), WORDS), "");
  await outbox.forget(key);
  assert.deepEqual(await outbox.entries(), []);
});

test("photos are dropped after two weeks and at sign-out", async () => {
  const { outbox, clock } = makeOutbox();
  await outbox.put(make("old.jpg", "a"));
  clock.now = 15 * DAY;
  await outbox.put(make("new.jpg", "b"));
  await outbox.purge();
  assert.deepEqual((await outbox.entries()).map((entry) => entry.body.name), ["new.jpg"]);
  await outbox.clear();
  assert.deepEqual(await outbox.entries(), []);
});

test("a photo without a name gets one; one over the limit is named before it is kept", () => {
  assert.equal(photoOf(file(""), { audit: "audit-1", checkpoint: "A3", url: "/", id: "a" }).body.name, "photo.jpg");
  assert.deepEqual([isTooBig(file("a", 20_000_000), 20), isTooBig(file("a", 20_000_001), 20)], [false, true]);
});

test("one photo is said in the singular", () => {
  assert.equal(sayWaiting([{ state: "waiting" }, { state: "refused" }], WORDS), "1 photo waits");
});
