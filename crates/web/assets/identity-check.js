// A form[data-check-url] asks the server, while someone types, whether the learner can be found. It
// posts the form's fields (or only those named in data-check-fields, separated by spaces) and puts
// the HTML that comes back into [data-check-result], which the page marks aria-live="polite".
// The form is checked again when it is sent; without this script nothing is lost but the early word.

const PAUSE_MS = 450;

function bodyOf(form) {
  const wanted = form.dataset.checkFields?.split(/\s+/).filter(Boolean);
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && (!wanted || wanted.includes(name))) body.append(name, value.trim());
  }
  return body;
}

function wire(form) {
  const result = form.querySelector("[data-check-result]");
  if (!result) return;
  let timer = 0;
  let running = null;
  let asked = bodyOf(form).toString();

  async function ask() {
    const body = bodyOf(form);
    if (body.toString() === asked) return;
    asked = body.toString();
    running?.abort();
    const mine = new AbortController();
    running = mine;
    result.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.checkUrl, {
        method: "POST",
        body,
        headers: { Accept: "text/html" },
        redirect: "error",
        signal: mine.signal,
      });
      const html = await answer.text();
      if (mine.signal.aborted) return;
      // An answer that says nothing new is left alone, so it is not read aloud again.
      if (answer.ok && html !== result.dataset.last) {
        result.innerHTML = html;
        result.dataset.last = html;
      }
      if (!answer.ok) throw new Error(`status ${answer.status}`);
    } catch {
      if (mine.signal.aborted) return;
      // An old answer must not stand beside new fields.
      result.replaceChildren();
      delete result.dataset.last;
      asked = "";
    }
    result.removeAttribute("aria-busy");
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(ask, PAUSE_MS);
  });
  form.addEventListener("submit", () => clearTimeout(timer));
}

document.querySelectorAll("form[data-check-url]").forEach(wire);
