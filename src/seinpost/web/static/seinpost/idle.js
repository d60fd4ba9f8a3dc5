// Seinpost: a quiet notice a minute before the idle lock. Without it the lock works all the same.
"use strict";

const idle = document.getElementById("vergrendeling");
const KEY = "seinpost-seen"; // shared by the tabs of one browser: who works in another one is here
const WARN = 60_000;

function seen(moment) {
  try {
    if (moment) localStorage.setItem(KEY, String(moment));
    return Number(localStorage.getItem(KEY)) || page;
  } catch {
    return (page = moment ?? page); // a browser that keeps nothing: this tab alone
  }
}
let page = Date.now();

function look() {
  const left = Number(idle.dataset.seconds) * 1000 - (Date.now() - seen());
  const state = left > WARN ? "" : left > 0 ? "soon" : "locked";
  if (state === (idle.dataset.state ?? "")) return;
  idle.dataset.state = state;
  idle.hidden = state === "";
  idle.querySelector("[data-soon]").hidden = state !== "soon";
  idle.querySelector("[data-locked]").hidden = state !== "locked";
}

if (idle !== null) {
  seen(page);
  idle.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    const form = event.target;
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" }).catch(() => null);
    if (answer?.status === 204) seen(Date.now());
    look();
  });
  setInterval(look, 1000);
}
