// What a server's reply means for the outbox.
import assert from "node:assert/strict";
import { test } from "node:test";

import { outcomeOf, sendAnswer, sendPhoto } from "../../static/sanpo/send.js";

const reply = (status, extra = {}) => ({ status, type: "basic", headers: new Map(), ...extra });
const current = { value: 1, version: 3 };

const CASES = [
  ["saved", reply(200), { version: 2, saved_at: "x", answered: 3, total: 9 }, { kind: "saved", version: 2, saved_at: "x", answered: 3, total: 9 }],
  ["a page instead of an answer is tried again", reply(200), null, { kind: "failed", pause: 0 }],
  ["a conflict", reply(409), { current }, { kind: "conflict", current }],
  ["a conflict in the error envelope", reply(409), { error: { code: "conflict", current } }, { kind: "conflict", current }],
  ["a conflict in the envelope's detail", reply(409), { code: "conflict", message: "x", detail: { current } }, { kind: "conflict", current }],
  ["a conflict that is the envelope's detail", reply(409), { error: { code: "conflict", message: "x", detail: current } }, { kind: "conflict", current }],
  ["closed by 409", reply(409), { code: "closed", message: "Submitted." }, { kind: "closed", message: "Submitted." }],
  ["closed by 403", reply(403), { code: "forbidden", message: "Not yours." }, { kind: "closed", message: "Not yours." }],
  ["closed by 404", reply(404), null, { kind: "closed", message: "" }],
  ["closed by 410", reply(410), { message: "Ended." }, { kind: "closed", message: "Ended." }],
  ["refused", reply(422), { message: "Enter a number." }, { kind: "refused", message: "Enter a number." }],
  ["signed out by 401", reply(401), { code: "x" }, { kind: "signed_out" }],
  ["signed out by 403", reply(403), { code: "not_authenticated" }, { kind: "signed_out" }],
  ["signed out by a redirect", reply(0, { type: "opaqueredirect" }), null, { kind: "signed_out" }],
  ["a stale token in HTML", reply(403), null, { kind: "signed_out" }],
  ["a stale token in JSON", reply(403), { code: "permission_denied", message: "CSRF Failed: token incorrect." }, { kind: "signed_out" }],
  ["down", reply(502), null, { kind: "failed", pause: 0 }],
  ["too fast", reply(429, { headers: new Map([["Retry-After", "7"]]) }), null, { kind: "failed", pause: 7000 }],
];

for (const [name, got, body, wanted] of CASES) test(name, () => assert.deepEqual(outcomeOf(got, body), wanted));

// One request of each kind, as the server gets it.
function catchRequest(entry, send) {
  let caught;
  globalThis.document = { cookie: "csrftoken=t", querySelector: () => null };
  globalThis.fetch = (url, options) => {
    caught = { url, ...options };
    return Promise.resolve({ status: 200, type: "basic", headers: new Map([["Content-Type", "application/json"]]), json: () => Promise.resolve({ version: 1 }) });
  };
  return send(entry).then((outcome) => ({ caught, outcome }));
}

test("an answer goes as JSON with the version it was made from", async () => {
  const { caught, outcome } = await catchRequest({ url: "/a/", user: "7", base: 4, body: { value: 1 } }, sendAnswer);
  assert.deepEqual([caught.method, caught.url, caught.body], ["PUT", "/a/", '{"value":1,"base_version":4}']);
  assert.deepEqual(caught.headers, { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": "t", "X-Answering-User": "7" });
  assert.deepEqual(outcome, { kind: "saved", version: 1 });
});

test("a photo goes as a file with its checkpoint", async () => {
  const blob = new Blob(["picture"], { type: "image/jpeg" });
  const { caught } = await catchRequest({ url: "/f/", user: "7", base: 0, body: { checkpoint: "A3", name: "line.jpg", blob } }, sendPhoto);
  assert.deepEqual([caught.method, caught.headers.Accept, caught.headers["X-Answering-User"]], ["POST", "application/json", "7"]);
  assert.deepEqual([caught.body.get("use"), caught.body.get("checkpoint"), caught.body.get("file").name], ["evidence", "A3", "line.jpg"]);
});
