// Who is signed in here, the key to the journal and the token for sending; asked of the server, or of a page that has it.

import { bringKey, canLock } from "./crypto.js";
import { parts, sign } from "./journal.js";

const KEY = "journal-key";
const PATIENCE = 800;

let ofPage = null;

// The one session of a page, whichever of its scripts asks.
export const sessionOf = (address) => (ofPage ??= new Session(address));

class Session {
  constructor(address) {
    this.address = address;
    this.owner = null; // once known it stays: what was typed for one person is never sent for another
    this.key = null;
    this.onkey = []; // what to do when the key is here, and when it is another
    this.onforget = []; // and when this person has signed out in another tab
    this.channel = new BroadcastChannel(KEY);
    this.channel.addEventListener("message", (event) => this.hear(event.data));
    addEventListener("pagehide", () => this.hand());
  }

  hear(said) {
    if (said.ask && this.key) this.channel.postMessage({ give: this.given() });
    if (said.forget && said.forget === this.owner) {
      this.key = null;
      for (const one of this.onforget) one();
    }
  }

  given() {
    const { owner, name, key, storage } = this;
    return { owner, name, key, storage };
  }

  // To the worker, which opens the next page of this tab where there is no line. It keeps the key in its memory only.
  hand() {
    const worker = navigator.serviceWorker?.controller ?? this.worker;
    if (this.key) worker?.postMessage({ hold: this.given() });
  }

  // "in", "out" (nobody is signed in), "another" (somebody else is), or "away" (no answer). One page asks at a time, so
  // that a browser is given one random part only.
  ask() {
    this.asking ??= (navigator.locks ? navigator.locks.request(KEY, () => this.askNow()) : this.askNow()).finally(() => {
      this.asking = null;
    });
    return this.asking;
  }

  async askNow() {
    let answer;
    try {
      const held = canLock ? await parts().catch(() => "") : "";
      answer = await fetch(this.address, { redirect: "manual", headers: { Accept: "application/json", "Journal-Parts": held } });
    } catch {
      return "away";
    }
    if (answer.type === "opaqueredirect" || answer.status === 404) return "out";
    const told = answer.ok ? await answer.json().catch(() => null) : null;
    if (!told) return "away";
    if (this.owner && told.owner !== this.owner) {
      this.another = told.name;
      return "another";
    }
    const { owner, name, storage, token } = told;
    Object.assign(this, { owner, name, storage, token });
    if (canLock && this.text !== told.key) {
      const signed = storage !== "on" || (await sign(told).then(() => true, () => false));
      if (!signed) return "in"; // what cannot be opened again is not said to be on the device
      this.text = told.key;
      this.key = await bringKey(told.key);
      for (const one of this.onkey) one();
    }
    return "in";
  }

  // From another page of this browser or from the worker: the way in where there is no line.
  borrow(patience = PATIENCE) {
    return new Promise((done) => {
      const ask = () => this.channel.postMessage({ ask: true });
      const again = setInterval(ask, 100);
      const end = (found) => {
        clearInterval(again);
        clearTimeout(late);
        this.channel.removeEventListener("message", listen);
        done(found);
      };
      const listen = ({ data }) => {
        if (!data.give || (this.owner && data.give.owner !== this.owner)) return;
        Object.assign(this, data.give);
        end(true);
      };
      const late = setTimeout(() => end(false), patience);
      this.channel.addEventListener("message", listen);
      ask();
    });
  }
}
