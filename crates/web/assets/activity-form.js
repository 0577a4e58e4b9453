// Saves the activity's form while somebody types (data-keep-url) and shows what is still missing
// (data-checklist). The answer is a fragment whose root says the rest: data-saved, data-version,
// data-sketch, and data-place with data-keep once there is an activity. Without this script the
// form's own buttons do the same.

const WAIT_MS = 1200;

const form = document.querySelector("form[data-keep-url]");
const place = document.querySelector("[data-checklist]");
let timer = 0;
let changes = 0;
let running = null;
let isSent = false;

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
  } catch {
    const said = place.querySelector(".checklist-said") ?? place.querySelector(".checklist-status");
    if (said) said.textContent = "Not kept: the server cannot be reached. Press Save to try again.";
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
