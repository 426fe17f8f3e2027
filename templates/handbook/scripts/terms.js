/* The meaning of a term of the glossary: beside it under the mouse and the focus, and at the first tap. */
(() => {
  "use strict";
  const note = document.createElement("span");
  if (!note.showPopover) return;
  Object.assign(note, { id: "term-note", className: "term-note", popover: "manual" });
  note.setAttribute("role", "tooltip");
  let shown = null;
  let closing = 0;

  function show(term) {
    clearTimeout(closing);
    if (shown === term) return;
    hide();
    shown = term;
    /* The browser's own tooltip would say the same again. */
    if (term.title) term.dataset.meaning = term.title;
    term.removeAttribute("title");
    term.setAttribute("aria-describedby", note.id);
    note.textContent = term.dataset.meaning;
    term.after(note);
    note.showPopover();
    place();
  }

  /** Below the term, or above it where there is no room. */
  function place() {
    if (!shown) return;
    const { left, top, bottom } = shown.getBoundingClientRect();
    const { width, height } = note.getBoundingClientRect();
    note.style.left = `${Math.max(8, Math.min(left, document.documentElement.clientWidth - width - 8))}px`;
    note.style.top = `${bottom + height > innerHeight ? top - height : bottom}px`;
  }

  function hide() {
    clearTimeout(closing);
    shown?.removeAttribute("aria-describedby");
    shown = null;
    note.remove();
  }

  const termAt = ({ target }) => target.closest?.("a.term");
  let tapped = null;
  document.addEventListener("pointerdown", (event) => {
    const term = termAt(event);
    tapped = event.pointerType === "mouse" || shown === term ? null : term;
    if (!term) hide();
  });
  document.addEventListener("pointerover", (event) => {
    const term = termAt(event);
    if (term && event.pointerType === "mouse") show(term);
    else if (event.target === note) clearTimeout(closing);
    else if (shown && event.pointerType === "mouse" && shown !== document.activeElement) closing = setTimeout(hide, 200);
  });
  document.addEventListener("focusin", (event) => {
    const term = termAt(event);
    if (term?.matches(":focus-visible")) show(term);
  });
  document.addEventListener("focusout", (event) => termAt(event) && hide());
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hide());
  addEventListener("scroll", place, { passive: true });
  /* Before the theme, which opens the glossary: that is for the second tap. */
  document.addEventListener(
    "click",
    (event) => {
      const term = termAt(event);
      if (!term || term !== tapped) return;
      event.preventDefault();
      event.stopPropagation();
      tapped = null;
      show(term);
    },
    { capture: true },
  );
})();
