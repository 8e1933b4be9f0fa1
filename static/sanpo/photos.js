// Photos behind checkpoints: kept on the device until the server has them, also when the line is down or the tab is closed.
import { openPhotos } from "./device.js";

const MEGABYTE = 1_000_000;

// What the outbox keeps of a photo; every photo is an entry of its own.
export function photoOf(file, { audit, checkpoint, url, id }) {
  return { response: audit, question: `${checkpoint}|${id}`, url, base: 0, body: { checkpoint, name: file.name || "photo.jpg", size: file.size, blob: file } };
}

export const isTooBig = (file, limit) => file.size > limit * MEGABYTE;

// The one sentence over the photos of a page: how many wait, "" when none does.
export function sayWaiting(entries, words, plurals = new Intl.PluralRules("en")) {
  const waiting = entries.filter((entry) => entry.state === "waiting").length;
  if (!waiting) return "";
  return words[plurals.select(waiting) === "one" ? "waitingOne" : "waitingOther"].replace("{n}", waiting);
}

class PhotoDesk {
  constructor(form) {
    this.form = form;
    this.audit = form.dataset.response;
    this.words = document.getElementById("photo-words").dataset;
    this.plurals = new Intl.PluralRules(document.documentElement.lang || "en");
  }

  async start() {
    this.outbox = await openPhotos(document.body.dataset.user, (kind, entry) => this.hear(kind, entry));
    await this.outbox.reopen(this.audit);
    document.addEventListener("change", (event) => { if (event.target.matches?.("input[data-photos]")) this.take(event.target); });
    document.addEventListener("click", (event) => { const key = event.target.closest?.("[data-drop-photo]")?.dataset.dropPhoto; if (key) this.drop(key); });
    document.addEventListener("htmx:afterSettle", () => this.show());
    await this.show();
    this.outbox.wake();
  }

  // Keep what was chosen; a picture that is too large is named and not kept.
  async take(field) {
    const { photos: checkpoint, limit } = field.dataset;
    const files = [...field.files];
    const kept = files.filter((file) => !isTooBig(file, Number(limit)));
    field.value = "";
    this.complain(checkpoint, files.filter((file) => !kept.includes(file)).map((file) => this.words.tooBig.replace("{name}", file.name).replace("{limit}", limit)).join(" "));
    for (const file of kept) await this.outbox.put(photoOf(file, { audit: this.audit, checkpoint, url: field.form.action, id: `${Date.now()}-${Math.random().toString(36).slice(2)}` }));
    await this.show();
    this.outbox.wake();
  }

  async drop(key) {
    await this.outbox.forget(key);
    await this.show();
  }

  async hear(kind, entry) {
    if (entry && entry.response === this.audit && kind === "saved") await this.refresh(entry.body.checkpoint);
    await this.show();
  }

  // The list of the checkpoint's files as the server has it now.
  refresh(checkpoint) {
    const place = document.getElementById(`files-${checkpoint}`);
    if (!place) return undefined;
    return window.htmx?.ajax("GET", place.dataset.list, { target: place, swap: "outerHTML" });
  }

  async show() {
    const mine = (await this.outbox.entries()).filter((entry) => entry.response === this.audit);
    const sum = document.querySelector("[data-photos-sum]");
    const sentence = sayWaiting(mine, this.words, this.plurals);
    if (sum && sum.textContent !== sentence) sum.textContent = sentence;
    for (const list of document.querySelectorAll("[data-waiting-photos]")) list.replaceChildren(...mine.filter((entry) => entry.body.checkpoint === list.dataset.waitingPhotos).map((entry) => this.line(entry)));
  }

  line(entry) {
    const line = document.getElementById("photo-line").content.firstElementChild.cloneNode(true);
    const at = (name) => line.querySelector(`[data-photo-${name}]`);
    at("name").textContent = entry.body.name;
    at("state").textContent = entry.message || this.words[this.outbox.failures || this.outbox.signedOut ? "waits" : "sending"];
    line.dataset.state = entry.state;
    at("drop").dataset.dropPhoto = entry.key;
    at("drop").append(" ", hidden(entry.body.name));
    return line;
  }

  complain(checkpoint, text) {
    const place = document.querySelector(`[data-photo-error="${CSS.escape(checkpoint)}"]`);
    if (!place) return;
    place.hidden = !text;
    place.querySelector("[data-photo-problem]").textContent = text;
  }
}

function hidden(text) {
  const span = document.createElement("span");
  span.className = "visually-hidden";
  span.textContent = text;
  return span;
}

// Only where the audit can be written: a page to read takes no photos.
export function startPhotos() {
  const form = document.querySelector("form[data-save-url]");
  if (form && document.getElementById("photo-words") && document.body.dataset.user) new PhotoDesk(form).start();
}
