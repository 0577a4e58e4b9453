// Saves the activity's form while somebody types (data-keep-url) and shows what is still missing
// (data-checklist). The answer is a fragment whose root says the rest: data-saved, data-version,
// data-sketch, and data-place with data-keep once there is an activity. Without this script the
// form's own buttons do the same.
//
// It also takes away what the chosen format has no use for, and adds a line where the last is used.

const WAIT_MS = 1200;

const form = document.querySelector("form[data-keep-url]");
const place = document.querySelector("[data-checklist]");
let timer = 0;
let changes = 0;
let running = null;
let isSent = false;

// For a screen reader, and only where it is something else than before.
function say(words) {
  const spoken = form.querySelector("[data-said]");
  if (spoken.textContent !== words) spoken.textContent = words;
}

// Beside the buttons stands how much is missing, for those who do not see the list.
function count() {
  const missing = place.querySelectorAll(".checklist-items li").length;
  const said = place.querySelector(".checklist-said")?.textContent ?? "";
  const counter = form.querySelector("[data-missing]");
  if (counter) counter.textContent = missing > 0 ? `${missing} missing` : said || "Nothing is missing";
  say(`${said} ${missing} missing.`.trim());
}

// Ways of taking part that the format does not have go, unless they are ticked.
function fitToFormat() {
  const format = form.elements.format.value;
  let left = 0;
  for (const choice of form.querySelectorAll("[data-formats]")) {
    const fits = !format || choice.dataset.formats.split(" ").includes(format);
    choice.hidden = !fits && !choice.querySelector("input").checked;
    if (!choice.hidden) left += 1;
  }
  form.querySelector("[data-no-delivery]").hidden = left > 0;
}

const NUMBER = /\d+$/;

// A used last line gets an empty one after it.
function addLine(lines) {
  const last = lines.lastElementChild;
  const used = [...last.querySelectorAll("input, select")].some((control) => control.value);
  if (!used) return;
  const next = last.cloneNode(true);
  for (const control of next.querySelectorAll("input, select")) {
    control.name = control.id = control.name.replace(NUMBER, (number) => Number(number) + 1);
    control.removeAttribute("value");
    control.value = "";
  }
  for (const label of next.querySelectorAll("label")) {
    label.htmlFor = label.htmlFor.replace(NUMBER, (number) => Number(number) + 1);
    label.firstChild.data = label.firstChild.data.replace(/\d+/, (number) => Number(number) + 1);
  }
  last.after(next);
}

// What the list leads to may be folded away.
function unfold(id) {
  let part = document.getElementById(id)?.closest("details");
  for (; part; part = part.parentElement.closest("details")) part.open = true;
}

function fragmentOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

// What the server has is no longer an edit of this page.
function settle() {
  for (const control of form.elements) {
    if (control.options) for (const option of control.options) option.defaultSelected = option.selected;
    else if (control.type === "checkbox" || control.type === "radio") control.defaultChecked = control.checked;
    else if ("defaultValue" in control) control.defaultValue = control.value;
  }
  form.dispatchEvent(new Event("input"));
}

// The page's address leads back to what is kept, also after a reload.
function move(address) {
  if (location.pathname + location.search === address) return;
  // what rows.js remembers goes by the address; nothing of it may turn up in the next new activity
  sessionStorage.removeItem(`kept:${location.pathname}:${form.dataset.keep}`);
  history.replaceState(null, "", address);
}

function take(root, sentAt) {
  form.elements.sketch.value = root.dataset.sketch;
  if ("saved" in root.dataset) form.elements.version.value = root.dataset.version;
  if (root.dataset.place && form.dataset.keepUrl !== root.dataset.keep) {
    form.dataset.keepUrl = root.dataset.keep;
    form.action = root.dataset.place;
    move(root.dataset.place);
  } else if (root.dataset.sketch) {
    move(`/provider/activities/new?sketch=${root.dataset.sketch}`);
  }
  if ("saved" in root.dataset && changes === sentAt) settle();
}

async function send() {
  const sentAt = changes;
  try {
    const answer = await fetch(form.dataset.keepUrl, {
      method: "POST",
      headers: { Accept: "text/html" },
      body: new URLSearchParams(new FormData(form)),
      redirect: "error",
    });
    if (!answer.ok) throw new Error(`status ${answer.status}`);
    const fragment = fragmentOf(await answer.text());
    const root = fragment.firstElementChild;
    take(root, sentAt);
    place.replaceChildren(fragment);
    count();
  } catch {
    const words = "Not kept: the server cannot be reached. Press Save to try again.";
    const said = place.querySelector(".checklist-said") ?? place.querySelector(".checklist-status");
    if (said) said.textContent = words;
    say(words);
  }
}

// One at a time: a beginning that is sent twice at once would become two.
async function save() {
  while (running) await running;
  running = send();
  await running;
  running = null;
}

if (form && place) {
  fitToFormat();
  unfold(location.hash.slice(1));
  form.elements.format.addEventListener("change", fitToFormat);
  form.addEventListener("input", ({ target }) => {
    const lines = target.closest("[data-lines]");
    if (lines) addLine(lines);
  });
  place.addEventListener("click", ({ target }) => {
    const address = target.closest("a")?.getAttribute("href") ?? "";
    if (address.startsWith("#")) unfold(address.slice(1));
  });
  // a new one begins with its title; on a touch screen that would bring up the keyboard
  if (form.action.endsWith("/new") && !location.search && !location.hash && matchMedia("(pointer: fine)").matches) {
    form.elements.title.focus();
  }
  form.addEventListener("change", () => {
    changes += 1;
    clearTimeout(timer);
    timer = setTimeout(save, WAIT_MS);
  });
  // the button must not overtake what is under way, nor a second press the first
  form.addEventListener("submit", async (event) => {
    const { submitter } = event;
    clearTimeout(timer);
    if (!running && !isSent) {
      isSent = true;
      return;
    }
    event.preventDefault();
    if (isSent) return;
    while (running) await running;
    form.requestSubmit(submitter);
  });
  window.addEventListener("pageshow", () => {
    isSent = false;
  });
}
