// Says when somebody of the team noted more evidence since the page was opened; nothing typed here is touched.

const line = document.getElementById("new-evidence");

setInterval(async () => {
  if (document.hidden) return;
  try {
    const answer = await fetch(line.dataset.address, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const { count, by } = await answer.json();
    const more = count - Number(line.dataset.count);
    if (more < 1 || line.dataset.told === String(count)) return;
    line.dataset.told = String(count);
    const link = document.createElement("a");
    link.className = "govuk-link";
    link.href = location.pathname;
    link.textContent = more === 1 ? "Show it" : "Show them";
    line.replaceChildren(`${more} new ${more === 1 ? "piece" : "pieces"} of evidence, the last by ${by}. `, link);
  } catch {
    // No line just now: the next look tells.
  }
}, 15000);
