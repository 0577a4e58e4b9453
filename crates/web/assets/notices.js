// Puts a notice away without loading the page again, so that nothing typed on it is lost. Without this script the same
// button sends a form.

for (const form of document.querySelectorAll("form[data-dismiss]")) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const answer = await fetch(form.action, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams(new FormData(form)),
    });
    if (!answer.ok) return form.submit();
    const notice = form.closest(".notice");
    const aside = notice.closest(".notices");
    notice.remove();
    if (!aside.querySelector(".notice")) aside.remove();
    document.querySelector("#main").focus({ preventScroll: true });
  });
}
