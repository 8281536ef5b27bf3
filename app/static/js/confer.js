// Small comforts on top of pages that work without them. No page depends on this file.
(() => {
  "use strict";
  const root = document.documentElement;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  root.classList.add("js");

  const say = (text) => {
    let place = document.getElementById("said");
    if (!place) {
      place = Object.assign(document.createElement("p"), { id: "said", className: "hidden" });
      place.setAttribute("role", "status");
      document.body.append(place);
    }
    place.textContent = text;
  };

  // A second press of the same button sends nothing a second time.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || !form.matches("[data-once]")) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
    const button = event.submitter;
    if (button) button.setAttribute("aria-disabled", "true");
    setTimeout(() => release(form), 10000);
  });
  const release = (form) => {
    delete form.dataset.sent;
    all("[aria-disabled]", form).forEach((button) => button.removeAttribute("aria-disabled"));
  };
  addEventListener("pageshow", (event) => event.persisted && all("form[data-sent]").forEach(release));

  // On a phone the desk's links run on sideways: the one that is open comes into sight.
  all(".subnav [aria-current]").forEach((link) => {
    const row = link.parentElement;
    const start = (one) => one.getBoundingClientRect()[root.dir === "rtl" ? "right" : "left"];
    row.scrollLeft = start(link) - start(row.firstElementChild); // which stands where the page begins
  });

  // Where times stand in another zone than the reader's device is in, the link offers its own.
  const device = Intl.DateTimeFormat().resolvedOptions().timeZone;
  all("a[data-zone]").forEach((link) => {
    if (!device || device === link.dataset.zone) return;
    link.href += `&zone=${encodeURIComponent(device)}`;
    link.textContent = link.dataset.change.replace("*", device.replaceAll("_", " "));
  });

  // Show what is typed into a password field.
  all("[data-reveal]").forEach((button) => {
    const input = document.getElementById(button.dataset.reveal);
    const show = button.textContent;
    button.hidden = false;
    button.addEventListener("click", () => {
      const visible = input.type === "password";
      input.type = visible ? "text" : "password";
      button.textContent = visible ? button.dataset.hide : show;
      button.setAttribute("aria-pressed", String(visible));
    });
    input.form?.addEventListener("submit", () => (input.type = "password"));
  });

  // Copy a serial or an address.
  if (navigator.clipboard) {
    all("[data-copy]").forEach((button) => {
      const label = button.innerHTML;
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.textContent = button.dataset.copied;
        say(button.dataset.copied);
        setTimeout(() => (button.innerHTML = label), 2000);
      });
    });
  }

  // A file may be dropped where it may be chosen.
  all("[data-drop]").forEach((zone) => {
    const input = zone.querySelector("input[type=file]");
    zone.querySelector(".drop-text").hidden = false;
    const over = (is) => (event) => {
      event.preventDefault();
      zone.classList.toggle("over", is);
    };
    zone.addEventListener("dragover", over(true));
    zone.addEventListener("dragleave", over(false));
    zone.addEventListener("drop", (event) => {
      over(false)(event);
      if (!event.dataTransfer.files.length) return;
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
    input.addEventListener("change", () => {
      if (input.files.length) say(`${zone.dataset.chosen}: ${input.files[0].name}`);
    });
  });

  // Filters renew their list in place: focus stays where it is, the address follows.
  all("form[data-renew]").forEach((form) => {
    let latest = 0;
    const renew = async () => {
      const turn = ++latest;
      const asked = new URLSearchParams([...new FormData(form)].filter(([, value]) => value));
      const address = new URL(form.getAttribute("action") || location.pathname, location.href);
      address.search = asked;
      const list = document.querySelector(form.dataset.renew);
      list.setAttribute("aria-busy", "true");
      try {
        const answer = await fetch(address, { headers: { Accept: "text/html" } });
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.querySelector(form.dataset.renew);
        if (turn !== latest) return;
        if (!answer.ok || !fresh) return location.assign(address);
        list.replaceWith(fresh);
        history.replaceState(null, "", address);
        if (fresh.dataset.said) say(fresh.dataset.said);
      } catch {
        location.assign(address);
      }
    };
    form.addEventListener("change", renew);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      renew();
    });
  });

  // After a refusal the reader starts at the summary.
  document.querySelector("[data-focus]")?.focus();
})();
