// Without a line: puts the case that was opened before into the worker's empty page, if the key is in this browser's memory.

import { start } from "./case.js";
import { Journal, inWords, isAlert } from "./journal.js";
import { sessionOf } from "./session.js";

const shell = document.getElementById("case-shell");
const says = document.getElementById("shell-says");

async function openCase() {
  const session = sessionOf(shell.dataset.journal);
  const known = (await session.borrow()) || (await session.ask()) === "in";
  if (!known || !session.key) {
    says.textContent =
      "The cases on this device are locked, and what was typed is safe. They open again when the connection is back and you sign in.";
    waitForLine();
    return;
  }
  const journal = new Journal(session);
  const opened = await journal.get("opened", location.pathname);
  if (!opened) {
    await listCases(journal);
    waitForLine();
    return;
  }
  const stands = await journal.get("stands", location.pathname);
  document.title = opened.title;
  const main = document.querySelector("main");
  main.innerHTML = opened.html;
  if (opened.alert) {
    main.insertAdjacentHTML("beforebegin", opened.alert);
    await import("./alert.js");
  }
  if (stands) putStands(stands);
  await start({ session });
}

function putStands({ fields, known }) {
  const form = document.getElementById("case-form");
  form.dataset.known = known;
  for (const [field, [value, version]] of Object.entries(fields)) {
    const named = (name) => form.querySelectorAll(`[name="${CSS.escape(name)}"]`);
    for (const one of named(`version:${field}`)) one.value = version;
    for (const one of named(`seen:${field}`)) one.value = value;
    for (const one of named(field)) {
      if (one.type === "radio") one.checked = one.value === value;
      else one.value = value;
    }
  }
}

async function listCases(journal) {
  const cases = await journal.openedCases();
  says.textContent = cases.length
    ? "This page was not opened before. These cases were, and open without a connection:"
    : "This page was not opened before on this device. Try again when the connection is back.";
  for (const { path, title } of cases) {
    const item = document.createElement("li");
    const alert = linkTo(`${path}#alert`, "Raise an alert");
    alert.setAttribute("aria-label", `Raise an alert about ${title.split(" - ")[0]}`);
    item.append(linkTo(path, title.split(" - ")[0]), ", ", alert);
    document.getElementById("shell-cases").append(item);
  }
  const alerts = (await journal.waiting()).filter((one) => isAlert(one.path)).length;
  if (alerts) document.getElementById("shell-alerts").textContent = `On this device and not sent: ${inWords({ alerts })}. Sent when the connection is back.`;
}

function linkTo(href, textContent) {
  return Object.assign(document.createElement("a"), { href, textContent, className: "govuk-link" });
}

function waitForLine() {
  addEventListener("online", () => location.reload());
}

openCase();
