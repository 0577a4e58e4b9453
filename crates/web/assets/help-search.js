// The help's search answers while one types: a [data-help-search] form asks for the results alone and puts them
// into [data-help-results]; how many there are is spoken by [data-help-said]. On the page of results
// ([data-help-address]) the address follows, so that it can be kept and shared. Without this script the form is sent.

const WAIT_MS = 120;

const form = document.querySelector("[data-help-search]");
const place = document.querySelector("[data-help-results]");
const voice = document.querySelector("[data-help-said]");
const input = form?.querySelector("input[type=search]");

function fragmentOf(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content;
}

let newest = 0;
let timer = 0;

async function ask() {
  const asked = ++newest;
  const q = input.value.trim();
  try {
    const answer = await fetch(`/help/search?bare=1&q=${encodeURIComponent(q)}`);
    // an answer that comes late belongs to words that are gone
    if (!answer.ok || asked !== newest) return;
    const fragment = fragmentOf(await answer.text());
    if (asked !== newest) return;
    const said = fragment.querySelector("[data-said]")?.dataset.said ?? "";
    place.replaceChildren(fragment);
    voice.textContent = said;
    if ("helpAddress" in place.dataset) {
      history.replaceState(null, "", q ? `/help/search?q=${encodeURIComponent(q)}` : "/help/search");
    }
  } catch {
    // no connection: the form can still be sent
  }
}

input?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, WAIT_MS);
});
