// Seinpost: keys for what the page can do already without them. Nothing here is needed to work.
"use strict";

const typing = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;

// A control names its key in data-key; the key presses or focuses it, unless somebody types or holds a modifier.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "Escape") {
    for (const menu of document.querySelectorAll("details[data-closes][open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    return;
  }
  if (typing(event.target)) return;
  const control = document.querySelector(`[data-key="${CSS.escape(event.key)}"]:not([disabled])`);
  if (control === null) return;
  event.preventDefault();
  if (control.matches("input[type=radio], input[type=checkbox]")) {
    control.focus();
    control.click();
  } else if (control.matches("input, textarea, select, summary")) control.focus();
  else control.click();
});

// j and k walk along the rows of a list that asks for it.
document.addEventListener("keydown", (event) => {
  if (!["j", "k"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const links = [...document.querySelectorAll("[data-walk] [data-walk-to]")];
  if (links.length === 0) return;
  event.preventDefault();
  const here = links.findIndex((link) => link.closest("tr, li").contains(document.activeElement));
  const step = event.key === "j" ? 1 : -1;
  const next = links[here === -1 ? (step === 1 ? 0 : links.length - 1) : Math.min(Math.max(here + step, 0), links.length - 1)];
  next.focus();
});

// Pointing at a reason shows its words in the text.
document.addEventListener("focusin", (event) => show(event.target, true));
document.addEventListener("focusout", (event) => show(event.target, false));
document.addEventListener("mouseover", (event) => show(event.target, true));
document.addEventListener("mouseout", (event) => show(event.target, false));
function show(element, on) {
  const reason = element.closest?.("[data-shows]");
  if (!reason) return;
  for (const id of reason.dataset.shows.split(" ")) {
    const hit = document.getElementById(id);
    if (hit) hit.toggleAttribute("data-shown", on);
  }
}

// What must be mended is where one begins on a page that says so.
document.getElementById("fouten")?.focus();

// A menu closes when one looks elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details[data-closes][open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// Small moves in place: a part of the page that the same address gives without script. What does not have that part (a
// session that is locked, a refusal, a fault) is opened as a page, so that it shows as it is.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig, serverResponse, pathInfo } = event.detail;
  const part = requestConfig.elt.getAttribute("hx-select");
  if (xhr.status === 200 && new DOMParser().parseFromString(serverResponse, "text/html").querySelector(part)) return;
  event.detail.shouldSwap = false;
  if (requestConfig.verb === "get") location.assign(pathInfo.finalRequestPath);
  else location.reload();
});
document.addEventListener("htmx:sendError", (event) => {
  if (event.detail.requestConfig.verb === "get") location.assign(event.detail.pathInfo.finalRequestPath);
});

// The text of a line opens under it; the same link closes it again.
const peeks = () => {
  for (const link of document.querySelectorAll("[data-peek]:not([aria-expanded])")) link.setAttribute("aria-expanded", "false");
};
peeks();
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, target } = event.detail;
  if (!elt.matches("[data-peek]") || !target.hasChildNodes()) return;
  event.preventDefault();
  target.replaceChildren();
  elt.setAttribute("aria-expanded", "false");
});
document.addEventListener("htmx:afterSwap", (event) => {
  peeks();
  const { elt } = event.detail.requestConfig;
  if (elt.matches("[data-peek]")) {
    for (const one of event.detail.target.querySelectorAll("[id]")) one.removeAttribute("id"); // another line has the same
    elt.setAttribute("aria-expanded", "true");
  } else if (!elt.isConnected) document.querySelector(`${elt.getAttribute("hx-select")} [tabindex="-1"]`)?.focus();
});
