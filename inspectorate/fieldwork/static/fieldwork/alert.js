// Raises an alert from any page of an inspection, also without a connection: what is written is on this device before it
// is sent, and stays there until the server has taken it.

import { unsent } from "./unsent.js";

const links = document.querySelectorAll(".app-identity-bar__action, [data-raise-alert]");
const template = document.getElementById("alert-anywhere");
const address = template.content.querySelector("form").getAttribute("action");
const ASKED = ["kind", "what", "likely", "imminent"];
const AT_ONCE = "#alert";

const written = new Map(); // address -> the form as far as it is filled in: Escape closes it, and it opens again as it was

// The form of an alert on the inspection of this address; `named` where the page is about several.
function dialog(to, named) {
  if (!written.has(to)) written.set(to, begun(to, named));
  const made = written.get(to);
  document.body.append(made);
  made.showModal();
}

function begun(to, named) {
  const made = template.content.firstElementChild.cloneNode(true);
  if (named) made.querySelector("h2").textContent = `Raise an alert on ${named}`;
  const end = () => {
    made.remove();
    written.delete(to);
  };
  made.addEventListener("close", () => made.remove());
  made.querySelector("[data-close]").addEventListener("click", end);
  made.querySelector("form").addEventListener("submit", (event) => {
    event.preventDefault();
    unsent.hold(to, typed(event.target));
    end();
  });
  return made;
}

// What was typed, with the id that makes one alert of what is sent twice, and the device's time.
function typed(form) {
  const { csrfmiddlewaretoken: _, ...given } = Object.fromEntries(new FormData(form));
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
async function sendPage(event) {
  const form = event.target;
  const change = typed(form);
  if (!ASKED.every((name) => change[name]?.trim())) return;
  event.preventDefault();
  for (const button of form.querySelectorAll("button")) button.disabled = true;
  const one = await unsent.hold(address, change);
  const received = unsent.received.find(({ id }) => id === change.id);
  if (received) location.assign(received.href);
  if (!one.refused) return;
  await unsent.remove(one);
  form.submit();
}

const pageForm = document.getElementById("alert-page-form");
if (pageForm) pageForm.addEventListener("submit", sendPage);
if (HTMLDialogElement.prototype.showModal && !pageForm) for (const link of links) opens(link);

function opens(link) {
  const named = link.dataset.raiseAlert;
  link.setAttribute("role", "button");
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    dialog(named ? link.getAttribute("href") : address, named);
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
