/* The preview of the full email on a desktop and a phone, in light and dark mode; and copying its HTML. */
(() => {
  "use strict";
  const { start, recall, remember, say, answer } = window.handover;

  /* How far below the window a preview begins to load, so that a reader who scrolls finds it there. */
  const AHEAD = "800px";

  const nextFrame = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

  /** True if a frame takes the color scheme of its element: WebKit's never do, Firefox's when they are next drawn. */
  async function tryScheme() {
    const frame = document.createElement("iframe");
    frame.className = "copy-field";
    frame.title = "A test of color schemes";
    frame.srcdoc = "<!doctype html>";
    document.body.append(frame);
    await new Promise((done) => frame.addEventListener("load", done, { once: true }));
    const answers = [];
    for (const scheme of ["dark", "light"]) {
      frame.style.colorScheme = scheme;
      await nextFrame();
      answers.push(frame.contentWindow?.matchMedia("(prefers-color-scheme: dark)").matches);
    }
    frame.remove();
    return answers[0] === true && answers[1] === false;
  }
  let tried = null;
  const followsScheme = () => (tried ??= tryScheme());

  /** Calls `run` once, when `element` comes near the window. */
  function whenNear(element, run) {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        run();
      },
      { rootMargin: AHEAD },
    );
    observer.observe(element);
  }

  start("[data-preview]", (root) => {
    const frame = root.querySelector("iframe");
    root.querySelector(".preview-switches").hidden = false;
    const modes = root.querySelector("[data-scheme]").parentElement;
    /* It keeps its place meanwhile. */
    modes.style.visibility = "hidden";
    root.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (!button) return;
      button.parentElement.querySelectorAll("button").forEach((each) => each.setAttribute("aria-pressed", String(each === button)));
      if (button.dataset.width) root.dataset.width = button.dataset.width;
      /* A frame takes the color scheme of its element. */
      if (button.dataset.scheme) frame.style.colorScheme = button.dataset.scheme;
    });
    /* As high as the email: also when pictures have loaded, or a switch has changed its width. */
    frame.addEventListener("load", () => {
      const inside = frame.contentDocument?.documentElement;
      if (!inside) return;
      const fit = () => (frame.style.height = `${Math.ceil(inside.getBoundingClientRect().height)}px`);
      new ResizeObserver(fit).observe(inside);
      fit();
    });
    frame.style.colorScheme = "light";
    whenNear(root, async () => {
      /* Not in the page: the theme sets each `src` again, and a frame that loads twice takes a step of the Back button. */
      frame.src = new URL(frame.dataset.src, location.href).href;
      modes.hidden = !(await followsScheme());
      modes.style.visibility = "";
    });
  });

  start("[data-copy]", (button) => {
    const region = document.createElement("span");
    region.className = "copy-status";
    region.setAttribute("role", "status");
    /* Where buttons stand side by side, it stands below them all, so that none of them moves. */
    if (button.matches(".platform-files > *")) button.parentElement.append(region);
    else button.after(region);
    button.hidden = false;
    let request = null;
    const load = () => {
      request ??= fetch(button.dataset.copy).then((got) => (got.ok ? got.text() : Promise.reject(new Error(got.statusText))));
      request.catch(() => (request = null));
      return request;
    };
    /* Loaded before the click, as some browsers can only copy what is loaded by then. */
    button.addEventListener("pointerenter", load);
    button.addEventListener("focus", load);
    /* On plain http every browser is such a one, and a finger does not enter a button before it presses it. */
    if (!navigator.clipboard) whenNear(button, load);
    button.addEventListener("click", async () => {
      try {
        await answer(button, region, button.dataset.what ?? "HTML", [load(), null]);
      } catch {
        say(region, "Cannot load the file. Check your connection, then try again.", true);
      }
    });
  });

  /* One platform at a time; the browser keeps the choice for all emails. */
  start("[data-platform-choice]", (root) => {
    const select = root.querySelector("select");
    const sections = [...root.querySelectorAll(".platform")];
    const show = () => sections.forEach((section) => (section.hidden = section.dataset.platform !== select.value));
    const { platform } = recall("localStorage", "platform");
    if (sections.some((section) => section.dataset.platform === platform)) select.value = platform;
    select.addEventListener("change", () => {
      show();
      remember("localStorage", "platform", { platform: select.value });
    });
    show();
  });

  start(".only-script", (element) => {
    element.hidden = false;
  });
})();
