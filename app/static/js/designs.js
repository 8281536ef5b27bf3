// The preview of a design follows what is chosen. Without this file the button shows it.
(() => {
  "use strict";
  const form = document.querySelector("form[data-preview]");
  const place = document.getElementById("preview");
  const failed = document.getElementById("preview-failed");
  if (!form || !place) return;
  let latest = 0;
  let waiting = 0;

  const renew = async () => {
    const turn = ++latest;
    place.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body: new FormData(form) });
      const fragment = await answer.text();
      if (turn !== latest) return;
      failed.hidden = answer.status === 200 || answer.status === 422;
      if (failed.hidden) place.innerHTML = fragment;
    } catch {
      if (turn === latest) failed.hidden = false;
    }
    if (turn === latest) place.removeAttribute("aria-busy");
  };
  const soon = (delay) => {
    clearTimeout(waiting);
    waiting = setTimeout(renew, delay);
  };
  // Controls beside the form belong to it too, so the document listens.
  document.addEventListener("input", (event) => {
    if (event.target.form === form) soon(event.target.type === "text" ? 900 : 350);
  });
  if (!place.querySelector("img")) soon(0);
})();
