// Opens pages of cases without a line: an empty page and its files are kept, nothing of a case; what was typed and what
// was opened lies locked in the journal. VERSION, SHELL and FILES come from the server with the address of this file.

const NAME = `case-${VERSION}`;
const CASES = /^\/inspections\/[0-9a-f-]{36}\/cases\/([0-9a-f-]{36}\/)?$/;

let held = null; // the key of the page that was left last, in memory only
let letGo = null;

self.addEventListener("install", (event) => {
  const asked = [SHELL, ...FILES].map((one) => new Request(one, { credentials: "omit", cache: "no-cache" }));
  event.waitUntil(
    caches
      .open(NAME)
      .then((kept) => kept.addAll(asked))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((one) => one.startsWith("case-") && one !== NAME);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((one) => caches.delete(one)))));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin || request.method !== "GET") return;
  if (request.mode === "navigate" && CASES.test(address.pathname)) event.respondWith(page(request));
  else if (FILES.includes(address.pathname)) event.respondWith(file(request));
});

async function page(request) {
  try {
    const answer = await fetch(request);
    if (answer.status < 502 || answer.status > 504) return answer;
  } catch {
    // no line: the empty page takes its place
  }
  const shell = await caches.match(SHELL, { cacheName: NAME });
  return shell ?? Response.error();
}

async function file(request) {
  try {
    return await fetch(request);
  } catch {
    return (await caches.match(request, { cacheName: NAME, ignoreVary: true })) ?? Response.error();
  }
}

const channel = new BroadcastChannel("journal-key");
channel.addEventListener("message", ({ data }) => {
  if (data.ask && held) channel.postMessage({ give: held });
  if (data.forget && data.forget === held?.owner) held = null;
});
self.addEventListener("message", ({ data }) => {
  if (!data.hold) return;
  held = data.hold;
  clearTimeout(letGo);
  letGo = setTimeout(() => {
    held = null;
  }, 60_000);
});
