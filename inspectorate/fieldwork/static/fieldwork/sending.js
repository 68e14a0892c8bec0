// The changes of one case: each on this device first, then sent, oldest first, until the server's receipt is here.

const TEXT_WAITS = 800;
const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 4000; // only while something waits
const AT_ONCE = 50;
const HELD = new Set(["differs", "refused"]); // waits for a person, not for the line

// One change that waits: {id, field, value, base, after, made_at, row, kept, sentAs, state, due}. `after` names earlier
// ids of it that were sent and never answered; `kept` is the value that is on the disk; `state` is "writing", "device",
// "memory", "sent", "differs" or "refused".
export class Sending {
  constructor({ path, window, device, journal, session, known, tell }) {
    Object.assign(this, { path, window, device, journal, session, known, tell });
    this.waiting = new Map(); // field -> change
    this.spare = []; // changes of closed windows whose field this window has changed too: {row, window, change}
    this.pause = FIRST_PAUSE;
    this.state = "idle"; // "idle", "away", "out", "another", "forbidden"
    this.running = null;
    this.timer = null;
  }

  change(field, value, base, { text = false } = {}) {
    let one = this.waiting.get(field);
    if (!one) {
      one = { id: crypto.randomUUID(), field, base, after: [], row: null, sentAs: null };
      this.waiting.set(field, one);
    } else if (one.sentAs === one.id) {
      one.after = [...one.after, one.id].slice(-20);
      one.id = crypto.randomUUID();
    }
    one.value = value;
    one.made_at = new Date().toISOString();
    if (!HELD.has(one.state) || one.state === "refused") one.state = "writing";
    one.due = performance.now() + (text ? TEXT_WAITS : 0);
    this.keep(one);
    this.plan(text ? TEXT_WAITS : 0);
    this.tell.changed(one);
  }

  // One write at a time for each change; what was typed meanwhile is written next.
  async keep(one) {
    if (one.writing) return one.writing;
    one.writing = (async () => {
      while (one.kept !== this.mark(one) && this.waiting.get(one.field) === one) {
        const mark = this.mark(one);
        const { id, field, value, base, after, made_at } = one;
        let held = "memory";
        if (this.journal.keeps) {
          try {
            one.row = await this.journal.keep(this.path, this.window, { id, field, value, base, after, made_at }, one.row);
            held = "device";
          } catch {
            held = "memory";
          }
        }
        one.kept = mark;
        one.held = held;
      }
      if (!HELD.has(one.state) && one.state !== "sent") one.state = one.held;
    })();
    await one.writing;
    one.writing = null;
    if (this.waiting.get(one.field) !== one) await this.drop(one);
    this.tell.changed(one);
  }

  mark(one) {
    return `${one.id} ${one.base} ${one.value}`;
  }

  // Changes that a closed window left behind. They may have been sent: what is typed on top of them follows them. Of two
  // that one window made of one field, the later one stands for both.
  adopt(found) {
    for (const left of found) {
      const { row, window, change } = left;
      const last = found.findLast((other) => other.window === window && other.change.field === change.field);
      if (last !== left) {
        last.change.after = [...change.after, change.id, ...last.change.after].slice(-20);
        this.journal.remove(row);
        continue;
      }
      if (this.waiting.has(change.field)) {
        this.spare.push(left);
        continue;
      }
      const one = { ...change, row, sentAs: change.id, state: "device", held: "device", due: 0 };
      this.waiting.set(one.field, one);
      this.keep(one);
      this.tell.changed(one);
    }
    if (this.waiting.size) this.plan(0);
  }

  plan(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.send(), wait);
  }

  // Sends what waits, now; answers when nothing waits or when it has to pause.
  send({ all = false, opening = false } = {}) {
    if (all) for (const one of this.waiting.values()) one.due = 0;
    this.running ??= this.sendAll(opening).finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async sendAll(opening) {
    for (let first = opening; ; first = false) {
      const open = [...this.waiting.values()].filter((one) => !HELD.has(one.state));
      const now = performance.now();
      const due = open.filter((one) => one.due <= now).slice(0, AT_ONCE);
      if (!due.length && !first) {
        if (open.length) this.plan(Math.max(20, Math.min(...open.map((one) => one.due)) - now));
        return;
      }
      await Promise.all(due.map((one) => this.keep(one)));
      // What was typed while this was written is written before it is sent.
      const written = due.filter((one) => this.waiting.get(one.field) === one && one.kept === this.mark(one));
      if (due.length && !written.length) continue;
      if (!(await this.sendSome(written))) return;
    }
  }

  async sendSome(changes) {
    const patches = changes.map(({ id, field, value, base, after, made_at }) => ({ id, field, value, base, after, made_at }));
    for (const one of changes) {
      one.sentAs = one.id;
      one.state = "sent";
      this.tell.changed(one);
    }
    const stands = await this.post({ patches, here: true });
    if (!stands) {
      for (const one of changes) if (one.state === "sent") one.state = one.held;
      this.later();
      return false;
    }
    this.pause = FIRST_PAUSE;
    this.state = "idle";
    for (const answer of stands.answers) await this.answered(answer, patches.find((one) => one.id === answer.id));
    this.known = stands.known;
    this.tell.heard(stands);
    this.tell.line();
    return true;
  }

  // The answer of the server, or null where there was none; then `state` says why.
  async post(body, again = true) {
    const { owner, token } = this.session;
    if (!token && again) return this.renewed(body);
    let answer;
    try {
      answer = await fetch(`${this.path}patches/`, {
        method: "POST",
        redirect: "manual",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token },
        body: JSON.stringify({ owner, device: this.device, known: this.known, ...body }),
      });
    } catch {
      this.state = "away";
      return null;
    }
    if (answer.ok || answer.status === 409) return answer.json().catch(() => this.set("away"));
    if (answer.type === "opaqueredirect" || answer.status === 403) return again ? this.renewed(body) : this.set("out");
    if (answer.status < 500) return this.set("forbidden");
    return this.set("away");
  }

  set(state) {
    this.state = state;
    return null;
  }

  async renewed(body) {
    const found = await this.session.ask();
    return found === "in" ? this.post(body, false) : this.set(found);
  }

  later() {
    this.tell.line();
    this.plan(this.pause * (0.75 + Math.random() / 2));
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE);
  }

  // At once, where there is a reason to think that it will do now: the line is back, or the person is.
  hurry() {
    this.pause = FIRST_PAUSE;
    if (this.state !== "idle" || this.waiting.size) this.send({ all: true, opening: this.state !== "idle" });
  }

  async answered(answer, sent) {
    const one = this.waiting.get(answer.field);
    if (!sent || one?.sentAs !== answer.id) return;
    if (answer.outcome === "confirmed") {
      this.tell.confirmed(answer, sent.value);
      if (one.id === answer.id) {
        this.waiting.delete(one.field);
        await this.drop(one);
        this.next(one.field);
      } else {
        Object.assign(one, { base: answer.version, after: [] });
        this.keep(one);
      }
    } else {
      one.state = answer.outcome;
      one.answer = answer;
    }
    this.tell.changed(one);
  }

  async drop(one) {
    if (one.row && !one.writing) await this.journal.remove(one.row).catch(() => null);
  }

  // A change of a closed window to the same field comes after it, and is asked about where it differs.
  next(field) {
    const place = this.spare.findIndex(({ change }) => change.field === field);
    if (place >= 0) this.adopt(this.spare.splice(place, 1));
  }

  // A person decided between both texts: this value goes on top of theirs, or theirs stands.
  decide(field, value) {
    const one = this.waiting.get(field);
    const { theirs, version } = one.answer;
    if (value === theirs) {
      this.waiting.delete(field);
      this.drop(one);
      this.next(field);
    } else {
      Object.assign(one, { id: crypto.randomUUID(), base: version, after: [], sentAs: null, state: "writing" });
      this.change(field, value, version);
    }
    this.tell.changed(one);
    this.tell.line();
  }

  // New key, or none: everything is kept again under the key that holds now.
  rekey() {
    this.journal.key = this.session.key;
    this.journal.keeps = Boolean(this.session.key) && this.session.storage === "on";
    for (const one of this.waiting.values()) {
      one.kept = null;
      this.keep(one);
    }
  }

  leave() {
    const { owner, token } = this.session;
    if (!token) return;
    fetch(`${this.path}patches/`, {
      method: "POST",
      keepalive: true,
      redirect: "manual",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ owner, device: this.device, known: this.known, here: false, patches: [] }),
    }).catch(() => null);
  }
}
