// Keeps a [data-progress-url] element current: fetches an HTML fragment each second and puts it in
// the element until the fragment's root carries data-done. The root may also carry
//   data-say    one sentence for screen readers; spoken at most every ten seconds, and at the end
//   data-title  the page's title, so that progress can be read from another tab
// Without this script the page offers a link that loads it again.

const EVERY_MS = 1000;
const SLOWEST_MS = 15000;
const SPEAK_EVERY_MS = 10000;

function fragmentOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

function watch(place) {
  const voice = document.createElement("p");
  voice.className = "hidden-visually";
  voice.setAttribute("role", "status");
  place.after(voice);
  const trouble = document.createElement("p");
  trouble.className = "progress-note";
  trouble.textContent = "This page cannot reach the server. The work goes on there; trying again.";
  let wait = EVERY_MS;
  let spokenAt = 0;

  function show(fragment) {
    const root = fragment.firstElementChild;
    const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
    place.replaceChildren(fragment);
    if (focused) document.getElementById(focused)?.focus();
    if (!root) return false;
    const done = "done" in root.dataset;
    if (root.dataset.title) document.title = root.dataset.title;
    if (root.dataset.say && (done || Date.now() - spokenAt >= SPEAK_EVERY_MS)) {
      voice.textContent = root.dataset.say;
      spokenAt = Date.now();
    }
    return done;
  }

  async function step() {
    if (document.hidden) {
      document.addEventListener("visibilitychange", step, { once: true });
      return;
    }
    try {
      const answer = await fetch(place.dataset.progressUrl, {
        headers: { Accept: "text/html" },
        cache: "no-store",
        redirect: "error",
      });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      if (show(fragmentOf(await answer.text()))) return;
      wait = EVERY_MS;
    } catch {
      place.append(trouble);
      wait = Math.min(wait * 2, SLOWEST_MS);
    }
    setTimeout(step, wait);
  }

  if (!place.querySelector("[data-done]")) setTimeout(step, EVERY_MS);
}

document.querySelectorAll("[data-progress-url]").forEach(watch);
