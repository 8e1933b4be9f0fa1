// A page that saves by itself: what is typed goes into the outbox, the outbox sends it, the page says what became of it.
import { hideConflict, showConflict } from "./conflict.js";
import { cloneIcon, codeOf, setVersion, showError, showState } from "./question.js";
import { openOutbox } from "./device.js";
import { forget, leave } from "./leftovers.js";
import { canonical, keyOf } from "./outbox.js";
import { StatusLine } from "./status.js";

const TYPING_PAUSE = 800;
const LONGEST_TYPING = 3000;

// `ways` says how a box of this page is handled: readBody(box), writeBody(box, body), describe(box, body, words, other) and
// follow(form, known), which returns what to call after the page itself has written into a box.
export class SectionPage {
  constructor(form, ways) {
    this.form = form;
    this.ways = ways;
    this.words = document.getElementById("save-words").dataset;
    this.status = new StatusLine(document, this.words, document.documentElement.lang || "en");
    this.boxes = new Map([...form.querySelectorAll("[data-question]:not([data-readonly])")].map((box) => [codeOf(box), box]));
    this.last = new Map([...this.boxes].map(([code, box]) => [code, canonical(this.ways.readBody(box))]));
    this.timers = new Map();
    this.savedAt = null;
  }

  async start() {
    const known = JSON.parse(document.getElementById("known-answers")?.textContent ?? "null") ?? {};
    this.update = this.ways.follow(this.form, known);
    this.outbox = await openOutbox(document.body.dataset.user, (...news) => this.hear(...news));
    if (this.outbox.forgetful) this.loseStorage();
    if (this.boxes.size) await this.outbox.reopen(this.form.dataset.response);
    await this.putBack();
    this.listen();
    this.outbox.wake();
  }

  // Entries of this response that never arrived stand in their fields again.
  async putBack() {
    for (const entry of await this.outbox.entries()) {
      const box = entry.response === this.form.dataset.response ? this.boxes.get(entry.question) : null;
      if (!box) continue;
      this.ways.writeBody(box, entry.body);
      this.last.set(entry.question, canonical(this.ways.readBody(box)));
      this.show(entry);
    }
    this.update();
    await this.tellStatus();
  }

  listen() {
    this.form.addEventListener("input", (event) => this.later(event.target.closest("[data-question]")));
    this.form.addEventListener("change", (event) => this.keep(event.target.closest("[data-question]")));
    this.form.addEventListener("click", (event) => this.press(event));
    this.form.addEventListener("submit", (event) => this.submit(event));
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.keepAll({ leaving: true }); });
    window.addEventListener("pagehide", () => this.keepAll({ leaving: true }));
  }

  // After a pause in the typing, and every few seconds of typing without one.
  later(box) {
    if (!box) return;
    const { id, since = Date.now() } = this.timers.get(box) ?? {};
    clearTimeout(id);
    const pause = Date.now() - since > LONGEST_TYPING ? 0 : TYPING_PAUSE;
    this.timers.set(box, { since, id: setTimeout(() => this.keep(box), pause) });
  }

  // Put a question's answer into the outbox if it changed.
  async keep(box, { confirm = false, leaving = false } = {}) {
    if (!box || !this.boxes.has(codeOf(box))) return;
    clearTimeout(this.timers.get(box)?.id);
    this.timers.delete(box);
    const body = this.ways.readBody(box);
    const shape = canonical(body);
    if (shape === this.last.get(codeOf(box)) && !confirm) return;
    this.last.set(codeOf(box), shape);
    const answer = { response: this.form.dataset.response, question: codeOf(box), url: `${this.form.dataset.saveUrl}${codeOf(box)}/`, body: confirm ? { ...body, confirm: true } : body, base: Number(box.dataset.version) };
    const key = this.keyOf(codeOf(box));
    if (leaving) leave(key, answer);
    try {
      await this.outbox.put(answer);
      if (leaving) forget(key);
      this.outbox.wake();
    } catch {
      this.last.delete(codeOf(box));
      this.loseStorage();
    }
  }

  keepAll(how) { return Promise.all([...this.timers.keys()].map((box) => this.keep(box, how))); }

  keyOf(code) { return keyOf({ user: document.body.dataset.user, response: this.form.dataset.response, question: code }); }

  press(event) {
    const box = event.target.closest("[data-question]");
    if (event.target.closest("[data-confirm]")) { event.preventDefault(); this.keep(box, { confirm: true }); }
    if (event.target.closest("[data-clear]")) this.clear(box);
  }

  clear(box) {
    const { na, comment } = this.ways.readBody(box);
    this.ways.writeBody(box, { value: null, na, comment });
    box.querySelector(".field input")?.dispatchEvent(new Event("input", { bubbles: true }));
    this.keep(box);
    this.update();
  }

  // "Save" sends what is left and stays; "next" posts the form once everything has arrived, and stays when it has not.
  async submit(event) {
    if (this.leaving || this.outbox.forgetful) return;
    event.preventDefault();
    const button = event.submitter;
    await this.keepAll();
    await this.outbox.wake();
    const sum = await this.outbox.summary();
    await this.tellStatus(true);
    if (sum.refused || sum.conflict) { this.form.querySelector('[data-problem="1"]')?.scrollIntoView({ block: "center" }); return; }
    if (button?.value === "stay" || sum.waiting || sum.closed) return;
    this.leaving = true;
    this.form.requestSubmit(button);
  }

  // News from the outbox.
  async hear(kind, entry, detail) {
    const box = entry && entry.response === this.form.dataset.response ? this.boxes.get(entry.question) : null;
    if (kind === "saved") this.acknowledge(box, entry, detail);
    else if (kind === "signed_out") this.askToSignIn();
    else if (kind === "emptied") document.querySelector("[data-signed-out]")?.remove();
    else if (box && kind !== "failed") this.show(entry);
    await this.tellStatus();
  }

  acknowledge(box, entry, detail) {
    document.querySelector("[data-signed-out]")?.remove();
    this.savedAt = detail.saved_at ?? new Date().toISOString();
    if (!box) return;
    setVersion(box, this.outbox.versions.get(entry.key));
    showError(box, "");
    hideConflict(box);
    box.querySelector("[data-origin]")?.remove();
    box.removeAttribute("data-problem");
    showState(box, "saved", this.words.savedAt.replace("{time}", this.status.time(this.savedAt)));
    this.showProgress(detail);
  }

  show(entry) {
    const box = this.boxes.get(entry.question);
    const text = { waiting: this.outbox.failures ? this.words.qWaiting : this.words.qSaving, refused: this.words.qRefused, conflict: this.words.qConflict, closed: this.words.qClosed }[entry.state];
    showState(box, entry.state, text);
    showError(box, entry.state === "refused" || entry.state === "closed" ? entry.message || text : "");
    box.toggleAttribute("data-problem", false);
    if (entry.state === "refused" || entry.state === "conflict") box.dataset.problem = "1";
    if (entry.state === "conflict") showConflict(box, entry, this.words, this.ways.describe, (code, whose) => this.choose(code, whose));
    else hideConflict(box);
  }

  async choose(code, whose) {
    const box = this.boxes.get(code);
    const entry = await this.outbox.choose(this.keyOf(code), whose);
    if (!entry) return;
    hideConflict(box);
    if (whose === "theirs") {
      this.ways.writeBody(box, entry.current);
      this.last.set(code, canonical(this.ways.readBody(box)));
      this.update();
      this.acknowledge(box, entry, { saved_at: entry.current.at });
    }
    (box.querySelector(".field input, .field textarea") ?? box).focus();
    this.outbox.wake();
    await this.tellStatus();
  }

  // Every question that waits says so as soon as the line is found to be down.
  async tellStatus(aloud = false) {
    const sum = await this.outbox.summary();
    if (sum.failing || sum.signedOut) for (const entry of await this.outbox.entries()) if (entry.state === "waiting" && entry.response === this.form.dataset.response && this.boxes.has(entry.question)) showState(this.boxes.get(entry.question), "waiting", this.words.qWaiting);
    if (aloud) { this.status.touched = true; this.status.shown = null; }
    this.status.show(sum, this.savedAt);
  }

  showProgress({ answered, total, sections }) {
    const put = (place, text) => { if (place && text !== undefined) place.textContent = String(text); };
    put(document.querySelector("[data-progress-answered]"), answered);
    put(document.querySelector("[data-progress-total]"), total);
    const bar = document.querySelector("[data-progress-bar]");
    if (bar && total) { bar.max = total; bar.value = answered; }
    for (const [code, count] of Object.entries(sections ?? {})) for (const item of document.querySelectorAll(`[data-section="${CSS.escape(code)}"]`)) {
      put(item.querySelector("[data-section-answered]"), count.answered);
      put(item.querySelector("[data-section-total]"), count.total);
      const mark = count.answered && count.answered >= count.total ? "done" : count.answered ? "begun" : "open";
      if (item.className !== mark) item.querySelector("[data-section-mark]").replaceChildren(cloneIcon(`section-${mark}`));
      item.className = mark;
    }
  }

  askToSignIn() {
    if (document.querySelector("[data-signed-out]")) return;
    const banner = document.createElement("div");
    banner.dataset.signedOut = "";
    banner.append(document.getElementById("signed-out-block").content.cloneNode(true));
    banner.querySelector("[data-signin]").href = this.form.dataset.signIn;
    this.form.querySelector("[data-banner-slot]").append(banner);
  }

  // Only when the device cannot keep an answer does leaving the page lose it.
  loseStorage() {
    this.status.warnOfStorage();
    if (this.warned) return;
    this.warned = true;
    window.addEventListener("beforeunload", (event) => { if (!this.leaving) event.preventDefault(); });
  }
}

// Start the page if it has a form to save and somebody to save it for.
export function startSectionPage(ways) {
  const form = document.querySelector("form[data-save-url]");
  if (form && document.body.dataset.user) new SectionPage(form, ways).start();
}
