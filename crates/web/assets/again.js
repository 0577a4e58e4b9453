// Loads the page again while work of some seconds is under way, unless somebody is at one of its controls. Without
// this script the page asks the browser for the same.

const EVERY_MS = 3000;

setInterval(() => {
  if (document.activeElement === null || document.activeElement === document.body) location.reload();
}, EVERY_MS);
