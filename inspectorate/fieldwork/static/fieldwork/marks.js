// What the page says: where each change stands, what the line is like, who else is here, and two texts for one field.

const MARKS = {
  writing: "not yet kept",
  device: "on this device",
  memory: "in this page only",
  sent: "sent",
  differs: "waits for your decision",
  refused: "not taken by the server",
};
const LOOKS = { idle: "idle", confirmed: "saved", sent: "saving", device: "saving", memory: "saving" };

const time = (at = new Date()) => at.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
const changes = (count) => (count === 1 ? "1 change" : `${count} changes`);

function element(name, look, text = "") {
  const made = document.createElement(name);
  made.className = look;
  made.textContent = text;
  return made;
}

export class Marks {
  constructor(form, line, others) {
    Object.assign(this, { form, line, others });
    this.confirmedAt = null;
  }

  // Beside a field: where its newest change stands, in words.
  mark(field, kind, text, patch = "") {
    const box = this.form.place(field)?.closest("fieldset, .app-note");
    if (!box) return;
    let mark = box.querySelector(":scope > .app-mark");
    if (!mark) {
      mark = element("span", "app-mark");
      mark.setAttribute("aria-hidden", "true"); // the line says it to those who cannot see it
      box.append(mark);
    }
    if (mark.dataset.mark !== kind || mark.textContent !== text) mark.textContent = text;
    mark.dataset.mark = kind;
    mark.dataset.patch = patch;
  }

  changed(one, waits) {
    if (!waits) return;
    this.mark(one.field, one.state, one.state === "refused" ? `${MARKS.refused}: ${one.answer.error}` : MARKS[one.state]);
    if (one.state === "differs") this.differ(one);
  }

  confirmed(answer) {
    this.confirmedAt = new Date();
    this.mark(answer.field, "confirmed", "confirmed", answer.id);
  }

  say(state, text, link) {
    const { line } = this;
    if (line.dataset.state === state && line.dataset.text === text) return;
    Object.assign(line.dataset, { state, text });
    line.className = `app-saved app-saved--${LOOKS[state] ?? "failed"}`;
    line.textContent = text;
    if (link) {
      const anchor = element("a", "govuk-link", link.text);
      Object.assign(anchor, { href: link.href, target: "_blank", rel: "opener" });
      line.append(" ", anchor);
    }
  }

  // One sentence on everything that waits. `sending` holds the changes and what the line is like.
  tell(sending) {
    const all = [...sending.waiting.values()];
    const number = (...states) => all.filter((one) => states.includes(one.state)).length;
    const [asked, refused, sent] = [number("differs"), number("refused"), number("sent")];
    const memory = all.length > 0 && all.some((one) => one.held === "memory");
    const where = memory ? "In this page only" : "On this device";
    const kept = `${where}: ${changes(all.length)}.`;
    const kind = memory ? "memory" : "device";
    if (sending.state === "out") {
      const safe = memory ? "Leave this page open" : "Nothing is lost";
      return this.say("out", `${all.length ? kept : ""} You are signed out. ${safe}: sign in again in another tab.`.trim(), {
        text: "Sign in",
        href: "/accounts/login/",
      });
    }
    if (sending.state === "another") {
      return this.say("another", `${kept} ${sending.session.another} is signed in here now. They wait for ${sending.session.name}.`);
    }
    if (sending.state === "forbidden") {
      return this.say("refused", `${kept} This case is not yours any more. Write the emergency copy, or ask your lead.`);
    }
    if (asked) return this.say("differs", `${changes(asked)} ${asked === 1 ? "waits" : "wait"} for your decision.`);
    if (refused) return this.say("refused", `${changes(refused)} not taken by the server. The reason stands beside it.`);
    if (sending.state === "away") return this.say(kind, `${all.length ? kept : ""} No connection. Trying again.`.trim());
    if (sent) return this.say("sent", `Sent: ${changes(sent)}, not confirmed yet.`);
    if (all.length) return this.say(kind, `${kept} Not sent yet.`);
    if (this.confirmedAt) return this.say("confirmed", `Confirmed by the server at ${time(this.confirmedAt)}.`);
    return this.idle(sending);
  }

  idle(sending) {
    const kept = sending.journal.keeps ? "kept on this device, locked," : "held in this page only";
    this.say("idle", `Every change is ${kept} and sent at once.`);
  }

  present(people) {
    this.others.hidden = !people.length;
    const named = people.map((one) => `${one.you ? "You, in another window or on another device" : one.name} (${time(new Date(one.at))})`);
    const text = named.length ? `Also open: ${named.join("; ")}.` : "";
    if (this.others.textContent !== text) this.others.textContent = text;
  }

  byOther(one) {
    this.mark(one.field, "other", `changed by ${one.by}`);
  }

  // Two texts for one field: both are shown, and the person decides.
  differ(one) {
    const place = this.form.place(one.field);
    if (!place) return;
    let box = place.parentElement.querySelector(".app-differ");
    if (!box) {
      box = element("div", "app-differ");
      box.setAttribute("role", "alert");
      place.after(box);
    }
    const { by, theirs } = one.answer;
    if (box.dataset.mine === one.value && box.dataset.theirs === theirs) return;
    Object.assign(box.dataset, { mine: one.value, theirs });
    const pick = (label, value) => {
      const button = element("button", "govuk-button govuk-button--secondary", label);
      button.type = "button";
      button.addEventListener("click", () => {
        box.remove();
        this.decide(one.field, value());
      });
      return button;
    };
    const text = element("p", "govuk-body", `${by} changed this answer to «${theirs}». Yours is «${one.value}».`);
    box.replaceChildren(text, pick("Keep mine", () => one.value), pick("Keep theirs", () => theirs));
  }
}
