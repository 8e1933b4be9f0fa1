// Words typed in the last moment before a page goes away: written at once into localStorage, because IndexedDB may come too late then.
const PREFIX = "sanpo-left|";

export function leave(key, answer) {
  try { localStorage.setItem(PREFIX + key, JSON.stringify(answer)); } catch { /* full or switched off: the outbox alone has to do */ }
}

export function forget(key) {
  try { localStorage.removeItem(PREFIX + key); } catch { /* as above */ }
}

// What `user` left behind: [key, answer].
export function leftovers(user) {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(`${PREFIX}${user}|`)).map((name) => [name.slice(PREFIX.length), JSON.parse(localStorage.getItem(name))]);
  } catch { return []; }
}
