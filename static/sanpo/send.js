// One PUT per answer, one POST per photo, and what the server's reply means for the outbox.
import { csrfToken } from "./csrf.js";

const PATIENCE = 30_000;
const PHOTO_PATIENCE = 300_000;
const SIGNED_OUT_CODES = new Set(["not_authenticated", "authentication_failed", "signed_out"]);

export function sendAnswer(entry) {
  const body = JSON.stringify({ ...entry.body, base_version: entry.base });
  return exchange(entry, { method: "PUT", headers: { "Content-Type": "application/json" }, body, patience: PATIENCE });
}

// `entry.body` is {checkpoint, name, blob}. The server keeps the same picture once, so a photo sent twice does no harm.
export function sendPhoto({ body: { checkpoint, name, blob }, ...entry }) {
  const body = new FormData();
  body.set("use", "evidence");
  body.set("checkpoint", checkpoint);
  body.set("file", blob, name);
  return exchange(entry, { method: "POST", headers: {}, body, patience: PHOTO_PATIENCE });
}

async function exchange({ url, user }, { method, headers, body, patience }) {
  const reply = await fetch(url, {
    method,
    credentials: "same-origin",
    redirect: "manual", // a redirect leads to the sign-in page
    headers: { ...headers, Accept: "application/json", "X-CSRFToken": csrfToken(), "X-Answering-User": user },
    body,
    signal: AbortSignal.timeout?.(patience),
  });
  const isJson = (reply.headers.get("Content-Type") ?? "").includes("json");
  return outcomeOf(reply, isJson ? await reply.json() : null);
}

// `reply` needs status, type and headers.get; `body` is the decoded JSON or null.
export function outcomeOf(reply, body) {
  const inner = body?.error ?? body?.detail ?? null;
  const envelope = inner !== null && typeof inner === "object" ? { ...body, ...inner } : body;
  const message = typeof envelope?.message === "string" ? envelope.message : "";
  if (reply.type === "opaqueredirect" || reply.status === 401) return { kind: "signed_out" };
  if (reply.status === 200 && typeof body?.version === "number") return { kind: "saved", ...body };
  if (reply.status === 409 && current(envelope)) return { kind: "conflict", current: current(envelope) };
  if (reply.status === 403 && lostSession(envelope)) return { kind: "signed_out" };
  if ([403, 404, 409, 410].includes(reply.status)) return { kind: "closed", message };
  if (reply.status === 400 || reply.status === 413 || reply.status === 422) return { kind: "refused", message };
  return { kind: "failed", pause: 1000 * (Number(reply.headers?.get("Retry-After")) || 0) };
}

// A stale form token answers in HTML, or in JSON with its name in the message.
function lostSession(envelope) {
  return envelope === null || SIGNED_OUT_CODES.has(envelope.code) || /csrf/i.test(`${envelope.code} ${envelope.message} ${envelope.detail}`);
}

function current(envelope) {
  const found = envelope?.current ?? envelope?.detail?.current ?? envelope?.detail;
  return typeof found?.version === "number" ? found : null;
}
