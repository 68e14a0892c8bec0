// Saves each answer of a case as soon as it is given, with the version that was seen, and says truly where it stands.

const form = document.getElementById("case-form");
const line = document.getElementById("saved");
const token = form.querySelector("input[name=csrfmiddlewaretoken]").value;
const waiting = new Map(); // field -> value that the server has not confirmed
const timers = new Map();
let sending = null;

const hidden = (kind, field) => form.querySelector(`input[name="${CSS.escape(kind + ":" + field)}"]`);

function say(state, text) {
  line.dataset.state = state;
  line.className = `app-saved app-saved--${state}`;
  if (line.textContent !== text) line.textContent = text;
}

function clock() {
  return new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

function change(field, value, wait) {
  waiting.set(field, value);
  say("saving", `${waiting.size} not yet sent`);
  clearTimeout(timers.get(field));
  timers.set(field, setTimeout(send, wait));
}

async function send() {
  if (sending) return;
  sending = true;
  try {
    while (waiting.size) {
      const [field, value] = waiting.entries().next().value;
      if (!(await sendOne(field, value))) return;
      if (waiting.get(field) === value) waiting.delete(field);
    }
    say("saved", `Saved on the server at ${clock()}`);
  } finally {
    sending = null;
  }
}

async function sendOne(field, value) {
  let answer;
  try {
    answer = await fetch(form.dataset.save, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ field, value, version: Number(hidden("version", field).value) }),
    });
  } catch {
    say("failed", `Not saved: no connection. ${waiting.size} on this page only. Trying again.`);
    setTimeout(send, 3000);
    return false;
  }
  const said = await answer.json().catch(() => ({}));
  if (answer.ok) {
    hidden("version", field).value = said.version;
    hidden("seen", field).value = value;
    count();
    return true;
  }
  if (answer.status === 409) {
    waiting.delete(field);
    differ(field, value, said);
    return true;
  }
  const why = said.error || (answer.redirected || answer.status === 403 ? "you are signed out" : "the server refused it");
  say("failed", `Not saved: ${why} ${waiting.size} on this page only.`);
  if (answer.status >= 500) setTimeout(send, 5000);
  return false;
}

// Two texts for one field: both are shown, and the person decides.
function differ(field, mine, said) {
  const place = form.querySelector(`[data-field="${CSS.escape(field)}"]`);
  const box = document.createElement("div");
  box.className = "app-differ";
  box.setAttribute("role", "alert");
  const text = document.createElement("p");
  text.className = "govuk-body";
  text.textContent = `${said.by} changed this answer to «${said.theirs}». Yours is «${mine}».`;
  box.append(text, pick("Keep mine", mine), pick("Keep theirs", said.theirs));
  place.parentElement.querySelector(".app-differ")?.remove();
  place.after(box);
  hidden("version", field).value = said.version;
  say("failed", "One answer waits for your decision");

  function pick(label, value) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "govuk-button govuk-button--secondary";
    button.textContent = label;
    button.addEventListener("click", () => {
      box.remove();
      put(field, value);
      if (value !== said.theirs) change(field, value, 0);
      else say("saved", `Saved on the server at ${clock()}`);
    });
    return button;
  }
}

function put(field, value) {
  for (const control of form.querySelectorAll(`[name="${CSS.escape(field)}"]`)) {
    if (control.type === "radio") control.checked = control.value === value;
    else control.value = value;
  }
}

// How many answers each key question still lacks, in the list beside the form.
function count() {
  for (const box of form.querySelectorAll(".app-question[id]")) {
    const open = [...box.querySelectorAll(".app-answer__radios")].filter((one) => !one.querySelector(":checked")).length;
    const note = document.querySelector(`a[href="#${CSS.escape(box.id)}"] .app-side__note`);
    if (note) note.textContent = open ? `${open} open` : "complete";
  }
}

form.addEventListener("change", (event) => {
  const { type, name, value } = event.target;
  if (type === "radio") change(name, value, 0);
});
form.addEventListener("input", (event) => {
  if (event.target.matches("textarea")) change(event.target.name, event.target.value, 800);
});
form.addEventListener("focusout", (event) => {
  if (waiting.has(event.target.name)) send();
});
// Y, N and A answer the question that has the focus, and only while it has it.
form.addEventListener("keydown", (event) => {
  if (event.target.type !== "radio" || event.ctrlKey || event.metaKey || event.altKey) return;
  const value = { y: "yes", n: "no", a: "na" }[event.key.toLowerCase()];
  const radio = value && form.querySelector(`input[name="${CSS.escape(event.target.name)}"][value="${value}"]`);
  if (!radio) return;
  event.preventDefault();
  radio.focus();
  if (!radio.checked) radio.click();
});
// The facts decide which questions are asked: the page is read anew once they are saved.
form.addEventListener("change", async (event) => {
  if (!event.target.closest(".app-question--fact")) return;
  await settled();
  if (line.dataset.state === "saved") location.reload();
});

function settled() {
  return new Promise((done) => {
    const look = setInterval(() => {
      if (waiting.size && line.dataset.state !== "failed") return;
      clearInterval(look);
      setTimeout(done, 50);
    }, 50);
  });
}

addEventListener("beforeunload", (event) => {
  if (waiting.size) event.preventDefault();
});
document.getElementById("submit-form").addEventListener("submit", async (event) => {
  if (!waiting.size) return;
  event.preventDefault();
  send();
  await settled();
  if (!waiting.size) event.target.submit();
});
for (const one of document.querySelectorAll(".app-no-script")) one.hidden = true;
