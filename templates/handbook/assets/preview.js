/* The full email as it looks on a desktop and a phone, light and dark; and its HTML to copy. */
(() => {
  "use strict";
  const { start, copy, say, answer } = window.handover;

  start("[data-preview]", (root) => {
    const frame = root.querySelector("iframe");
    root.querySelector(".preview-switches").hidden = false;
    root.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      button.parentElement.querySelectorAll("button").forEach((each) => each.setAttribute("aria-pressed", String(each === button)));
      if (button.dataset.width) root.dataset.width = button.dataset.width;
      /* A frame takes the scheme of the element that holds it. */
      if (button.dataset.scheme) frame.style.colorScheme = button.dataset.scheme;
    });
    frame.style.colorScheme = "light";
  });

  start("[data-copy]", (button) => {
    const region = document.createElement("span");
    region.className = "copy-said";
    region.setAttribute("role", "status");
    button.after(region);
    button.hidden = false;
    let asked = null;
    const load = () => {
      asked ??= fetch(button.dataset.copy).then((got) => (got.ok ? got.text() : Promise.reject(new Error(got.statusText))));
      asked.catch(() => (asked = null));
      return asked;
    };
    /* Asked for before the click, as some browsers copy only what is there at the click. */
    button.addEventListener("pointerenter", load);
    button.addEventListener("focus", load);
    button.addEventListener("click", async () => {
      try {
        await answer(button, region, "HTML", copy(load(), null));
      } catch {
        say(region, "The file could not be loaded.", true);
      }
    });
  });

  start(".only-script", (element) => {
    element.hidden = false;
  });
})();
