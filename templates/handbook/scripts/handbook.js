/* Functions that the scripts of the pages share: starting, storing, and answering. */
window.handover = (() => {
  "use strict";

  /* Two handbooks on one host keep their values apart. */
  const scope = `handover:${new URL("..", document.currentScript.src).pathname}:`;

  /* A phone answers nothing while a script runs: after so many milliseconds it may, before the next part starts. */
  const LONGEST = 5;
  const parts = [];
  const pause = () => new Promise((done) => (window.scheduler?.postTask ? scheduler.postTask(done) : setTimeout(done)));

  /** Starts the parts of this page that have not started, one after the other; the first after the theme, which goes to what
      follows the # of a link: taken out before, it would be a second step of the Back button. */
  async function startAll() {
    let since = -Infinity;
    for (const [selector, run] of parts) {
      for (const element of document.querySelectorAll(`${selector}:not([data-started])`)) {
        if (performance.now() - since > LONGEST) {
          await pause();
          since = performance.now();
        }
        /* Meanwhile another page may have come, which starts its parts itself. */
        if (!element.isConnected || "started" in element.dataset) continue;
        element.dataset.started = "";
        try {
          run(element);
        } catch (error) {
          reportError(error);
        }
      }
    }
  }

  /** Calls `run` once with each matching element, on this page and on every page that opens without a reload. */
  function start(selector, run) {
    parts.push([selector, run]);
  }

  if (window.document$) window.document$.subscribe(startAll);
  else document.addEventListener("DOMContentLoaded", startAll);

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

  /** Shows a sentence in a live region, in place of what it has said and offered; screen readers announce it even if it is
      the same as before. */
  function say(region, sentence, isWrong = false) {
    region.textContent = "";
    region.offered?.remove();
    region.classList.toggle("wrong", isWrong);
    requestAnimationFrame(() => {
      region.textContent = sentence;
    });
  }

  return { start, recall, remember, whenStored, whenBack, say, escape, inHtml };
})();

/* The theme's search lacks a label. */
window.handover.start("[data-md-component=search]", (search) => search.setAttribute("aria-label", "Search"));

/* The theme scrolls to the text, but leaves the focus where it is. */
window.handover.start(".md-skip", (link) => {
  link.addEventListener("click", () => {
    const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
    target.tabIndex = -1;
    target.focus();
  });
});

/* Opens the search; without a script there is none. */
window.handover.start("[data-search]", (button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    const toggle = document.querySelector("[data-md-toggle=search]");
    if (!toggle.checked) toggle.click();
    document.querySelector("[data-md-component=search-query]").focus();
  });
});
