// <button data-copy="#token" hidden>: shown only where the clipboard can be used; copies the text of
// the element named, says so on the button and to screen readers, and returns to its own words.

const COPIED_FOR_MS = 3000;

function wire(button) {
  const source = document.querySelector(button.dataset.copy);
  if (!source || !navigator.clipboard) return;
  const label = button.querySelector("[data-copy-label]") ?? button;
  const words = label.textContent;
  const announcement = document.createElement("span");
  announcement.className = "hidden-visually";
  announcement.setAttribute("role", "status");
  button.after(announcement);
  button.hidden = false;
  let reset = 0;

  button.addEventListener("click", async () => {
    let outcome = "Copied";
    try {
      await navigator.clipboard.writeText((source.value ?? source.textContent).trim());
    } catch {
      outcome = "Select it and copy";
      getSelection()?.selectAllChildren(source);
    }
    label.textContent = outcome;
    announcement.textContent = outcome;
    clearTimeout(reset);
    reset = setTimeout(() => {
      label.textContent = words;
      announcement.textContent = "";
    }, COPIED_FOR_MS);
  });
}

document.querySelectorAll("[data-copy]").forEach(wire);

// <button data-print hidden>: the browser's own print dialog.
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
