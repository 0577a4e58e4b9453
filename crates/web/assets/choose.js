// One tick for all rows of a page (data-choose-all), and how many are ticked on the button that acts
// on them (data-chosen). Without it each row is ticked by itself.

const all = document.querySelector("[data-choose-all]");
const boxes = all ? [...all.form.querySelectorAll('tbody input[type="checkbox"]')] : [];
const said = document.querySelector("[data-chosen]");

function show() {
  const chosen = boxes.filter((box) => box.checked).length;
  all.checked = chosen > 0 && chosen === boxes.length;
  all.indeterminate = chosen > 0 && chosen < boxes.length;
  if (said) said.textContent = chosen > 0 ? ` (${chosen})` : "";
}

if (boxes.length > 0) {
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  for (const box of boxes) box.addEventListener("change", show);
  // the browser may have ticked them again after a step back
  window.addEventListener("pageshow", show);
}
