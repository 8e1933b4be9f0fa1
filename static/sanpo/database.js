// An outbox's store in IndexedDB: read and written in one transaction, so two tabs cannot lose each other's value.
const TABLE = "answers";

export class DatabaseStore {
  static async open(name) {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(TABLE, { keyPath: "key" });
    return new DatabaseStore(await settled(request));
  }

  constructor(database) { this.database = database; }

  all() { return settled(this.database.transaction(TABLE).objectStore(TABLE).getAll()); }

  // `edit(old)` returns the new entry, null to delete it, undefined to leave it.
  change(key, edit) {
    return new Promise((resolve, reject) => {
      const work = this.database.transaction(TABLE, "readwrite", { durability: "strict" });
      const table = work.objectStore(TABLE);
      const reading = table.get(key);
      reading.onsuccess = () => {
        const made = edit(reading.result);
        if (made === null) table.delete(key);
        else if (made !== undefined) table.put(made);
      };
      work.oncomplete = () => resolve();
      work.onabort = work.onerror = () => reject(work.error ?? reading.error);
    });
  }
}

function settled(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}
