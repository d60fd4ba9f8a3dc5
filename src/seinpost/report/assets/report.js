"use strict";
(() => {
  const one = (selector) => document.querySelector(selector);
  const all = (selector) => [...document.querySelectorAll(selector)];
  document.documentElement.classList.add("js");
  const cards = all(".card");
  const texts = new Map();
  const tools = one("form.tools"), search = one("#search"), form = one("#form"), indicator = one("#indicator");
  const status = one("#status"), help = one("#help");
  const english = () => one("#lang-en").checked;
  const fold = (text) => text.toLowerCase().normalize("NFKD").replace(/\p{M}/gu, "");
  const textOf = (card) => {
    if (!texts.has(card)) {
      const copy = card.cloneNode(true);
      copy.querySelectorAll("sup, table").forEach((part) => part.remove());
      texts.set(card, fold(copy.textContent));
    }
    return texts.get(card);
  };
  const holds = (list, code) => !code || list.split(" ").includes(code);
  const tell = (shown) => {
    status.textContent = english() ? `${shown} of ${cards.length} signals shown` : `${shown} van ${cards.length} signalen getoond`;
  };
  const filter = () => {
    const words = fold(search.value).split(/\s+/).filter(Boolean);
    const layers = all("input[name=layer]:checked").map((box) => box.value);
    let shown = 0;
    for (const card of cards) {
      const data = card.dataset;
      const keep = layers.includes(data.layer) && holds(data.forms, form.value) && holds(data.indicators, indicator.value)
        && words.every((word) => textOf(card).includes(word));
      card.hidden = !keep;
      shown += keep;
    }
    tell(shown);
  };
  const language = () => {
    document.documentElement.lang = english() ? "en" : "nl";
    all("option[data-en]").forEach((option) => { option.textContent = english() ? option.dataset.en : option.dataset.nl; });
    filter();
  };
  const move = (step) => {
    const shown = cards.filter((card) => !card.hidden);
    const here = shown.findIndex((card) => card.contains(document.activeElement));
    const next = shown[Math.min(Math.max(here + step, 0), shown.length - 1)];
    if (next) { next.focus(); next.scrollIntoView({ block: "start" }); }
  };
  const toggle = () => {
    const card = document.activeElement.closest(".card");
    if (card) { const more = card.querySelector("details"); if (more) more.open = !more.open; }
  };
  const keys = {
    j: () => move(1), k: () => move(-1), o: toggle,
    "/": () => search.focus(), "?": () => help.showModal(),
    l: () => { one(english() ? "#lang-nl" : "#lang-en").checked = true; language(); },
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && event.target === search) { search.value = ""; filter(); search.blur(); return; }
    const typing = event.target.closest("input[type=search], select, textarea, dialog");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !one("#keys").checked) return;
    if (keys[event.key]) { event.preventDefault(); keys[event.key](); }
  });
  tools.addEventListener("submit", (event) => event.preventDefault());
  tools.addEventListener("input", filter);
  tools.addEventListener("reset", () => setTimeout(filter));
  all("input[name=lang]").forEach((radio) => radio.addEventListener("change", language));
  one("#open-help").addEventListener("click", () => help.showModal());
  const opened = [];
  window.addEventListener("beforeprint", () => all(".card:not([hidden]) details:not([open])").forEach((more) => { more.open = true; opened.push(more); }));
  window.addEventListener("afterprint", () => { opened.splice(0).forEach((more) => { more.open = false; }); });
  language();
})();
