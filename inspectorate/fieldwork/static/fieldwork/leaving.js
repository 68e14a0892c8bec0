// Signing out: says what this browser still keeps for the person, and takes it away with the sign-out.

import { forget, inWords, whoseWait } from "./journal.js";

const place = document.getElementById("leaving");
const { owner } = place.dataset;

async function begin() {
  const waits = (await whoseWait()).find((one) => one.owner === owner);
  if (waits) {
    const one = waits.changes + waits.alerts === 1;
    place.querySelector("strong").textContent =
      `${inWords(waits)} ${one ? "is" : "are"} on this device and not confirmed by the server. Signing out removes ${one ? "it" : "them"} for good. ` +
      `To keep ${one ? "it" : "them"}, stay signed in and open the list of cases while there is a connection.`;
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
