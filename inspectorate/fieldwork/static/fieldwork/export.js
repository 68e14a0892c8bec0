// The emergency copy: one file with everything of a case that waits and that is confirmed; made in the page, without a line.

const WARNING =
  "This file holds what was written about a person, in readable form. Keep it where such papers may be kept, and " +
  "delete it when the case is complete. It can be given back on the page of the case.";

export function copyOf(page) {
  const { form, sending, element } = page;
  const fields = {};
  for (const [field, [value, version]] of Object.entries(form.allThatStands())) {
    const waits = sending.waiting.get(field);
    if (!value && !waits) continue;
    fields[field] = { question: form.words(field), value: waits ? waits.value : value, version, state: waits ? waits.state : "confirmed" };
    if (waits) Object.assign(fields[field], { version: waits.base, on_the_server: value });
  }
  for (const [field, one] of sending.waiting) {
    fields[field] ??= { question: field, value: one.value, version: one.base, state: one.state };
  }
  return {
    warning: WARNING,
    format: "inspectorate case copy 1",
    case: element.dataset.case,
    title: document.title,
    written_by: sending.session.name,
    written_at: new Date().toISOString(),
    fields,
    other_windows: sending.spare.map(({ change }) => ({ field: change.field, value: change.value, version: change.base })),
  };
}

export function emergencyCopy(page) {
  if (!confirm(`${WARNING} Write it now?`)) return;
  const text = JSON.stringify(copyOf(page), null, 2);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = `case-${page.element.dataset.number}-copy.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
