// Nothing typed is lost: forms marked data-keep="NAME" (unique on the page) remember unsent edits in
// sessionStorage, show them again after a reload, and warn before the page is left. Sending a form
// forgets its edits, for then the server has them. Passwords, files, hidden fields and anything under
// [data-keep-skip] are never kept. The class "edited" marks the form and each [data-keep-part] in it
// with an unsent edit; [data-kept-note] is shown after a restore.

const keyOf = (form) => `kept:${location.pathname}:${form.dataset.keep}`;
const KEPT_NOT = new Set(["password", "file", "hidden", "submit", "button"]);

const controlsOf = (form) =>
  [...form.elements].filter(
    (control) => control.name && !KEPT_NOT.has(control.type) && !control.closest("[data-keep-skip]"),
  );

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

// Several controls may share a name (radios, repeated fields): a place is the name and which one of it.
function placesOf(form) {
  const seen = new Map();
  return controlsOf(form).map((control) => {
    const nth = seen.get(control.name) ?? 0;
    seen.set(control.name, nth + 1);
    return [`${nth} ${control.name}`, control];
  });
}

const hasEdits = (form) => controlsOf(form).some(isEdited);

function mark(form) {
  form.classList.toggle("edited", hasEdits(form));
  for (const part of form.querySelectorAll("[data-keep-part]")) {
    part.classList.toggle(
      "edited",
      controlsOf(form).some((control) => part.contains(control) && isEdited(control)),
    );
  }
}

function keep(form) {
  mark(form);
  const edits = {};
  for (const [place, control] of placesOf(form)) {
    if (isEdited(control)) edits[place] = isChoice(control) ? control.checked : control.value;
  }
  try {
    if (Object.keys(edits).length > 0) sessionStorage.setItem(keyOf(form), JSON.stringify(edits));
    else sessionStorage.removeItem(keyOf(form));
  } catch {
    // Storage full or switched off: the warning before leaving still stands.
  }
}

function restore(form) {
  let edits = {};
  try {
    edits = JSON.parse(sessionStorage.getItem(keyOf(form)) ?? "{}");
  } catch {
    return;
  }
  let restored = false;
  for (const [place, control] of placesOf(form)) {
    if (!Object.hasOwn(edits, place)) continue;
    if (isChoice(control)) control.checked = edits[place];
    else control.value = edits[place];
    restored = true;
  }
  if (!restored) return;
  mark(form);
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
  if (!sending && forms.some(hasEdits)) event.preventDefault();
});
