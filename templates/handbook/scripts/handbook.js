/* Functions that the scripts of the pages share: starting, storing, and answering. */
window.handover = (() => {
  "use strict";

  /* Two handbooks on one host keep their values apart. */
  const scope = `handover:${new URL("..", document.currentScript.src).pathname}:`;

  /** Calls `run` once with each matching element, on this page and on every page that opens without a reload. */
  function start(selector, run) {
    const all = () =>
      document.querySelectorAll(`${selector}:not([data-started])`).forEach((element) => {
        element.dataset.started = "";
        run(element);
      });
    if (window.document$) window.document$.subscribe(all);
    else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", all);
    else all();
  }

  /** The object in `store` (localStorage or sessionStorage) by this name; empty if there is none. */
  function recall(store, name) {
    try {
      const stored = JSON.parse(window[store].getItem(scope + name));
      return stored && typeof stored === "object" && !Array.isArray(stored) ? stored : {};
    } catch {
      return {};
    }
  }

  /** Stores `value`; the page also works if the browser refuses. */
  function remember(store, name, value) {
    try {
      window[store].setItem(scope + name, JSON.stringify(value));
    } catch {
      /* Private mode, or no space. */
    }
  }

  /** Calls `run` when another tab has stored something by this name in localStorage. */
  function whenStored(name, run) {
    addEventListener("storage", ({ key }) => [null, scope + name].includes(key) && run());
  }

  /** Calls `run` when the browser brings this page back as it was: at once, and after WebKit has emptied its fields. */
  function whenBack(run) {
    addEventListener("pageshow", ({ persisted }) => persisted && [0, 200].forEach((wait) => setTimeout(run, wait)));
  }

  const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  const escape = (text) => text.replace(/[&<>"]/g, (character) => ESCAPES[character]);
  const inHtml = (text) => escape(text).replace(/\n/g, "<br>");

  /** Shows a sentence in a live region; screen readers announce it even if it is the same as before. */
  function say(region, sentence, isWrong = false) {
    region.textContent = "";
    region.classList.toggle("wrong", isWrong);
    requestAnimationFrame(() => {
      region.textContent = sentence;
    });
  }

  return { start, recall, remember, whenStored, whenBack, say, escape, inHtml };
})();

/* The theme's search lacks a label. */
window.handover.start("[data-md-component=search]", (search) => search.setAttribute("aria-label", "Search"));

/* Opens the search; without a script there is none. */
window.handover.start("[data-search]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    const toggle = document.querySelector("[data-md-toggle=search]");
    if (!toggle.checked) toggle.click();
    document.querySelector("[data-md-component=search-query]").focus();
  });
});
