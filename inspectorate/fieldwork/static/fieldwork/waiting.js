// The list of cases: sends what waits in this browser for this person, of any case, and says what waits and for whom.

import { canLock } from "./crypto.js";
import { Journal, inWords, isAlert, whoseWait } from "./journal.js";
import { Sending } from "./sending.js";
import { sessionOf } from "./session.js";

const place = document.getElementById("waiting-here");

async function begin() {
  const session = sessionOf(place.dataset.journal);
  if (!canLock || (await session.ask()) !== "in") return;
  const journal = new Journal(session);
  await say(journal);
  const alive = new Set((await navigator.locks.query()).held.map((one) => one.name));
  const left = (await journal.waiting()).filter((one) => !isAlert(one.path) && !alive.has(`window ${one.window}`));
  const window = crypto.randomUUID();
  navigator.locks.request(`window ${window}`, () => new Promise(() => {}));
  for (const path of new Set(left.map((one) => one.path))) {
    const tell = { changed: () => null, confirmed: () => null, heard: () => null, line: () => say(journal) };
    const sending = new Sending({ path, window, device: window, journal, session, known: 0, tell });
    sending.adopt(left.filter((one) => one.path === path));
    await sending.send({ all: true });
    sending.leave();
  }
  await say(journal);
}

async function say(journal) {
  const counts = new Map();
  for (const { path } of await journal.waiting()) if (!isAlert(path)) counts.set(path, (counts.get(path) ?? 0) + 1);
  const titles = new Map((await journal.openedCases()).map(({ path, title }) => [path, title.split(",")[0]]));
  const items = [...counts].map(([path, count]) => {
    const link = document.createElement("a");
    Object.assign(link, { href: path, className: "govuk-link", textContent: titles.get(path) ?? "A case" });
    return [`${count} not confirmed yet: `, link];
  });
  for (const one of await whoseWait()) {
    if (one.owner !== journal.owner) items.push([`${one.name}: ${inWords(one)}, locked until ${one.name} signs in here`]);
  }
  place.hidden = !items.length;
  place.querySelector("ul").replaceChildren(
    ...items.map((parts) => {
      const item = document.createElement("li");
      item.append(...parts);
      return item;
    }),
  );
}

begin();
