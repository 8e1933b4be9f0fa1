// The status line at the foot: says what became of the typed words. It is a role=status, so only changes of state are written into it.
import { cloneIcon } from "./question.js";

const KINDS = [
  ["closed", (sum) => sum.closed > 0, "cloud-closed", "refused"],
  ["conflict", (sum) => sum.conflict > 0, "cloud-refused", "refused"],
  ["refused", (sum) => sum.refused > 0, "cloud-refused", "refused"],
  ["waiting", (sum) => sum.waiting > 0 && (sum.failing || sum.signedOut), "cloud-offline", "waiting"],
  ["saving", (sum) => sum.waiting > 0, "cloud-waiting", "waiting"],
];

export class StatusLine {
  constructor(root, words, language) {
    this.line = root.querySelector("[data-savestate]");
    this.words = words;
    this.language = language;
    this.plurals = new Intl.PluralRules(language);
    this.shown = null;
    this.touched = false;
  }

  // `sum` is the outbox's summary; `savedAt` the time of the last acknowledgement.
  show(sum, savedAt) {
    if (!this.line) return;
    const [kind, , icon, tone] = KINDS.find(([, holds]) => holds(sum)) ?? ["allSaved", null, "cloud-saved", "good"];
    if (kind !== "allSaved") this.touched = true;
    const text = kind === "allSaved" && !this.touched && !savedAt ? "" : this.text(kind, sum[kind]);
    if (this.shown !== text) {
      this.shown = text;
      if (text) this.line.dataset.tone = tone;
      this.line.querySelector("[data-savestate-icon]").replaceChildren(cloneIcon(icon));
      this.line.querySelector("[data-savestate-text]").textContent = text;
    }
    this.line.querySelector("[data-savestate-time]").textContent = kind === "allSaved" && savedAt ? this.time(savedAt) : "";
  }

  text(kind, count) {
    if (kind === "saving" || kind === "closed" || kind === "allSaved") return this.words[kind];
    const form = this.plurals.select(count) === "one" ? "One" : "Other";
    return this.words[`${kind}${form}`].replace("{n}", String(count));
  }

  warnOfStorage() {
    if (!this.line) return;
    this.shown = this.words.storage;
    this.line.dataset.tone = "refused";
    this.line.querySelector("[data-savestate-text]").textContent = this.words.storage;
  }

  time(iso) { return new Date(iso).toLocaleTimeString(this.language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }); }
}
