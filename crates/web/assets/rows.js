// Nothing typed is lost: forms marked data-keep="NAME" (unique on the page) remember unsent edits in
// sessionStorage, show them again after a reload, and warn before the page is left. Sending a form
// forgets its edits. Passwords, files, hidden fields and anything under [data-keep-skip] are never
// kept. An edited form gets the class "edited" and shows its [data-kept-note] after a restore.

const keyOf = (form) => `kept:${location.pathname}:${form.dataset.keep}`;
const KEPT_NOT = new Set(["password", "file", "hidden", "submit", "button"]);

const controlsOf = (form) =>
  [...form.elements].filter((control) => control.name && !KEPT_NOT.has(control.type) && !control.closest("[data-keep-skip]"));

const isChoice = (control) => control.type === "checkbox" || control.type === "radio";

function isEdited(control) {
  if (isChoice(control)) return control.checked !== control.defaultChecked;
  if (control.options) {
    const options = [...control.options];
    // A select without a marked option shows its first one.
    const marked = options.some((option) => option.defaultSelected);
    return marked || control.multiple
      ? options.some((option) => option.selected !== option.defaultSelected)
      : control.selectedIndex > 0;
  }
  return control.value !== control.defaultValue;
}

// Several controls may share a name (radios, repeated fields), so an edit is kept by name and position.
function editsOf(form) {
  const edits = [];
  const controls = controlsOf(form);
  for (const [at, control] of controls.entries()) {
    if (!isEdited(control)) continue;
    edits.push({ at, name: control.name, value: isChoice(control) ? control.checked : control.value });
  }
  return edits;
}

function keep(form) {
  const edits = editsOf(form);
  form.classList.toggle("edited", edits.length > 0);
  try {
    if (edits.length > 0) sessionStorage.setItem(keyOf(form), JSON.stringify(edits));
    else sessionStorage.removeItem(keyOf(form));
  } catch {
    // Storage full or switched off: the warning before leaving still stands.
  }
}

function restore(form) {
  let edits = [];
  try {
    edits = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "[]");
  } catch {
    return;
  }
  const controls = controlsOf(form);
  let restored = false;
  for (const { at, name, value } of edits) {
    const control = controls[at];
    if (control?.name !== name) continue;
    if (isChoice(control)) control.checked = value;
    else control.value = value;
    restored = true;
  }
  if (!restored) return;
  form.classList.toggle("edited", editsOf(form).length > 0);
  const note = form.querySelector("[data-kept-note]");
  if (note) note.hidden = false;
}

const forms = [...document.querySelectorAll("form[data-keep]")];
let sending = false;

for (const form of forms) {
  restore(form);
  form.addEventListener("input", () => keep(form));
  form.addEventListener("reset", () => setTimeout(() => keep(form)));
}

document.addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  // Other edited forms on the page stay in storage and come back with it.
  sending = true;
  if (event.target.matches("form[data-keep]")) sessionStorage.removeItem(keyOf(event.target));
});

window.addEventListener("pageshow", () => {
  sending = false;
});

window.addEventListener("beforeunload", (event) => {
  if (!sending && forms.some((form) => editsOf(form).length > 0)) event.preventDefault();
});
