// Many files at once: each is sent on its own, with its progress and in all; what is refused stays in the list with the reason.
import { csrfToken } from "./csrf.js";

const MEGABYTE = 1_000_000;
const AT_ONCE = 2;

// What stops a choice of files before anything is sent; "" when nothing does.
export function problemOf(files, most, words) {
  if (!files.length) return words.none;
  return files.length > most ? words.tooMany.replace("{count}", files.length).replace("{most}", most) : "";
}

// What is wrong with one file before it is sent.
export const refusalOf = (file, limit, words) => (file.size > limit * MEGABYTE ? words.tooBig.replace("{limit}", limit) : "");

// How many were refused, in a sentence.
export function sayRefused(count, words, language = globalThis.document?.documentElement.lang || "en") {
  const form = new Intl.PluralRules(language).select(count) === "one" ? "someOne" : "someOther";
  return words[form].replace("{count}", count);
}

class Sender {
  constructor(form) {
    this.form = form;
    this.words = document.getElementById("batch-words").dataset;
    this.field = form.querySelector("input[type=file]");
    this.at = (name) => form.querySelector(`[data-batch-${name}]`);
    this.failed = 0;
    this.done = 0;
  }

  listen() {
    this.form.addEventListener("submit", (event) => { event.preventDefault(); this.send([...this.field.files]); });
    const zone = this.at("drop");
    for (const kind of ["dragover", "dragleave", "drop"]) zone.addEventListener(kind, (event) => this.drag(kind, event, zone));
    window.addEventListener("beforeunload", (event) => { if (this.busy) event.preventDefault(); });
  }

  drag(kind, event, zone) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    zone.classList.toggle("over", kind === "dragover");
    if (kind === "drop" && !this.busy) { this.field.files = event.dataTransfer.files; this.send([...event.dataTransfer.files]); }
  }

  complain(text) {
    this.at("error").hidden = !text;
    this.at("problem").textContent = text;
  }

  // Open the batch, send every file, then let the server read them.
  async send(files) {
    if (this.busy) return;
    const problem = problemOf(files, Number(this.form.dataset.most), this.words);
    this.complain(problem);
    if (problem) return;
    this.begin(files);
    try {
      const opened = await this.post(this.form.action, { open: "1", year: this.form.elements.year.value });
      await this.sendAll(files, opened.upload_url);
      await this.post(opened.upload_url, { read: "1" });
      this.finish(opened.detail_url);
    } catch {
      this.complain(this.words.failed);
      this.busy = false;
      this.form.querySelector("button[type=submit]").disabled = false;
    }
  }

  begin(files) {
    this.busy = true;
    this.failed = this.done = 0;
    this.form.querySelector("button[type=submit]").disabled = true;
    this.at("progress").hidden = false;
    this.at("total").textContent = files.length;
    this.at("bar").max = files.length;
    this.lines = new Map(files.map((file) => [file, this.line(file)]));
    this.at("list").replaceChildren(...this.lines.values());
    this.count();
  }

  line(file) {
    const line = document.getElementById("batch-line").content.firstElementChild.cloneNode(true);
    line.querySelector("[data-name]").textContent = file.name;
    return line;
  }

  count() {
    this.at("done").textContent = this.done;
    this.at("bar").value = this.done;
  }

  async sendAll(files, url) {
    const queue = [...files];
    const work = async () => { for (let file = queue.shift(); file; file = queue.shift()) await this.sendOne(file, url); };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  // One file; a fault of the line stops no other.
  async sendOne(file, url) {
    const refusal = refusalOf(file, Number(this.form.dataset.limit), this.words);
    const outcome = refusal ? { problem: refusal } : await this.upload(file, url);
    const bad = Boolean(outcome.problem);
    this.say(file, bad ? `${this.words.refused}: ${outcome.problem}` : this.words.sent, bad ? "refused" : "sent");
    this.failed += bad ? 1 : 0;
    this.done += 1;
    this.count();
  }

  say(file, text, state) {
    const line = this.lines.get(file);
    line.dataset.fate = state;
    line.querySelector("[data-state]").textContent = text;
  }

  upload(file, url) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest(); // fetch tells nothing of how much is sent
      const body = new FormData();
      body.set("files", file, file.name);
      request.upload.addEventListener("progress", (event) => { if (event.lengthComputable) this.say(file, this.words.percent.replace("{percent}", Math.floor((100 * event.loaded) / event.total)), "sending"); });
      request.addEventListener("load", () => resolve(outcomeOf(request, this.words)));
      request.addEventListener("error", () => resolve({ problem: this.words.failed }));
      request.open("POST", url);
      request.setRequestHeader("Accept", "application/json");
      request.setRequestHeader("X-CSRFToken", csrfToken());
      request.send(body);
    });
  }

  async post(url, fields) {
    const body = new FormData();
    for (const [name, value] of Object.entries(fields)) body.set(name, value);
    const reply = await fetch(url, { method: "POST", credentials: "same-origin", redirect: "error", headers: { Accept: "application/json", "X-CSRFToken": csrfToken() }, body });
    if (!reply.ok) throw new Error(String(reply.status));
    return reply.json();
  }

  // All went well: on to the result. What was refused is read here first.
  finish(url) {
    this.busy = false;
    this.at("state").textContent = this.failed ? sayRefused(this.failed, this.words) : this.words.all;
    const link = this.at("result");
    link.href = url;
    link.hidden = false;
    if (this.failed) link.focus(); else window.location.assign(url);
  }
}

// The server's reply to one file: {problem} where it was not taken.
export function outcomeOf(request, words) {
  let body = null;
  try { body = JSON.parse(request.responseText); } catch { /* a page instead of data: signed out, or a fault */ }
  if (request.status !== 200 || !body) return { problem: body?.message || words.failed };
  return { problem: body.files?.[0]?.problem ?? "" };
}

const form = globalThis.document?.querySelector("form[data-batch]");
if (form) new Sender(form).listen();
