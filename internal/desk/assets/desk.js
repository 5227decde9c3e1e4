"use strict";

// The pressed button shows that work is under way, and cannot be pressed twice.
document.addEventListener("submit", function (event) {
  const button = event.submitter;
  if (!button || button.hasAttribute("data-stay") || event.target.method !== "post") return;
  if (event.target.dataset.sent) { event.preventDefault(); return; }
  event.target.dataset.sent = "yes";
  button.setAttribute("aria-busy", "true");
  if (button.dataset.busy) button.textContent = button.dataset.busy;
});

// Back from the cache: nothing is under way any more.
window.addEventListener("pageshow", function (event) {
  if (event.persisted) window.location.reload();
});

// A copied passage scrolls the other text to its counterpart, to the same height.
function light(block) {
  for (const a of document.querySelectorAll("a.copied")) a.classList.toggle("lit", a.dataset.block === block);
}

document.addEventListener("click", function (event) {
  const from = event.target.closest("a.copied");
  if (!from) return;
  const to = document.getElementById(from.hash.slice(1));
  if (!to) return;
  event.preventDefault();
  for (let d = to.closest("details"); d; d = d.parentElement.closest("details")) d.open = true;
  const pane = to.closest(".text");
  pane.scrollTop += to.getBoundingClientRect().top - from.getBoundingClientRect().top;
  light(from.dataset.block);
  history.replaceState(null, "", from.hash);
});
document.addEventListener("mouseover", function (event) {
  const a = event.target.closest("a.copied");
  if (a) light(a.dataset.block);
});
document.addEventListener("focusin", function (event) {
  const a = event.target.closest("a.copied");
  if (a) light(a.dataset.block);
});
