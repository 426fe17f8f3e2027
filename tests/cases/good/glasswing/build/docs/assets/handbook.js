/* Functions that the scripts of the pages share: starting, storing, copying, and what counts as filled in. */
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

  /** Copies to the clipboard. `html` may be null; `text` may be a promise. Resolves to true on success. */
  async function copy(text, html) {
    /* The older API first: the newer one completes URLs, which breaks merge tokens in place of a URL. */
    if (typeof text === "string" && copyByEvent(text, html)) return true;
    try {
      const parts = { "text/plain": text, ...(html === null ? {} : { "text/html": html }) };
      const blobs = Object.entries(parts).map(([type, part]) => [type, toBlob(type, part)]);
      /* A browser that refuses at once leaves their rejections unhandled. */
      blobs.forEach(([, blob]) => blob.catch(() => {}));
      await navigator.clipboard.write([new ClipboardItem(Object.fromEntries(blobs))]);
      return true;
    } catch {
      /* Refused, or missing: on plain http. A promise has yet to be tried with the older API. */
      return copyByEvent(await text, html);
    }
  }

  async function toBlob(type, part) {
    return new Blob([await part], { type });
  }

  /* Some browsers copy only if something is selected. */
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

  /** Shows the result of copying `what` in the live region and on the button. */
  async function answer(button, region, what, copied) {
    if (!(await copied)) {
      say(region, "Your browser blocked copying. Allow it for this site, then try again.", true);
      return;
    }
    say(region, `${what.charAt(0).toUpperCase()}${what.slice(1)} copied.`);
    button.classList.add("copied");
    setTimeout(() => button.classList.remove("copied"), 2000);
  }

  /* --- what counts as filled in, by the same rules as model/filled.py and model/web_address.py --- */

  const HIDDEN = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2800\uFFFC\u{13441}\u{13442}\u{1D159}]/gu;
  /* model/text.py: line breaks, bidirectional controls and the like, which could change a line without being seen. */
  const CONTROL = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF]/u;
  const NO_VALUES = ["undefined", "[object Object]", "NaN"];
  const BRACKETS = new Map(
    ["[]", "{}", "<>", "()", "\u00AB\u00BB", "\u2039\u203A", "\u27E8\u27E9", "\u3008\u3009", "\u300A\u300B", "\u3010\u3011", "\u3014\u3015"]
      .map((pair) => [...pair]),
  );
  const LINE = /^[\s_.Xx\-\u2010-\u2015\u2212]*$/;

  /** True if something is between the first `before` and the last `after`. */
  function hasToken(text, [before, after]) {
    const first = text.indexOf(before);
    return first >= 0 && text.lastIndexOf(after) > first + before.length;
  }

  /** True if the bracket at the start is closed by the last character, and not before. */
  function isInBrackets(text) {
    const [first] = text;
    const last = BRACKETS.get(first);
    if (!last || !text.endsWith(last)) return false;
    let depth = 0;
    for (let index = 0; index < text.length; index += 1) {
      depth += (text[index] === first) - (text[index] === last);
      if (!depth) return index === text.length - 1;
    }
    return true;
  }

  /** Why `value` is not filled in; null if it is. `tokens` are pairs: what is before and after a merge token's name. */
  function unfilled(value, tokens) {
    const visible = value.replace(HIDDEN, "");
    if (/^[\p{M}\p{Z}]*$/u.test(visible)) return "invisible";
    if (CONTROL.test(value)) return "control";
    const text = visible.normalize("NFKC").trim();
    if (NO_VALUES.includes(text)) return "no-value";
    if (tokens.some((token) => hasToken(text, token))) return "token";
    return isInBrackets(text) || LINE.test(text) ? "placeholder" : null;
  }

  /** True for a URL of the web that matches `pattern`. */
  function isUrl(value, pattern) {
    try {
      if (!new RegExp(`^(?:${pattern})$`, "i").test(value) || value.replace(HIDDEN, "") !== value) return false;
      return new URL(value).host !== "";
    } catch {
      return false;
    }
  }

  return { start, recall, remember, copy, say, answer, escape, inHtml, unfilled, isUrl };
})();

/* The theme's search lacks a label. */
window.handover.start("[data-md-component=search]", (search) => search.setAttribute("aria-label", "Search"));
