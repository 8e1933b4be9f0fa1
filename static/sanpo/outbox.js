// The outbox: answers not yet acknowledged, one entry per question, last value wins, one request at a time. No DOM here.

const DAYS_KEPT = 14;
const DAY = 86_400_000;
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 60_000;

export const keyOf = ({ user, response, question }) => `${user}|${response}|${question}`;

// `store` has change(key, edit) and all(); `send(entry)` resolves to {kind, ...}: saved {version}, conflict {current}, refused {message},
// closed {message}, signed_out, failed {pause}. `tell(kind, entry, detail)` hears of every outcome, `timer(call, ms)` returns a cancel function.
export class Outbox {
  constructor({ store, send, user, tell = () => {}, now = Date.now, timer = startTimer, lock = (job) => job() }) {
    Object.assign(this, { store, send, user: String(user), tell, now, timer, lock });
    this.versions = new Map(); // the newest version the server acknowledged, by key
    this.failures = 0;
    this.signedOut = false;
    this.running = null;
    this.again = false;
    this.cancelTimer = () => {};
  }

  // Keep an answer; resolves once it is stored. An unsent older value keeps its base version, so that a conflict is not lost.
  async put({ response, question, url, body, base }) {
    const key = keyOf({ user: this.user, response, question });
    const stamp = `${this.now()}-${Math.random().toString(36).slice(2)}`;
    await this.store.change(key, (old) => {
      const kept = { key, user: this.user, response: String(response), question, url, body, stamp, at: this.now(), state: "waiting" };
      kept.base = Math.max(old ? old.base : base, this.versions.get(key) ?? 0);
      if (old?.state === "conflict") Object.assign(kept, { state: "conflict", current: old.current, base: old.base });
      return kept;
    });
    this.tell("kept", await this.find(key));
    return key;
  }

  async find(key) { return (await this.entries()).find((entry) => entry.key === key); }

  // All entries of this user, oldest first.
  async entries() {
    const all = await this.store.all();
    return all.filter((entry) => entry.user === this.user).sort((one, other) => one.at - other.at);
  }

  async summary() {
    const count = { waiting: 0, refused: 0, conflict: 0, closed: 0 };
    for (const entry of await this.entries()) count[entry.state] += 1;
    return { ...count, failing: this.failures > 0, signedOut: this.signedOut };
  }

  // Send what waits, now. Called when something was put, on load, when the line or the page comes back, and by the timer.
  wake() {
    this.cancelTimer();
    if (this.running) { this.again = true; return this.running; }
    this.running = this.lock(() => this.drain()).finally(() => {
      this.running = null;
      if (this.again) { this.again = false; return this.wake(); }
      return undefined;
    });
    return this.running;
  }

  async drain() {
    const seen = new Set();
    for (;;) {
      const entry = (await this.entries()).find((one) => one.state === "waiting" && !seen.has(one.stamp));
      if (!entry) return this.noteEmptied();
      seen.add(entry.stamp);
      const outcome = await this.attempt(entry);
      if (!(await this.settle(entry, outcome))) return;
    }
  }

  // Nothing waits although nobody was signed in here: another tab has signed in and sent it.
  noteEmptied() {
    if (!this.signedOut) return;
    this.signedOut = false;
    this.cancelTimer();
    this.tell("emptied");
  }

  async attempt(entry) {
    this.tell("sending", entry);
    try { return await this.send(entry); } catch { return { kind: "failed" }; }
  }

  // Write the outcome into the store; false stops the run.
  async settle(entry, outcome) {
    if (outcome.kind === "failed") return this.pause(entry, outcome);
    this.failures = 0;
    if (outcome.kind === "signed_out") return this.standStill(entry);
    this.signedOut = false;
    const same = outcome.kind === "conflict" && sameBody(entry.body, outcome.current);
    const kind = same ? "saved" : outcome.kind;
    if (kind === "saved") await this.acknowledge(entry, same ? outcome.current.version : outcome.version);
    else if (kind === "closed") await this.mark(entry, "closed", { message: outcome.message });
    else await this.mark(entry, kind, { message: outcome.message, current: outcome.current });
    this.tell(kind, (await this.find(entry.key)) ?? entry, outcome);
    return true;
  }

  async acknowledge(entry, version) {
    this.versions.set(entry.key, version);
    await this.store.change(entry.key, (now) => {
      if (!now) return undefined;
      return now.stamp === entry.stamp ? null : { ...now, base: version };
    });
  }

  // A refusal or a conflict belongs to the value that was sent; a newer value of the same question is tried by itself,
  // but a conflict stays a conflict.
  async mark(entry, state, detail) {
    await this.store.change(entry.key, (now) => {
      if (!now) return undefined;
      if (now.stamp !== entry.stamp && state === "refused") return undefined;
      return { ...now, ...detail, state };
    });
  }

  pause(entry, { pause }) {
    this.failures += 1;
    const doubled = Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (this.failures - 1));
    this.cancelTimer = this.timer(() => this.wake(), Math.min(LONGEST_PAUSE, Math.max(doubled, pause ?? 0)));
    this.tell("failed", entry);
    return false;
  }

  standStill(entry) {
    this.signedOut = true;
    this.cancelTimer = this.timer(() => this.wake(), LONGEST_PAUSE);
    this.tell("signed_out", entry);
    return false;
  }

  // Settle a conflict: "mine" is sent again on top of the other answer, "theirs" drops mine. Resolves to the entry as it was.
  async choose(key, whose) {
    const entry = await this.find(key);
    if (entry?.state !== "conflict") return undefined;
    if (whose === "theirs") {
      this.versions.set(key, entry.current.version);
      await this.store.change(key, () => null);
    } else {
      await this.store.change(key, (now) => ({ ...now, state: "waiting", base: entry.current.version, current: undefined }));
    }
    return entry;
  }

  // The page takes answers again: try the entries of this response that were turned away as closed.
  async reopen(response) {
    for (const entry of await this.entries()) {
      if (entry.response === String(response) && entry.state === "closed") await this.store.change(entry.key, (now) => ({ ...now, state: "waiting", message: "" }));
    }
  }

  // Drop one entry that its writer no longer wants.
  forget(key) { return this.store.change(key, () => null); }

  // Drop what this user left on the device (at sign-out).
  async clear() {
    for (const entry of await this.entries()) await this.store.change(entry.key, () => null);
  }

  // Drop entries of any user that are older than two weeks.
  async purge() {
    const limit = this.now() - DAYS_KEPT * DAY;
    for (const entry of await this.store.all()) if (entry.at < limit) await this.store.change(entry.key, () => null);
  }
}

// Whether the other answer says the same as mine; then there is nothing to choose.
export function sameBody(mine, theirs) {
  const part = (body) => canonical([body?.value ?? null, body?.na ?? null, body?.comment ?? ""]);
  return part(mine) === part(theirs);
}

export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value !== null && typeof value === "object") return `{${Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}`;
  return JSON.stringify(value ?? null);
}

function startTimer(call, milliseconds) {
  const id = setTimeout(call, milliseconds);
  return () => clearTimeout(id);
}

// A store for browsers that keep nothing, and for tests.
export class MemoryStore {
  constructor() { this.map = new Map(); }
  async all() { return [...this.map.values()]; }
  async change(key, edit) {
    const made = edit(this.map.get(key));
    if (made === null) this.map.delete(key);
    else if (made !== undefined) this.map.set(key, made);
  }
}
