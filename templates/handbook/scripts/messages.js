/* Filters a list: of messages, or of things to do. Without a script the list is whole; with one, the address keeps the choice. */
(() => {
  "use strict";

  window.handover.start("[data-message-filters]", (form) => {
    const filters = [...form.querySelectorAll("select")];
    const items = [...document.querySelectorAll(".message-list > li")];
    const groups = [...document.querySelectorAll(".message-group")];
    const noun = form.dataset.messageFilters || "messages";
    /* A message of several scenarios is in the list more than once. */
    const count = (some) => new Set(some.map((item) => (noun === "messages" ? item.querySelector("a").href : item))).size;

    function show() {
      items.forEach((item) => {
        item.hidden = filters.some(({ name, value }) => value && item.dataset[name] !== value);
      });
      groups.forEach((group) => {
        group.hidden = !group.querySelector("li:not([hidden])");
      });
      const shown = count(items.filter((item) => !item.hidden));
      form.querySelector("[type=reset]").disabled = filters.every(({ value }) => !value);
      form.querySelector("[role=status]").textContent = `${shown} of ${count(items)} ${noun}`;
    }

    function keep() {
      const chosen = filters.filter(({ value }) => value).map(({ name, value }) => [name, value]);
      const query = new URLSearchParams(chosen).toString();
      history.replaceState(history.state, "", location.pathname + (query ? `?${query}` : "") + location.hash);
    }

    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("change", () => {
      show();
      keep();
    });
    form.addEventListener("reset", () => {
      filters.forEach((filter) => (filter.value = ""));
      show();
      keep();
    });
    /* What is no longer to do is gone by now, and with it, owners that have nothing else. */
    filters.forEach((filter) =>
      [...filter.options].forEach((option) => {
        if (option.value && !items.some((item) => item.dataset[filter.name] === option.value)) option.remove();
      }),
    );
    const given = new URLSearchParams(location.search);
    filters.forEach((filter) => {
      const value = given.get(filter.name) ?? "";
      if ([...filter.options].some((option) => option.value === value)) filter.value = value;
    });
    form.hidden = false;
    show();
  });
})();
