/* What the scripts of the pages share: when to start, what to remember, how to copy. */
window.handover = (() => {
  "use strict";

  /* Two handbooks on one host keep their values apart. */
  const scope = `handover:${new URL("..", document.currentScript.src).pathname}:`;

  /** Calls `run` with each element that matches, once, on this page and on every page that is opened without a reload. */
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

  /** What `store` (localStorage or sessionStorage) holds by this name; an empty object where it holds nothing of use. */
  function recall(store, name) {
    try {
      const held = JSON.parse(window[store].getItem(scope + name));
      return held && typeof held === "object" && !Array.isArray(held) ? held : {};
    } catch {
      return {};
    }
  }

  /** Keeps `value`; where a browser keeps nothing, the page works without. */
  function remember(store, name, value) {
    try {
      window[store].setItem(scope + name, JSON.stringify(value));
    } catch {
      /* Private mode, or full. */
    }
  }

  /** Copies. `html` may be null; `text` may be a promise. Resolves to true when it is in the clipboard. */
  async function copy(text, html) {
    /* First the older way: the newer one completes addresses, and spoils a merge token that stands for one. */
    if (typeof text === "string" && copyByEvent(text, html)) return true;
    try {
      const parts = { "text/plain": text, ...(html === null ? {} : { "text/html": html }) };
      const blobs = Object.entries(parts).map(([type, part]) => [type, toBlob(type, part)]);
      /* A browser that refuses at once does not look at what goes wrong with them. */
      blobs.forEach(([, blob]) => blob.catch(() => {}));
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
      return true;
    } catch {
      /* Refused, or not there: on plain http. What was a promise has not been tried the older way. */
      return copyByEvent(await text, html);
    }
  }

  async function toBlob(type, part) {
    return new Blob([await part], { type });
  }

  /* Some browsers copy only where something is selected. */
  function copyByEvent(text, html) {
    const focused = document.activeElement;
    const field = document.createElement("textarea");
    field.value = text;
    field.className = "copy-field";
    document.body.append(field);
    field.select();
    const fill = (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      event.clipboardData.setData("text/plain", text);
      if (html !== null) event.clipboardData.setData("text/html", html);
    };
    document.addEventListener("copy", fill, { capture: true, once: true });
    const done = document.execCommand("copy");
    document.removeEventListener("copy", fill, { capture: true });
    field.remove();
    focused?.focus?.();
    return done;
  }

  /** Says it in a region that screen readers follow; the same sentence twice is said twice. */
  function say(region, sentence, isWrong = false) {
    region.textContent = "";
    region.classList.toggle("wrong", isWrong);
    requestAnimationFrame(() => {
      region.textContent = sentence;
    });
  }

  /** Says how copying went, and shows it on the button that was pressed. */
  async function answer(button, region, what, copied) {
    if (!(await copied)) {
      say(region, `The browser did not allow copying. Select the ${what} and copy it by hand.`, true);
      return;
    }
    say(region, `Copied: ${what}.`);
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 2000);
  }

  return { start, recall, remember, copy, say, answer };
})();

/* The theme gives its search no name. */
window.handover.start("[data-md-component=search]", (search) => search.setAttribute("aria-label", "Search"));
