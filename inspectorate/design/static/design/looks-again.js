// A page about work that goes on: what it says is asked for again now and then, and the page is read anew when it is over.

const place = document.querySelector("[data-looks-again]");
const wait = () => setTimeout(look, Number(place.dataset.every) * 1000);

async function look() {
  if (document.hidden) return wait();
  try {
    const answer = await fetch(place.dataset.looksAgain, { headers: { Accept: "text/html" } });
    const now = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-looks-again]");
    if (!now) return location.replace(answer.url);
    if (now.textContent !== place.textContent) place.replaceChildren(...now.childNodes);
    say();
  } catch {
    // No line just now: the next look tells.
  }
  wait();
}

// Without script nothing looks again, and the page does not say so.
function say() {
  place.querySelector("[hidden]")?.removeAttribute("hidden");
}

say();
wait();
