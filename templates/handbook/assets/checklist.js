/* A checklist to tick off: a run an account, kept in this browser. */
(() => {
  "use strict";
  const { start, recall, remember, copy, answer } = window.handover;

  function make(name, attributes, ...inside) {
    const element = Object.assign(document.createElement(name), attributes);
    element.append(...inside);
    return element;
  }

  start("[data-checklist]", (root) => {
    const name = root.dataset.checklist;
    const steps = [...root.querySelector("ol").children];
    /* By their words, so that a step that moves keeps its tick and one that is new has none. */
    const words = steps.map((step) => step.textContent.trim().replace(/\s+/g, " "));
    const runs = () => new Map(Object.entries(recall("localStorage", "runs")[name] ?? {}));
    const keep = (made) =>
      remember("localStorage", "runs", { ...recall("localStorage", "runs"), [name]: Object.fromEntries(made) });

    const account = make("input", { type: "text", autocomplete: "off", maxLength: 120 });
    const known = make("datalist", { id: `accounts-${name}` });
    account.setAttribute("list", known.id);
    const progress = make("p", { className: "checklist-progress" });
    progress.setAttribute("role", "status");
    const said = make("p", { className: "checklist-said" });
    said.setAttribute("role", "status");
    const again = make("button", { type: "button", textContent: "Start over" });
    const boxes = steps.map((step, index) => {
      const box = make("input", { type: "checkbox" });
      box.setAttribute("aria-label", words[index]);
      step.prepend(make("span", { className: "tick" }, box));
      return box;
    });
    const posts = JSON.parse(root.dataset.posts).map(({ button, text }) => {
      const made = make("button", { type: "button", textContent: button });
      made.addEventListener("click", () => answer(made, said, button.replace(/^\S+ /, ""), copy(text, null)));
      return made;
    });
    let current = "";

    function choose(next) {
      current = account.value = next;
      remember("sessionStorage", "accounts", { ...recall("sessionStorage", "accounts"), [name]: next });
      show();
    }

    function show() {
      const ticked = [runs().get(current)].flat();
      boxes.forEach((box, index) => {
        box.checked = ticked.includes(words[index]);
      });
      progress.textContent = `${boxes.filter((box) => box.checked).length} of ${boxes.length}`;
      known.replaceChildren(...[...runs().keys()].filter(Boolean).sort().map((value) => make("option", { value })));
    }

    root.addEventListener("change", ({ target }) => {
      if (!boxes.includes(target)) return;
      keep(runs().set(current, words.filter((_, index) => boxes[index].checked)));
      show();
    });
    account.addEventListener("change", () => {
      const made = runs();
      const next = account.value.trim();
      /* What was ticked before a name was given belongs to the account that is named now. */
      if (current === "" && next && !made.has(next) && made.has("")) {
        made.set(next, made.get("")).delete("");
        keep(made);
      }
      choose(next);
    });
    again.addEventListener("click", () => {
      const made = runs();
      made.delete(current);
      keep(made);
      choose("");
      account.focus();
    });

    root.prepend(
      make("div", { className: "checklist-bar" }, make("label", {}, "Account ", account), known, progress),
    );
    root.append(make("div", { className: "checklist-actions" }, ...posts, again), said);
    root.classList.add("ready");
    choose(String(recall("sessionStorage", "accounts")[name] ?? ""));
  });
})();
