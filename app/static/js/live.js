// Numbers that move while a page is open. Without this file, loading the page again shows the same.
(() => {
  "use strict";
  const ask = async (address) => {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    return answer.ok ? answer.json() : null;
  };

  // Every so many seconds, not all at the same moment, and never for a page that nobody looks at.
  const repeat = (element, address, then) => {
    const every = Number(element.dataset.every || 10) * 1000;
    const round = async () => {
      let goesOn = true;
      if (!document.hidden) {
        try {
          const told = await ask(address);
          if (told) goesOn = then(told) !== false;
        } catch {
          // Out of reach: the next round asks again.
        }
      }
      if (goesOn) setTimeout(round, every * (0.8 + 0.4 * Math.random()));
    };
    setTimeout(round, every * (0.5 + 0.5 * Math.random()));
  };

  const language = document.documentElement.lang;
  const number = new Intl.NumberFormat(language);
  const share = new Intl.NumberFormat(language, { style: "percent" });

  document.querySelectorAll("[data-live]").forEach((list) => {
    repeat(list, list.dataset.live, (told) => {
      told.rows.forEach((row, index) => {
        const item = list.children[index];
        item.querySelector(".lane-part").setAttribute("width", `${row.percent}%`);
        item.querySelector(".bar-number b").textContent = share.format(row.percent / 100);
        item.querySelector(".bar-number span").textContent = number.format(row.count);
      });
      document.querySelectorAll("[data-live-answers]").forEach((place) => {
        place.textContent = number.format(told.answers);
      });
      if (!told.open) location.reload();
      return told.open;
    });
  });

  // A poll that was opened since the page was loaded is announced, with a link to load it again.
  document.querySelectorAll("[data-pulse]").forEach((place) => {
    repeat(place, place.dataset.pulse, (told) => {
      if (told.polls.join(",") === place.dataset.polls || !told.polls.length) return true;
      const notice = Object.assign(document.createElement("p"), { className: "notice gold" });
      const link = Object.assign(document.createElement("a"), { href: location.pathname });
      link.textContent = place.dataset.show;
      notice.setAttribute("role", "status");
      notice.append(`${place.dataset.news} `, link);
      place.replaceChildren(notice);
      return false;
    });
  });
})();
