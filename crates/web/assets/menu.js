// Closes an open <details data-menu> on Escape or on a press elsewhere. Opening it needs no script.

const openMenus = () => document.querySelectorAll("details[data-menu][open]");

document.addEventListener("click", (event) => {
  for (const menu of openMenus()) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of openMenus()) {
    const focusWasInside = menu.contains(document.activeElement);
    menu.open = false;
    if (focusWasInside) menu.querySelector("summary").focus();
  }
});

// A row of links that scrolls sideways on a phone starts with the current page in view.
for (const list of document.querySelectorAll(".primary-nav ul, .side-nav ul")) {
  const current = list.querySelector("[aria-current]");
  if (current && list.scrollWidth > list.clientWidth) {
    list.scrollLeft = current.offsetLeft - list.offsetLeft - 24;
  }
}
