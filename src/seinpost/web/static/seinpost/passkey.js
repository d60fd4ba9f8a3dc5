// Seinpost: passkeys and security keys, on the login package's own functions; a form names in data-passkey what it does.
"use strict";

const note = document.getElementById("passkey-fout");

// What went wrong, in the words of the page: the browser's own are in another language and say more than they should.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const name = event.detail?.exception?.name ?? "";
  const words = document.querySelector("[data-passkey]").dataset;
  note.querySelector("p").textContent = name === "NotAllowedError" || name === "AbortError" ? words.stopped : name === "InvalidStateError" ? words.known : words.failed;
  note.hidden = false;
});

for (const form of document.querySelectorAll("form[data-passkey]")) {
  const ids = { credential: form.querySelector("[name=credential]").id, data: "js_data", passwordless: "passwordless" };
  const button = document.getElementById(form.dataset.button).id;
  const forms = window.allauth.webauthn.forms;
  if (form.dataset.passkey === "add") forms.addForm({ ids: { ...ids, add: button } });
  if (form.dataset.passkey === "login") forms.loginForm({ ids: { ...ids, login: button } });
  if (form.dataset.passkey === "prove") forms.authenticateForm({ ids: { ...ids, authenticate: button } });
}
