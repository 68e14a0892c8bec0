// Raises an alert from any page, also without a connection: what is typed is on this device within a second, what is
// written before it is sent, and it stays there until the server has taken it.

import { unsent } from "./unsent.js";

const links = document.querySelectorAll(".app-identity-bar__action, [data-raise-alert]");
const template = document.getElementById("alert-anywhere");
const address = template.content.querySelector("form").getAttribute("action");
const ASKED = ["kind", "what", "likely", "imminent"];
const AT_ONCE = "#alert";
const REST = 300;

const written = new Map(); // what it is about -> the form as far as it is filled in: Escape closes it, and it opens again as it was

// The form of an alert; `about` is the link that opened it, `named` the inspection where the page is about several.
function dialog(about, to, named) {
  if (!written.has(about)) written.set(about, begun(about, to, named));
  const made = written.get(about);
  document.body.append(made);
  made.showModal();
}

function begun(about, to, named) {
  const made = template.content.firstElementChild.cloneNode(true);
  if (to) made.querySelector("[data-which]")?.remove();
  if (named) made.querySelector("h2").textContent = `Raise an alert on ${named}`;
  const form = made.querySelector("form");
  const keeping = keep(form, about);
  const end = () => {
    made.remove();
    written.delete(about);
    keeping.end();
  };
  made.addEventListener("close", () => made.remove());
  made.querySelector("[data-close]").addEventListener("click", end);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { to: chosen, ...change } = typed(form);
    unsent.hold(to || chosen, change);
    end();
  });
  return made;
}

// Keeps what is typed into a form while nobody sent it off, and fills in what was typed before the page was gone.
function keep(form, about) {
  let timer = null, touched = false;
  form.addEventListener("input", () => {
    touched = true;
    timer ??= setTimeout(() => {
      timer = null;
      unsent.keepBegun(about, fields(form));
    }, REST);
  });
  unsent.begunBefore(about).then((before) => {
    if (before && !touched) fill(form, before);
  });
  return { end: () => (clearTimeout(timer), unsent.keepBegun(about, null)) };
}

function fill(form, before) {
  for (const [name, value] of Object.entries(before)) {
    const one = form.elements.namedItem(name);
    if (one && one.type !== "hidden") one.value = value;
  }
}

function fields(form) {
  const { csrfmiddlewaretoken: _, ...given } = Object.fromEntries(new FormData(form));
  return given;
}

// What was typed, with the id that makes one alert of what is sent twice, and the device's time.
function typed(form) {
  const given = fields(form);
  return { ...given, id: given.id || identifier(), made_at: new Date().toISOString() };
}

// Where the page is not served over TLS a browser has no randomUUID.
function identifier() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// The form on a page of its own: what is wrong in it the server says; without a connection it is kept as above.
async function sendPage(event, keeping) {
  const form = event.target;
  const change = typed(form);
  if (!ASKED.every((name) => change[name]?.trim())) return;
  event.preventDefault();
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  const one = await unsent.hold(address, change);
  await keeping.end();
  const received = unsent.received.find(({ id }) => id === change.id);
  if (received) location.assign(received.href);
  if (!one.refused) return;
  await unsent.remove(one);
  form.submit();
}

const pageForm = document.getElementById("alert-page-form");
if (pageForm) {
  const keeping = keep(pageForm, location.pathname + location.search);
  pageForm.addEventListener("submit", (event) => sendPage(event, keeping));
}
if (HTMLDialogElement.prototype.showModal && !pageForm) for (const link of links) opens(link);

function opens(link) {
  const named = link.dataset.raiseAlert;
  const about = link.getAttribute("href");
  link.setAttribute("role", "button");
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    dialog(about, named ? about : address, named);
  });
  link.addEventListener("keydown", (event) => {
    if (event.key !== " ") return;
    event.preventDefault();
    link.click();
  });
}

// From the list of cases without a connection: the case opens with the form over it.
if (location.hash === AT_ONCE && links.length) {
  history.replaceState(history.state, "", location.pathname + location.search);
  links[0].click();
}
