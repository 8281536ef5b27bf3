// Choose the browser's own time zone where nobody has chosen yet.
(() => {
  "use strict";
  const select = document.querySelector("form:not([data-answered]) select[data-zone-hint]");
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (select && [...select.options].some((option) => option.value === zone)) select.value = zone;
})();
