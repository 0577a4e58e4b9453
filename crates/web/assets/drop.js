// A [data-drop] zone around a plain <input type="file">: takes files dropped on it, shows name and
// size of what was chosen, and warns before sending what the server would refuse as too large
// (data-max-bytes on the zone). The server checks everything again.

const UNITS = ["bytes", "KB", "MB", "GB"];

function sizeInWords(bytes) {
  let size = bytes;
  let unit = 0;
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  const figure = size.toLocaleString("en-US", { maximumFractionDigits: unit === 0 ? 0 : 1 });
  return `${figure} ${UNITS[unit]}`;
}

function wire(zone) {
  const input = zone.querySelector('input[type="file"]');
  const chosen = zone.querySelector("[data-drop-chosen]");
  if (!input || !chosen) return;
  const limit = Number(zone.dataset.maxBytes) || Infinity;

  function show() {
    const files = [...input.files];
    const tooLarge = files.find((file) => file.size > limit);
    chosen.classList.toggle("problem", Boolean(tooLarge));
    if (tooLarge) {
      chosen.textContent = `${tooLarge.name} is ${sizeInWords(tooLarge.size)}. The largest file accepted is ${sizeInWords(limit)}.`;
    } else {
      chosen.textContent = files.map((file) => `${file.name}, ${sizeInWords(file.size)}`).join("; ");
    }
    chosen.hidden = files.length === 0;
  }

  zone.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  zone.addEventListener("dragleave", (event) => {
    if (!zone.contains(event.relatedTarget)) zone.classList.remove("over");
  });
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    const dropped = event.dataTransfer.files;
    if (dropped.length === 0) return;
    const taken = new DataTransfer();
    for (const file of input.multiple ? dropped : [dropped[0]]) taken.items.add(file);
    input.files = taken.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  });
  input.addEventListener("change", show);
  show();
}

document.querySelectorAll("[data-drop]").forEach(wire);

// A file dropped beside the zone must not replace the page, and with it everything typed.
if (document.querySelector("[data-drop]")) {
  for (const type of ["dragover", "drop"]) {
    document.addEventListener(type, (event) => event.preventDefault());
  }
}
