/* A checklist to tick off: one run per account, stored in this browser. The checklists of a scenario share the account
   and the owner whose items are shown. */
(() => {
  "use strict";
  const { start, recall, remember, whenStored, whenBack, say, answer, inHtml } = window.handover;

  function make(name, attributes, ...inside) {
    const element = Object.assign(document.createElement(name), attributes);
    element.append(...inside);
    return element;
  }

  start("[data-checklist]", (root) => {
    const name = root.dataset.checklist;
    const scenario = name.split("--")[0];
    const lists = document.querySelectorAll(`[data-checklist^="${scenario}--"]`);
    const steps = [...root.querySelector("ol").children];
    /* Ticks are stored by the steps' words, so that steps keep their ticks when they move, and new ones have none. */
    const words = steps.map((step) => {
      const text = step.cloneNode(true);
      text.querySelector(".item-facts")?.remove();
      text.querySelectorAll("li:not(:last-child)").forEach((item) => item.append(", "));
      return text.textContent.trim().replace(/\s+/g, " ");
    });
    const runs = () => new Map(Object.entries(recall("localStorage", "runs")[name] ?? {}));
    const save = (changed) =>
      remember("localStorage", "runs", { ...recall("localStorage", "runs"), [name]: Object.fromEntries(changed) });

    const account = make("input", { type: "text", autocomplete: "off", maxLength: 120 });
    const known = make("datalist", { id: `accounts-${name}` });
    account.setAttribute("list", known.id);
    const progress = make("p", { className: "checklist-progress" });
    progress.setAttribute("role", "status");
    const status = make("p", { className: "checklist-status" });
    status.setAttribute("role", "status");
    const restart = make("button", { type: "button", textContent: "Start over" });
    const boxes = steps.map((step, index) => {
      const box = make("input", { type: "checkbox" });
      box.setAttribute("aria-label", words[index]);
      step.prepend(make("span", { className: "tick" }, box));
      return box;
    });
    for (const post of JSON.parse(root.dataset.posts)) {
      const element = make("button", { type: "button", textContent: post.button });
      element.addEventListener("click", () => take(post, element));
      steps[post.item].append(make("p", {}, element));
    }
    let current = "";
    const owner = make("select", {}, make("option", { value: "", textContent: "Everyone" }));
    const ownerOf = (step) => step.querySelector(".item-facts")?.dataset.owner ?? step.closest("[data-checklist]").dataset.owner;
    const owners = new Set([...lists].flatMap((list) => [...list.querySelector("ol").children].map(ownerOf)));
    owner.append(...[...owners].filter(Boolean).map((value) => make("option", { value, textContent: value })));

    /** Has every checklist of the scenario show what is chosen. */
    function share(detail) {
      for (const list of lists) list.dispatchEvent(new CustomEvent("chosen", { detail }));
    }

    /** The items that are ticked, or not, without the one at `but`. */
    const list = (isTicked, but) => {
      const items = words.filter((_, index) => index !== but && boxes[index].checked === isTicked);
      return items.map((item) => `- ${item}`).join("\n") || "- none";
    };

    /** Copies a post with what this run of the checklist says; or opens its page, if it has other fields to fill in. */
    function take(post, button) {
      /* Once it is read, what asks for the post is no longer to do. */
      const values = { "checklist.done": list(true), "checklist.open": list(false, post.item), "checklist.account": current };
      if (!post.text) {
        location.href = `${post.page}#${new URLSearchParams(Object.entries(values).filter(([, value]) => value))}`;
        return;
      }
      const pieces = [post.text].flat();
      if (!current && pieces.some(({ blank }) => blank === "checklist.account")) {
        say(status, "Not copied. Fill in: Account.", true);
        account.focus();
        return;
      }
      const fill = (each, write) => [each].flat().map((piece) => (piece.blank ? write(values[piece.blank]) : piece)).join("");
      const html = post.html ? fill(post.html, inHtml) : null;
      answer(button, status, post.noun, [fill(post.text, String), html]);
    }

    function choose(next) {
      remember("sessionStorage", "accounts", { ...recall("sessionStorage", "accounts"), [scenario]: next });
      share({ account: next });
    }

    function show() {
      const ticked = [runs().get(current)].flat();
      boxes.forEach((box, index) => {
        box.checked = ticked.includes(words[index]);
        steps[index].hidden = owner.value !== "" && ownerOf(steps[index]) !== owner.value;
      });
      const shown = boxes.filter((_, index) => !steps[index].hidden);
      progress.textContent = `${shown.filter((box) => box.checked).length} of ${shown.length}`;
      known.replaceChildren(...[...runs().keys()].filter(Boolean).sort().map((value) => make("option", { value })));
    }

    root.addEventListener("chosen", ({ detail }) => {
      current = account.value = detail.account ?? current;
      owner.value = detail.owner ?? owner.value;
      show();
    });
    owner.addEventListener("change", () => {
      remember("sessionStorage", "owners", { ...recall("sessionStorage", "owners"), [scenario]: owner.value });
      share({ owner: owner.value });
    });
    root.addEventListener("change", ({ target }) => {
      if (!boxes.includes(target)) return;
      save(runs().set(current, words.filter((_, index) => boxes[index].checked)));
      show();
    });
    /** Switches to the account that is in the field. */
    function enter() {
      const all = runs();
      const next = account.value.trim();
      if (next === current) return;
      /* Ticks from before there was a name belong to the account that is named now. */
      if (current === "" && next && !all.has(next) && all.has("")) {
        all.set(next, all.get("")).delete("");
        save(all);
      }
      choose(next);
    }

    account.addEventListener("change", enter);
    account.addEventListener("keydown", ({ key }) => key === "Enter" && enter());
    /* Browsers differ in what a choice from the list tells: this all of them do. */
    account.addEventListener("input", () => account.value && runs().has(account.value) && enter());
    restart.addEventListener("click", () => {
      const all = runs();
      all.delete(current);
      save(all);
      choose("");
      account.focus();
    });

    const filter = owners.size > 1 ? [make("label", {}, "Items of ", owner)] : [];
    root.prepend(
      make("div", { className: "checklist-bar" }, make("label", {}, "Account ", account), known, ...filter, progress),
    );
    root.append(make("div", { className: "checklist-actions" }, restart), status);
    root.classList.add("ready");

    function restore() {
      current = account.value = String(recall("sessionStorage", "accounts")[scenario] ?? "");
      owner.value = recall("sessionStorage", "owners")[scenario] ?? "";
      if (owner.selectedIndex < 0) owner.value = "";
      show();
    }
    restore();
    whenBack(restore);
    whenStored("runs", show);
  });
})();
