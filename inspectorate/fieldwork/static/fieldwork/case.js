// The page of one case: what is typed goes to this device at once and to the server after it, and the page says where it is.

import { canLock } from "./crypto.js";
import { emergencyCopy } from "./export.js";
import { Form } from "./form.js";
import { Journal, NoJournal, forget, inWords, whoseWait } from "./journal.js";
import { Marks } from "./marks.js";
import { Sending } from "./sending.js";
import { sessionOf } from "./session.js";

const TAB = "case-tab";
const PLACE = "case-place"; // where the person was when the page was read anew
const byId = (id) => document.getElementById(id);

// `given` is {session} where the worker's shell opened the page; else the server is asked who is signed in.
export async function start({ session = null } = {}) {
  const element = byId("case-form");
  if (!element?.dataset.journal) return;
  const page = new Page(element, session ?? sessionOf(element.dataset.journal));
  page.listen();
  await page.begin(Boolean(session));
}

// The line over the page with its link to raise an alert, and the form of an alert: they open without a line too.
function toRaise() {
  const parts = [document.querySelector("section:has(.app-identity-bar__action)"), byId("alert-line"), byId("alert-anywhere")];
  return parts.every(Boolean) ? parts.map((one) => one.outerHTML).join("") : "";
}

class Page {
  constructor(element, session) {
    this.served = { title: document.title, html: document.querySelector("main").innerHTML, alert: toRaise() };
    this.element = element;
    this.session = session;
    session.owner ??= element.dataset.owner;
    session.name ??= element.dataset.name;
    this.path = element.dataset.path;
    this.window = crypto.randomUUID?.() ?? "00000000-0000-4000-8000-000000000000";
    this.form = new Form(element);
    this.marks = new Marks(this.form, byId("saved"), byId("others"));
    this.marks.decide = (field, value) => {
      this.form.put(field, value);
      const { theirs, version } = this.sending.waiting.get(field).answer;
      this.form.stands(field, theirs, version);
      this.sending.decide(field, value);
      this.form.count();
    };
    this.journal = new NoJournal();
    this.sending = new Sending({
      path: this.path,
      window: this.window,
      device: this.window,
      journal: this.journal,
      session,
      known: Number(element.dataset.known),
      tell: {
        changed: (one) => {
          this.marks.changed(one, this.sending.waiting.get(one.field) === one);
          this.marks.tell(this.sending);
        },
        confirmed: (answer, value) => this.confirmed(answer, value),
        heard: (stands) => this.heard(stands),
        line: () => {
          this.marks.tell(this.sending);
          if (this.sending.state === "forbidden") this.journal.close(this.path).catch(() => null);
        },
      },
    });
  }

  async begin(offline) {
    this.form.count();
    byId(sessionStorage.getItem(PLACE) || "-")?.focus({ preventScroll: true });
    sessionStorage.removeItem(PLACE);
    // As long as this lock is held, other windows leave the changes of this one alone.
    navigator.locks?.request(`window ${this.window}`, () => new Promise(() => {}));
    await this.sameTab();
    const found = offline ? "away" : await this.session.ask();
    if (found === "away" && !this.session.key) await this.session.borrow();
    if (found !== "in") this.sending.state = found;
    this.session.onkey.push(() => this.unlocked());
    this.session.onforget.push(() => this.forgotten());
    if (this.session.key) await this.unlocked();
    this.marks.tell(this.sending);
    this.sending.send({ opening: true });
    navigator.serviceWorker?.register(this.element.dataset.worker, { scope: "/inspections/" }).then(
      async () => {
        this.session.worker = (await navigator.serviceWorker.ready).active;
        this.session.hand();
      },
      () => null,
    );
  }

  // A tab that is loaded again is the same one to the people who see who is here; a copy of it is another.
  async sameTab() {
    const before = sessionStorage.getItem(TAB);
    if (!before || !navigator.locks) return sessionStorage.setItem(TAB, this.sending.device);
    await new Promise((done) => {
      navigator.locks.request(`tab ${before}`, { ifAvailable: true }, (mine) => {
        if (mine) this.sending.device = before;
        else sessionStorage.setItem(TAB, this.sending.device);
        done();
        return mine ? new Promise(() => {}) : null;
      });
    });
  }

  // The key is here: what closed windows left behind is taken over, and this case can be opened without a line.
  async unlocked() {
    if (!canLock) return;
    if (this.journal instanceof Journal) {
      this.sending.rekey();
      return;
    }
    this.journal = new Journal(this.session);
    if (this.session.storage !== "on") await forget(this.session.owner, { butWaiting: true });
    this.sending.journal = this.journal;
    for (const one of this.sending.waiting.values()) one.kept = null;
    await navigator.locks.request(`adopt ${this.path}`, () => this.adopt());
    await this.remember();
    await this.tellOfOthers();
  }

  async adopt() {
    const alive = new Set((await navigator.locks.query()).held.map((one) => one.name));
    const left = (await this.journal.waiting()).filter(
      (one) => one.path === this.path && one.window !== this.window && !alive.has(`window ${one.window}`),
    );
    for (const { change } of left) if (!this.sending.waiting.has(change.field)) this.form.put(change.field, change.value);
    this.sending.adopt(left);
    await Promise.all([...this.sending.waiting.values()].map((one) => this.sending.keep(one)));
    this.form.count();
  }

  async remember() {
    if (!this.session.key) return;
    await this.journal.put("opened", this.path, this.served).catch(() => null);
    await this.rememberStands();
  }

  rememberStands() {
    const stands = { fields: this.form.allThatStands(), known: this.sending.known };
    return this.journal.put("stands", this.path, stands).catch(() => null);
  }

  async tellOfOthers() {
    const lost = this.journal.unreadable;
    const texts = lost ? [`${lost} kept here before you signed out could not be opened any more and were removed.`] : [];
    for (const one of await whoseWait()) {
      if (one.owner !== this.session.owner) texts.push(`${one.name}: ${inWords(one)} not sent yet, locked until ${one.name} signs in here.`);
    }
    const place = byId("waiting-here");
    place.hidden = !texts.length;
    place.textContent = texts.length ? `Changes that wait in this browser. ${texts.join(" ")}` : "";
  }

  // This person has signed out in another tab: nothing more is kept, and what is open is said to be so.
  forgotten() {
    this.sending.journal = this.journal = new NoJournal();
    this.session.text = null;
    this.sending.state = "out";
    for (const one of this.sending.waiting.values()) Object.assign(one, { kept: null, row: null, state: "writing" });
    for (const one of this.sending.waiting.values()) this.sending.keep(one);
    this.marks.tell(this.sending);
  }

  confirmed(answer, value) {
    this.form.stands(answer.field, value, answer.version);
    this.marks.confirmed(answer);
    this.form.count();
    clearTimeout(this.later);
    this.later = setTimeout(() => this.rememberStands(), 300);
    if (this.form.place(answer.field)?.closest("[data-routes]")) this.asksAnew = true;
    if (this.asksAnew) setTimeout(() => this.readAnew(), 50);
  }

  // The facts decide which questions are asked: the page is read anew once nothing waits.
  readAnew() {
    if (this.sending.waiting.size || this.sending.state !== "idle") return;
    sessionStorage.setItem(PLACE, document.activeElement?.id ?? "");
    location.reload();
  }

  heard({ changes, others }) {
    for (const one of changes) {
      if (this.sending.waiting.has(one.field) || one.version <= this.form.version(one.field)) continue;
      this.form.stands(one.field, one.value, one.version);
      this.form.put(one.field, one.value);
      this.marks.byOther(one);
    }
    this.marks.present(others);
    this.form.count();
  }

  typed(field, value, text) {
    this.sending.change(field, value, this.form.version(field), { text });
  }

  listen() {
    const { element, sending } = this;
    element.addEventListener("change", ({ target }) => {
      if (target.type !== "radio") return;
      this.typed(target.name, target.value, false);
      this.form.count();
    });
    element.addEventListener("input", ({ target }) => {
      if (target.matches("textarea")) this.typed(target.name, target.value, true);
    });
    element.addEventListener("focusout", ({ target }) => {
      if (sending.waiting.has(target.name)) sending.send({ all: true });
    });
    addEventListener("online", () => sending.hurry());
    addEventListener("focus", () => sending.hurry());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "visible") sending.hurry();
      else if (sending.waiting.size) sending.send({ all: true });
    });
    addEventListener("beforeunload", (event) => {
      if ([...sending.waiting.values()].some((one) => one.held !== "device")) event.preventDefault();
    });
    addEventListener("pagehide", () => sending.leave());
    this.listenToButtons();
    for (const one of document.querySelectorAll(".app-no-script")) one.hidden = true;
    for (const one of document.querySelectorAll(".app-script-only")) one.hidden = false;
  }

  listenToButtons() {
    const { sending, form } = this;
    for (const one of document.querySelectorAll("[data-go]")) one.addEventListener("click", () => form.go(Number(one.dataset.go)));
    byId("emergency-copy").addEventListener("click", () => emergencyCopy(this));
    const keys = byId("keys");
    keys.checked = !form.keysOff;
    keys.addEventListener("change", () => {
      form.keysOff = !keys.checked;
    });
    for (const one of document.querySelectorAll("#submit-form, #storage-form")) {
      one.addEventListener("submit", async (event) => {
        const renew = () => {
          if (sending.session.token) one.elements.csrfmiddlewaretoken.value = sending.session.token;
        };
        renew();
        if (!sending.waiting.size) return;
        event.preventDefault();
        await sending.send({ all: true });
        renew();
        if (sending.waiting.size) this.marks.tell(sending);
        else one.submit();
      });
    }
  }
}

if (!document.getElementById("case-shell")) start();
