// Two answers to one question: both shown, neither chosen beforehand.
import { codeOf } from "./question.js";

// `describe(box, body, words, other)` says an answer in words, beside the other one.
export function showConflict(box, entry, words, describe, choose) {
  const block = document.getElementById("conflict-block").content.cloneNode(true);
  const at = (name) => block.querySelector(name);
  at('[data-who="mine"]').textContent = words.you;
  at('[data-val="mine"]').textContent = describe(box, entry.body, words, entry.current);
  at('[data-who="theirs"]').textContent = [entry.current.by, shownTime(entry.current.at)].filter(Boolean).join(" · ");
  at('[data-val="theirs"]').textContent = describe(box, entry.current, words, entry.body);
  for (const button of block.querySelectorAll("[data-use]")) button.addEventListener("click", () => choose(codeOf(box), button.dataset.use));
  const slot = box.querySelector("[data-conflict-slot]");
  const hadFocus = slot.contains(document.activeElement);
  slot.replaceChildren(block);
  if (hadFocus) slot.querySelector("button").focus();
}

export function hideConflict(box) {
  box.querySelector("[data-conflict-slot]").replaceChildren();
}

function shownTime(iso) {
  return iso ? new Date(iso).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }) : "";
}
