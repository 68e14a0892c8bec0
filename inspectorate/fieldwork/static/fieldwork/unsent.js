// Alerts that the server has not received: on this device, locked, or in this page where nothing may be kept; sent under
// the id that they have from the start, by any page that the person opens, until there is a receipt.

import { canLock } from "./crypto.js";
import { Journal, NoJournal, SURE, inWords, isAlert, whoseWait } from "./journal.js";
import { sessionOf } from "./session.js";

const AGAIN = 4000;
const NO_ANSWER = 20_000;
const QUICK = 100;
const WHY = {
  sending: "It is being sent.",
  away: "There is no connection.",
  busy: "The server did not take it yet.",
  out: "You are signed out: sign in, and it is sent.",
};

const clock = (date) => new Date(date).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
const alerts = (count) => (count === 1 ? "1 alert is" : `${count} alerts are`);

function element(name, text = "", classes = "", more = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = classes;
  return Object.assign(made, more);
}

// One alert: {path, change, row, mine, refused}. `path` takes it; `change` is what was typed, with its id and time; `row`
// is its place in the journal, null while it stands in this page only; `mine`, whether this page wrote it.
export class Unsent {
  constructor(line) {
    this.line = line;
    this.session = sessionOf(line.dataset.journal);
    Object.assign(this.session, { owner: line.dataset.owner, name: line.dataset.name });
    this.session.onkey.push(() => this.unlocked());
    this.session.onforget.push(() => this.forgotten());
    this.journal = new NoJournal();
    this.all = new Map(); // id -> alert
    this.received = []; // {id, href, at}
    this.others = [];
    this.state = "sending";
  }

  // `raises`: alerts are written on this page, so the key has to be here before the line is cut.
  async begin({ raises }) {
    for (const name of ["online", "focus"]) addEventListener(name, () => this.hurry());
    addEventListener("beforeunload", (event) => {
      if ([...this.all.values()].some((one) => !one.row)) event.preventDefault();
    });
    if (!canLock) return;
    const wait = (await whoseWait().catch(() => [])).filter((one) => one.alerts);
    this.others = wait.filter((one) => one.owner !== this.session.owner);
    const mine = wait.length > this.others.length;
    if (mine || (raises && this.line.dataset.storage === "on")) await this.unlock();
    this.say();
    if (mine) await this.send();
  }

  // From another page or the worker, which is quick, or from the server; the case of this page may have asked meanwhile.
  async unlock() {
    if (!canLock) return;
    if (!this.session.key) await this.session.borrow(QUICK);
    if (this.session.key) this.unlocked();
    else await this.session.ask();
  }

  unlocked() {
    if (this.journal instanceof Journal) this.journal.key = this.session.key;
    else this.journal = new Journal(this.session);
    this.journal.keeps = this.session.storage === "on" && this.line.dataset.storage === "on";
    for (const one of this.all.values()) this.keep(one);
  }

  // This person has signed out in another tab: what is here stands in this page only, and waits for them.
  forgotten() {
    this.journal = new NoJournal();
    Object.assign(this.session, { text: null, token: null });
    for (const [id, one] of this.all) {
      if (one.mine) one.row = null;
      else this.all.delete(id);
    }
    this.say();
  }

  // Takes an alert that was written; answers when it was sent, or could not be for now.
  async hold(path, change) {
    const one = { path, change, row: null, mine: true };
    this.all.set(change.id, one);
    this.received = [];
    this.state = "sending";
    if (this.session.key) await this.keep(one);
    else this.unlock().catch(() => null);
    this.say();
    await this.send();
    return one;
  }

  // What was typed into a form and not sent off: it waits for its writer, locked like the rest. Null takes it away.
  keepBegun(about, typed) {
    const next = () => (typed ? this.journal.put("stands", about, typed, SURE) : this.journal.close(about));
    this.keepingBegun = (this.keepingBegun ?? Promise.resolve()).then(next).catch(() => null);
    return this.keepingBegun;
  }

  async begunBefore(about) {
    if (!this.session.key) await this.unlock().catch(() => null);
    return this.journal.get("stands", about).catch(() => null);
  }

  async keep(one) {
    if (one.row || one.keeping || !this.journal.keeps) return;
    one.keeping = true;
    const row = await this.journal.keep(one.path, "alert", one.change).catch(() => null);
    one.keeping = false;
    if (this.all.get(one.change.id) === one) one.row = row;
    else if (row) await this.journal.remove(row);
    this.say();
  }

  // What lies on the device, of other windows and earlier days too. What this page wrote stays until its own receipt.
  async read() {
    const found = (await this.journal.waiting().catch(() => [])).filter(({ path }) => isAlert(path));
    const rows = new Set(found.map(({ row }) => row));
    for (const [id, one] of this.all) {
      if (!one.row || rows.has(one.row)) continue;
      if (one.mine) one.row = null;
      else this.all.delete(id);
    }
    for (const { row, path, change } of found) {
      const held = this.all.get(change.id);
      if (held) held.row = row;
      else this.all.set(change.id, { row, path, change });
    }
  }

  hurry() {
    if (this.all.size) this.send();
  }

  send() {
    this.running ??= this.sendAll().finally(() => {
      this.running = null;
      this.say();
    });
    return this.running;
  }

  async sendAll() {
    clearTimeout(this.timer);
    await this.read();
    for (const one of this.all.values()) if (!one.refused && !(await this.sendOne(one))) break;
    if ([...this.all.values()].some((one) => !one.refused)) this.timer = setTimeout(() => this.send(), AGAIN);
  }

  // Whether the server answered to the alert itself.
  async sendOne(one, again = true) {
    const { token, owner } = this.session;
    if (!token) return again && this.renewed(one);
    let answer;
    try {
      answer = await fetch(one.path, {
        method: "POST",
        redirect: "manual",
        headers: { Accept: "application/json", "X-CSRFToken": token },
        body: new URLSearchParams({ ...one.change, owner }),
        signal: AbortSignal.timeout(NO_ANSWER),
      });
    } catch {
      return this.set("away");
    }
    if (answer.type === "opaqueredirect" || answer.status === 403) return again ? this.renewed(one) : this.set("out");
    if (answer.status >= 500) return this.set("busy");
    const told = await answer.json().catch(() => ({}));
    if (answer.ok) return told.alert ? this.taken(one, told.alert) : this.set("busy");
    one.refused = told.error ?? "You may not raise alerts on this inspection any more.";
    return true;
  }

  async renewed(one) {
    const found = await this.session.ask();
    return found === "in" ? this.sendOne(one, false) : this.set(found);
  }

  set(state) {
    this.state = state;
    return false;
  }

  async taken(one, href) {
    this.received.push({ id: one.change.id, href, at: new Date() });
    await this.remove(one);
    return true;
  }

  async remove(one) {
    this.all.delete(one.change.id);
    if (one.row) await this.journal.remove(one.row).catch(() => null);
    this.say();
  }

  // What waits, where it is and why, in plain words; what it says only where somebody opens it.
  say() {
    const all = [...this.all.values()];
    const mark = JSON.stringify([this.state, all.map((one) => [one.change.id, one.row, one.refused]), this.received, this.others]);
    if (this.said === mark) return;
    this.said = mark;
    this.line.hidden = !(all.length || this.received.length || this.others.length);
    this.line.classList.toggle("app-alert-line--waits", all.length > 0);
    this.line.replaceChildren();
    if (all.length) this.sayWaiting(all);
    else this.sayReceived();
    for (const one of this.others) {
      this.line.append(element("div", `${one.name}: ${inWords({ alerts: one.alerts })} on this device and not sent, locked until ${one.name} signs in here.`));
    }
  }

  sayWaiting(all) {
    const { line, session, state } = this;
    const since = clock(all[0].change.made_at);
    const kept = all.every((one) => one.row)
      ? `On this device, locked, since ${since}: it is sent as soon as it can be, also if you close the page and come back.`
      : `Held in this page only, since ${since}: keep the page open. It is sent as soon as it can be.`;
    const why = state === "another" ? `${session.another} is signed in here now: it waits for ${session.name}.` : WHY[state];
    line.append(element("strong", `${alerts(all.length)} not sent.`), ` ${why} ${kept} `);
    if (state === "out") line.append(element("a", "Sign in", "govuk-link", { href: "/accounts/login/", target: "_blank", rel: "opener" }), " ");
    const now = element("button", "Send now", "govuk-button govuk-button--secondary app-alert-line__button", { type: "button" });
    now.addEventListener("click", () => this.send());
    line.append(now, this.contents(all));
  }

  // To be read out on the telephone where there is no connection for long.
  contents(all) {
    const details = element("details", "", "govuk-details app-alert-line__more");
    const summary = element("summary", "", "govuk-details__summary");
    summary.append(element("span", "What is not sent", "govuk-details__summary-text"));
    const inside = element("div", "", "govuk-details__text");
    for (const one of all) {
      inside.append(element("p", `${clock(one.change.made_at)}: ${one.change.what}`, "govuk-body-s app-typed"));
      if (!one.refused) continue;
      const away = element("button", "Remove it from this device", "app-link-button", { type: "button" });
      away.addEventListener("click", () => this.remove(one));
      inside.append(element("p", `The server did not take it: ${one.refused}`, "govuk-error-message"), away);
    }
    details.open = all.some((one) => one.refused);
    details.append(summary, inside);
    return details;
  }

  sayReceived() {
    for (const { href, at } of this.received) {
      const said = element("div", `The server received the alert at ${clock(at)}. `);
      said.append(element("a", "Open the alert", "govuk-link", { href }));
      this.line.append(said);
    }
  }
}

const line = document.getElementById("alert-line");
export const unsent = new Unsent(line);
unsent.begin({ raises: Boolean(document.getElementById("alert-anywhere")) });
