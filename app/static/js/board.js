// A draft may be dragged to another day of the board. Every item has a form that does the same.
(() => {
  "use strict";
  const form = document.getElementById("board-move");
  const items = [...document.querySelectorAll("[data-move]")];
  const days = [...document.querySelectorAll("td[data-day]")];
  if (!form || !days.length) return;
  const DAY = 86400000;
  const number = (text) => Date.parse(text + "T00:00:00Z") / DAY;
  const written = (count) => new Date(count * DAY).toISOString().slice(0, 10);
  let held = null;

  items.forEach((item) => {
    item.draggable = true;
    item.addEventListener("dragstart", (event) => {
      held = item;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", item.dataset.move);
      item.classList.add("held");
    });
    item.addEventListener("dragend", () => {
      item.classList.remove("held");
      days.forEach((day) => day.classList.remove("over"));
      held = null;
    });
  });
  days.forEach((day) => {
    const over = (is) => (event) => {
      if (!held) return;
      event.preventDefault();
      day.classList.toggle("over", is);
    };
    day.addEventListener("dragover", over(true));
    day.addEventListener("dragleave", over(false));
    day.addEventListener("drop", (event) => {
      if (!held) return;
      event.preventDefault();
      const by = number(day.dataset.day) - number(held.dataset.shown);
      if (!by) return;
      form.action = held.dataset.move;
      form.elements.on.value = written(number(held.dataset.on) + by);
      form.elements.start.value = held.dataset.start;
      form.submit();
    });
  });
})();
