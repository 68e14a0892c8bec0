// Raises an alert from any page of an inspection, also without a connection: it is kept in the memory of this page only,
// said to be unsent as long as it is, and sent again under the same id until the server has taken it.

const link = document.querySelector(".app-identity-bar__action");
const line = document.getElementById("alert-line");
const template = document.getElementById("alert-anywhere");
const unsent = []; // {body, since}
const AGAIN = 5000;
let sending = false;
let trouble = "";
let received = null; // {href, at}

function clock(date = new Date()) {
  return date.toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
}

function element(name, text, classes = "") {
  const made = document.createElement(name);
  made.textContent = text;
  made.className = classes;
  return made;
}

// What this page still holds, in plain words; nothing of the alert itself.
function say() {
  line.hidden = !unsent.length && !received;
  line.replaceChildren();
  line.classList.toggle("app-alert-line--waits", unsent.length > 0);
  if (unsent.length) {
    const what = unsent.length === 1 ? "1 alert is not sent." : `${unsent.length} alerts are not sent.`;
    const why = trouble || "There is no connection.";
    line.append(
      element("strong", what),
      ` ${why} Held in this page only, since ${clock(unsent[0].since)}: keep the page open. It is sent as soon as it can be. `,
    );
    const now = element("button", "Send now", "govuk-button govuk-button--secondary app-alert-line__button");
    now.type = "button";
    now.addEventListener("click", send);
    line.append(now);
  } else if (received) {
    line.append(`The server received the alert at ${clock(received.at)}. `);
    const open = element("a", "Open the alert", "govuk-link");
    open.href = received.href;
    line.append(open);
  }
}

function dialog() {
  const made = template.content.firstElementChild.cloneNode(true);
  document.body.append(made);
  made.addEventListener("close", () => made.remove());
  made.querySelector("[data-close]").addEventListener("click", () => made.close());
  made.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    keep(event.target);
    made.close();
  });
  made.showModal();
}

function written(form) {
  const body = new URLSearchParams(new FormData(form));
  if (!body.get("id")) body.set("id", crypto.randomUUID ? crypto.randomUUID() : made());
  body.set("made_at", new Date().toISOString());
  return body;
}

function keep(form) {
  const body = written(form);
  unsent.push({ body, since: new Date() });
  received = null;
  trouble = "It is being sent.";
  say();
  send();
}

// Where the page is not served over TLS a browser has no randomUUID.
function made() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

async function send() {
  if (sending) return;
  sending = true;
  try {
    while (unsent.length) {
      if (!(await sendOne(unsent[0].body))) {
        setTimeout(send, AGAIN);
        break;
      }
      unsent.shift();
    }
  } finally {
    sending = false;
    say();
  }
}

function taken(answer) {
  return answer.ok && /\/alerts\/[0-9a-f-]{36}\/$/.test(new URL(answer.url).pathname);
}

// The form on a page of its own: what is wrong in it the server says, and without a connection it is kept as above.
async function sendPage(event) {
  event.preventDefault();
  const form = event.target;
  try {
    const answer = await fetch(line.dataset.address, { method: "POST", body: written(form) });
    if (taken(answer)) location.assign(answer.url);
    else form.submit();
  } catch {
    keep(form);
    for (const button of form.querySelectorAll("button")) button.disabled = true;
  }
}

async function sendOne(body) {
  let answer;
  try {
    answer = await fetch(line.dataset.address, { method: "POST", body });
  } catch {
    trouble = "There is no connection.";
    return false;
  }
  if (taken(answer)) {
    received = { href: answer.url, at: new Date() };
    return true;
  }
  trouble = await refresh(body);
  return false;
}

// A page that was open for long, or a person who signed in again, needs a new token; it comes with the form.
async function refresh(body) {
  try {
    const page = await fetch(line.dataset.address);
    const fresh = new DOMParser().parseFromString(await page.text(), "text/html");
    const token = fresh.querySelector("main input[name=csrfmiddlewaretoken]");
    if (new URL(page.url).pathname.startsWith("/accounts/")) return "You are signed out: sign in again in another tab.";
    if (!page.ok || !token) return "The server did not take it.";
    body.set("csrfmiddlewaretoken", token.value);
    return "The server did not take it yet.";
  } catch {
    return "There is no connection.";
  }
}

line.dataset.address = template.content.querySelector("form").getAttribute("action");
const pageForm = document.getElementById("alert-page-form");
if (pageForm) pageForm.addEventListener("submit", sendPage);
if (link && HTMLDialogElement.prototype.showModal && !pageForm) {
  link.setAttribute("role", "button");
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    dialog();
  });
  link.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    link.click();
  });
}
addEventListener("online", send);
addEventListener("beforeunload", (event) => {
  if (unsent.length) event.preventDefault();
});
