/* Copying: by a button, and by hand from a message. */
(() => {
  "use strict";
  const { say } = window.handover;
  /** How the keys for a letter are called on this computer. */
  const keys = (letter) => (/Mac|iP(ad|hone)/.test(navigator.platform) ? `\u2318${letter}` : `Ctrl+${letter}`);

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

  /** Has a copy that is under way put these into the clipboard. */
  function put(event, text, html) {
    event.preventDefault();
    event.clipboardData.setData("text/plain", text);
    if (html !== null) event.clipboardData.setData("text/html", html);
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
      event.stopImmediatePropagation();
      put(event, text, html);
    };
    document.addEventListener("copy", fill, { capture: true, once: true });
    const done = document.execCommand("copy");
    document.removeEventListener("copy", fill, { capture: true });
    field.remove();
    focused?.focus?.();
    return done;
  }

  /** Copies `what`, as `copy` does, and says so in the live region and on the button, with `more`. Resolves to true on
      success; else what there is to copy is shown below the region, selected to be copied by hand. */
  async function answer(button, region, what, [text, html], more = "") {
    if (await copy(text, html)) {
      say(region, `${what.charAt(0).toUpperCase()}${what.slice(1)} copied. ${more}`.trim());
      button.classList.add("copied");
      setTimeout(() => button.classList.remove("copied"), 2000);
      return true;
    }
    say(region, `Your browser blocked copying. The ${what} is selected: press ${keys("C")}.`, true);
    offer(region, what, await text, html);
    return false;
  }

  function offer(region, what, text, html) {
    const box = Object.assign(document.createElement("div"), { className: "copy-by-hand", tabIndex: 0 });
    box.setAttribute("role", "group");
    box.setAttribute("aria-label", `To copy: ${what}`);
    if (html === null) box.textContent = text;
    else box.innerHTML = html;
    box.addEventListener("copy", (event) => {
      event.stopPropagation();
      put(event, text, html);
    });
    (region.closest("p") ?? region).after(box);
    region.offered = box;
    document.getSelection().selectAllChildren(box);
  }

  /** The HTML inside `holder`, reduced to the tags of a fragment and the attribute `href`. */
  function bare(holder) {
    holder.querySelectorAll(":not(p, br, strong, em, a, ul, ol, li)").forEach((element) => element.replaceWith(...element.childNodes));
    holder.querySelectorAll("*").forEach((element) => {
      [...element.attributes].filter(({ name }) => name !== "href").forEach(({ name }) => element.removeAttribute(name));
    });
    return holder.innerHTML;
  }

  /** The selected range within the first of the `parts` that it touches. */
  function selected(selection, parts) {
    const range = selection.getRangeAt(0).cloneRange();
    const part = parts.find((each) => range.intersectsNode(each));
    if (!part) return null;
    const whole = document.createRange();
    whole.selectNodeContents(part);
    if (range.compareBoundaryPoints(Range.START_TO_START, whole) < 0) range.setStart(part, 0);
    if (range.compareBoundaryPoints(Range.END_TO_END, whole) > 0) range.setEnd(part, part.childNodes.length);
    return range;
  }

  /** Has a copy by hand from the message in `root` leave out the highlights, or calls `refuse` while a value is missing. */
  function guardSelection(root, refuse) {
    function take(event) {
      const selection = document.getSelection();
      if (!root.isConnected || !selection.rangeCount || selection.isCollapsed) return;
      if (event.target.closest?.("input, select, textarea") || !selection.containsNode(event.target, true)) return;
      const parts = [".composer-panel:not([hidden]) .composer-text", ".composer-head"].map((name) => root.querySelector(name));
      const range = selected(selection, parts.filter(Boolean));
      if (!range || range.collapsed) return;
      const around = range.commonAncestorContainer;
      const holder = document.createElement("div");
      holder.className = "copy-field";
      holder.append(range.cloneContents());
      if (holder.querySelector(".empty") || (around.closest ? around : around.parentElement).closest(".empty")) {
        event.preventDefault();
        refuse();
        return;
      }
      /* Preventing a drag would cancel it. */
      if (event.type === "copy") event.preventDefault();
      const target = event.clipboardData ?? event.dataTransfer;
      root.append(holder);
      target.setData("text/plain", holder.innerText);
      holder.remove();
      target.setData("text/html", bare(holder));
    }
    document.addEventListener("copy", take);
    document.addEventListener("dragstart", take);
  }

  Object.assign(window.handover, { keys, answer, guardSelection });
})();
