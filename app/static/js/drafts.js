// What is typed into a long form stays in this tab until it has been sent and accepted.
(() => {
  "use strict";
  const prefix = "draft:";
  const store = sessionStorage;
  const forms = [...document.querySelectorAll("form[data-keep]")];
  const key = (form) => prefix + location.pathname + ":" + form.dataset.keep;
  const read = (name) => JSON.parse(store.getItem(name) || "null");
  const write = (name, draft) => {
    try {
      store.setItem(name, JSON.stringify(draft));
    } catch {
      // A full or forbidden store costs the draft, never the form.
    }
  };
  const skipped = ["hidden", "password", "file", "submit", "button"];
  const controls = (form) => [...form.elements].filter((c) => c.name && !skipped.includes(c.type));
  const chosen = (form) =>
    controls(form).flatMap((c) => {
      if (c.type === "checkbox" || c.type === "radio") return c.checked ? [[c.name, c.value]] : [];
      if (c.type === "select-multiple") return [...c.selectedOptions].map((o) => [c.name, o.value]);
      return [[c.name, c.value]];
    });
  const fill = (form, values) => {
    const has = (name, value) => values.some(([n, v]) => n === name && v === value);
    controls(form).forEach((c) => {
      if (c.type === "checkbox" || c.type === "radio") c.checked = has(c.name, c.value);
      else if (c.type === "select-multiple") [...c.options].forEach((o) => (o.selected = has(c.name, o.value)));
      else c.value = (values.find(([n]) => n === c.name) || [c.name, c.value])[1];
    });
  };
  const refused = document.documentElement.hasAttribute("data-refused");
  const names = () => Object.keys(store).filter((name) => name.startsWith(prefix));

  // A draft that was sent has arrived, unless this page is the refusal of it.
  names().forEach((name) => {
    const draft = read(name);
    if (!draft?.sent) return;
    const answered = forms.some((form) => key(form) === name && form.hasAttribute("data-answered"));
    const back = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
    if (refused || answered || back) write(name, { ...draft, sent: false });
    else store.removeItem(name);
  });

  const offer = (form, blank) => {
    const note = Object.assign(document.createElement("div"), { className: "notice gold" });
    note.setAttribute("role", "status");
    const again = Object.assign(document.createElement("button"), { type: "button", className: "button plain small" });
    again.textContent = form.dataset.discard;
    again.addEventListener("click", () => {
      fill(form, blank);
      store.removeItem(key(form));
      note.remove();
      controls(form)[0]?.focus();
    });
    note.append(form.dataset.restored + " ", again);
    form.before(note);
  };

  forms.forEach((form) => {
    const blank = chosen(form);
    const draft = read(key(form));
    if (draft && !form.hasAttribute("data-answered") && JSON.stringify(draft.values) !== JSON.stringify(blank)) {
      fill(form, draft.values);
      offer(form, blank);
    }
    form.addEventListener("input", () => write(key(form), { values: chosen(form), sent: false }));
    form.addEventListener("submit", () => write(key(form), { values: chosen(form), sent: true }));
  });

  // A form that cannot be kept asks before it is left half filled.
  document.querySelectorAll("form[data-guard]").forEach((form) => {
    let touched = form.hasAttribute("data-answered"); // shown again with what was typed: not saved
    form.addEventListener("input", () => (touched = true));
    form.addEventListener("submit", (event) => {
      if (event.submitter?.formTarget !== "_blank") touched = false; // a preview saves nothing
    });
    addEventListener("beforeunload", (event) => touched && event.preventDefault());
  });

  // Whoever signs out leaves no drafts behind on a shared computer.
  document.querySelectorAll("form[data-forget]").forEach((form) =>
    form.addEventListener("submit", () => names().forEach((name) => store.removeItem(name))),
  );
})();
