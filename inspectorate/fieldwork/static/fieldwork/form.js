// The fields of a case's form: reading, writing, what is unanswered, the way to it, and the keys that answer.

const ANSWERS = { y: "yes", n: "no", a: "na" };
const KEYS_OFF = "case-keys-off";

export class Form {
  constructor(form) {
    this.form = form;
    this.radios = ".app-answer__radios";
    form.addEventListener("keydown", (event) => this.answerByKey(event));
    form.addEventListener("focusin", (event) => {
      this.last = event.target;
    });
  }

  hidden(kind, field) {
    return this.form.querySelector(`input[name="${CSS.escape(`${kind}:${field}`)}"]`);
  }

  version(field) {
    return Number(this.hidden("version", field)?.value ?? 0);
  }

  // What stands on the server, as far as this page knows.
  stands(field, value, version) {
    if (!this.hidden("version", field)) return;
    this.hidden("version", field).value = version;
    this.hidden("seen", field).value = value;
  }

  // {field: [value, version]} of everything that stands.
  allThatStands() {
    const all = [...this.form.querySelectorAll("input[name^='version:']")];
    const fields = all.map((one) => one.name.slice("version:".length));
    return Object.fromEntries(fields.map((field) => [field, [this.hidden("seen", field).value, this.version(field)]]));
  }

  controls(field) {
    return this.form.querySelectorAll(`[name="${CSS.escape(field)}"]`);
  }

  put(field, value) {
    for (const control of this.controls(field)) {
      if (control.type === "radio") control.checked = control.value === value;
      else if (control.value !== value) control.value = value;
    }
  }

  place(field) {
    return this.form.querySelector(`[data-field="${CSS.escape(field)}"]`);
  }

  // The words beside a field, for people who read the export.
  words(field) {
    const box = this.place(field)?.closest("fieldset, .app-note");
    const words = box?.querySelector("legend, label")?.cloneNode(true);
    words?.querySelectorAll(".app-mark, .govuk-hint").forEach((one) => one.remove());
    return words?.textContent.trim() ?? field;
  }

  unanswered() {
    return [...this.form.querySelectorAll(this.radios)].filter((one) => !one.querySelector(":checked"));
  }

  // How many answers each key question still lacks, in the list beside the form and in what the case adds.
  count() {
    const open = this.unanswered();
    for (const box of this.form.querySelectorAll(".app-question[id]")) {
      const lacks = open.filter((one) => box.contains(one)).length;
      const note = document.querySelector(`a[href="#${CSS.escape(box.id)}"] .app-side__note`);
      if (note) note.textContent = lacks ? `${lacks} open` : "complete";
    }
    for (const adds of document.querySelectorAll("[data-adds]")) {
      const boxes = [...this.form.querySelectorAll(`[data-standard="${CSS.escape(adds.dataset.adds)}"] .app-question__key`)];
      const given = boxes.filter((box) => box.querySelector(":checked")).length;
      adds.textContent = `${given} of ${boxes.length} key questions answered`;
    }
    for (const one of this.form.querySelectorAll("[data-leads-out]")) {
      const chosen = [...this.controls(one.dataset.leadsOut)].find((radio) => radio.checked);
      one.hidden = chosen?.value !== one.dataset.value;
    }
    const said = document.getElementById("unanswered");
    if (said) said.textContent = open.length ? `${open.length} unanswered` : "Everything is answered";
    for (const button of document.querySelectorAll("[data-go]")) button.disabled = !open.length;
  }

  // To the next unanswered question after (or before) the place where the person is; round at the end.
  go(step) {
    const open = this.unanswered();
    if (!open.length) return;
    const here = this.last?.isConnected ? this.last : null;
    const lies = (one, where) => here && !one.contains(here) && here.compareDocumentPosition(one) & where;
    const after = open.find((one) => lies(one, Node.DOCUMENT_POSITION_FOLLOWING));
    const before = open.findLast((one) => lies(one, Node.DOCUMENT_POSITION_PRECEDING));
    const next = step > 0 ? after ?? open[0] : before ?? open.at(-1);
    next.querySelector("input").focus();
    next.closest("fieldset").scrollIntoView({ block: "center" });
  }

  get keysOff() {
    return localStorage.getItem(KEYS_OFF) === "1";
  }

  set keysOff(off) {
    if (off) localStorage.setItem(KEYS_OFF, "1");
    else localStorage.removeItem(KEYS_OFF);
  }

  // Y, N and A answer the question that has the focus, and only while it has it; the keys can be switched off.
  answerByKey(event) {
    if (this.keysOff || event.target.type !== "radio" || event.ctrlKey || event.metaKey || event.altKey) return;
    const value = ANSWERS[event.key.toLowerCase()];
    const radio = value && [...this.controls(event.target.name)].find((one) => one.value === value);
    if (!radio) return;
    event.preventDefault();
    radio.focus();
    if (!radio.checked) radio.click();
  }
}
