// Signing out: says what this browser still keeps for the person, and takes it away with the sign-out.

import { forget, whoseWait } from "./journal.js";

const place = document.getElementById("leaving");
const { owner } = place.dataset;

async function begin() {
  const waits = (await whoseWait()).find((one) => one.owner === owner)?.count ?? 0;
  if (waits) {
    const many = waits === 1 ? "1 change to a case is" : `${waits} changes to cases are`;
    place.querySelector("strong").textContent =
      `${many} on this device and not confirmed by the server. Signing out removes ${waits === 1 ? "it" : "them"} for good. ` +
      "To keep it, stay signed in and open the list of cases while there is a connection.";
    place.hidden = false;
  }
  place.closest("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    new BroadcastChannel("journal-key").postMessage({ forget: owner });
    await forget(owner).catch(() => null);
    event.target.submit();
  });
}

if (globalThis.indexedDB) begin();
