// What this browser keeps for a person: changes and alerts that wait, and cases that were opened. Locked, but for whose and of where.

import { lock, unlock } from "./crypto.js";

const NAME = "inspectorate";
const PLACES = ["waiting", "opened", "stands"];
export const SURE = { sure: true };

function database() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(NAME, 1);
    asked.onupgradeneeded = () => {
      // The rows number themselves: their order is the order of the changes, whatever the clock of the device does.
      asked.result.createObjectStore("waiting", { keyPath: "row", autoIncrement: true }).createIndex("owner", "owner");
      for (const place of ["opened", "stands"]) {
        asked.result.createObjectStore(place, { keyPath: ["owner", "path"] }).createIndex("owner", "owner");
      }
      asked.result.createObjectStore("people", { keyPath: "owner" });
    };
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

let opening = null;

// Does one thing in one transaction. A `sure` one is on the disk when it ends; what is not sure comes there after it, in
// the same order: a row whose removal is lost with the browser is sent again, under its id, and a receipt is there.
async function inPlace(place, mode, ask, { sure = false } = {}) {
  opening ??= database();
  const base = await opening;
  return new Promise((done, failed) => {
    const way = base.transaction(place, mode, { durability: sure ? "strict" : "relaxed" });
    const asked = ask(way.objectStore(place));
    way.oncomplete = () => done(asked.result);
    way.onabort = way.onerror = () => failed(way.error);
  });
}

const all = (place, owner) => inPlace(place, "readonly", (store) => store.index("owner").getAll(owner));

export class Journal {
  constructor({ owner, key, storage }) {
    Object.assign(this, { owner, key });
    this.keeps = storage === "on";
    this.unreadable = 0;
  }

  about(path) {
    return `${this.owner} ${path}`;
  }

  // Keeps a change; answers with its row. The same row again replaces it.
  async keep(path, window, change, row) {
    const locked = await lock(this.key, this.about(path), change);
    const kept = { owner: this.owner, path, window, ...locked };
    if (row) kept.row = row;
    return inPlace("waiting", "readwrite", (store) => store.put(kept), SURE);
  }

  remove(row) {
    return inPlace("waiting", "readwrite", (store) => store.delete(row));
  }

  // Changes of this person that wait, oldest first; what was locked with a key that is gone is removed and counted.
  async waiting() {
    const found = [];
    for (const kept of await all("waiting", this.owner)) {
      try {
        const change = await unlock(this.key, this.about(kept.path), kept);
        found.push({ row: kept.row, path: kept.path, window: kept.window, change });
      } catch {
        this.unreadable += 1;
        await this.remove(kept.row);
      }
    }
    return found;
  }

  async put(place, path, value, how) {
    if (!this.keeps) return;
    const locked = await lock(this.key, this.about(path), value);
    await inPlace(place, "readwrite", (store) => store.put({ owner: this.owner, path, ...locked }), how);
  }

  async get(place, path) {
    const kept = await inPlace(place, "readonly", (store) => store.get([this.owner, path]));
    return kept ? unlock(this.key, this.about(path), kept).catch(() => null) : null;
  }

  // A case that is this person's no more does not open from the device either.
  async close(path) {
    for (const place of ["opened", "stands"]) {
      await inPlace(place, "readwrite", (store) => store.delete([this.owner, path]));
    }
  }

  async openedCases() {
    const found = [];
    for (const kept of await all("opened", this.owner)) {
      const one = await unlock(this.key, this.about(kept.path), kept).catch(() => null);
      if (one) found.push({ path: kept.path, title: one.title });
    }
    return found;
  }
}

// Who has a journal here, with the random part that the server makes the key of. It is on the disk before the key is used.
export function sign({ owner, name, part }) {
  return inPlace("people", "readwrite", (store) => store.put({ owner, name, part }), SURE);
}

export async function parts() {
  const people = await inPlace("people", "readonly", (store) => store.getAll());
  return people.map(({ owner, part }) => `${owner}=${part}`).join(", ");
}

// An alert waits under the address that takes it, a change under that of its case.
export const isAlert = (path) => path.endsWith("/alerts/new/");

// What waits, of whom, in this browser, as [{owner, name, changes, alerts}], two counts; needs no key.
export async function whoseWait() {
  const people = await inPlace("people", "readonly", (store) => store.getAll());
  const counted = people.map(async ({ owner, name }) => {
    const rows = await all("waiting", owner);
    const alerts = rows.filter(({ path }) => isAlert(path)).length;
    return { owner, name, changes: rows.length - alerts, alerts };
  });
  return (await Promise.all(counted)).filter((one) => one.changes + one.alerts);
}

const many = (count, one, more) => (count ? [`${count} ${count === 1 ? one : more}`] : []);

// The same in words: "1 alert and 2 changes to cases".
export const inWords = ({ changes = 0, alerts = 0 }) =>
  [...many(alerts, "alert", "alerts"), ...many(changes, "change to a case", "changes to cases")].join(" and ");

// Takes away what this browser keeps for one person; `butWaiting` leaves what is still to be sent.
export async function forget(owner, { butWaiting = false } = {}) {
  for (const place of butWaiting ? ["opened", "stands"] : PLACES) {
    const kept = await all(place, owner);
    await inPlace(place, "readwrite", (store) => {
      let last = { result: null };
      for (const one of kept) last = store.delete(place === "waiting" ? one.row : [one.owner, one.path]);
      return last;
    }, SURE);
  }
  if (!butWaiting) await inPlace("people", "readwrite", (store) => store.delete(owner), SURE);
}

// Where the browser cannot lock anything, or could not be given a key: what is typed stands in the open page only.
export class NoJournal {
  keeps = false;
  unreadable = 0;
  keep = async () => null;
  remove = async () => null;
  put = async () => null;
  get = async () => null;
  waiting = async () => [];
  close = async () => null;
  openedCases = async () => [];
}
