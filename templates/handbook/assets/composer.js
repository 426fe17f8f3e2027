/* Fills a message in, in this browser alone. Every value is text, never markup. */
(() => {
  "use strict";
  const { start, recall, remember, copy, say, answer } = window.handover;

  const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  const escape = (text) => text.replace(/[&<>"]/g, (character) => ESCAPES[character]);
  const encode = (text) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  /* Stands in an address of the page for what is still missing. */
  const MISSING = "\uE000";

  /** The HTML inside `holder` with the tags of a fragment and their addresses, and nothing else. */
  function bare(holder) {
    holder.querySelectorAll(":not(p, br, strong, em, a, ul, ol, li)").forEach((element) => element.replaceWith(...element.childNodes));
    holder.querySelectorAll("*").forEach((element) => {
      [...element.attributes].filter(({ name }) => name !== "href").forEach(({ name }) => element.removeAttribute(name));
    });
    return holder.innerHTML;
  }

  start("[data-composer]", (root) => {
    const data = JSON.parse(root.dataset.composer);
    const one = (selector) => root.querySelector(selector);
    const all = (selector) => [...root.querySelectorAll(selector)];
    const form = one("form");
    const said = one(".composer-said");
    const tabs = all("[role=tab]");
    const panels = all(".composer-panel");
    const fields = Object.fromEntries(all("[data-field] [name]").map((field) => [field.name, field]));
    const variant = () => data.variants[current];
    const isCustomers = (id) => data.blanks[id].group === "customer";
    /* Not what only another variant needs. */
    const isAsked = (id) => variant().needs.includes(id) || !data.variants.some(({ needs }) => needs.includes(id));

    const values = {};
    let current = 0;

    /* --- values --- */

    /** Puts a value into its field; what the field makes of it is the value. */
    function put(id, value) {
      const text = typeof value === "string" ? value.replace(/[\r\n\t]+/g, " ") : "";
      /* Part of a name or of an address would be wrong without looking so. */
      fields[id].value = text.length > fields[id].maxLength ? "" : text;
      values[id] = fields[id].value;
      mark(id, problem(id) === "empty" ? null : problem(id));
    }

    function problem(id) {
      const value = field(id);
      if (!value) return "empty";
      const { type, options } = data.blanks[id];
      if (type === "choice") return Object.hasOwn(options, value) ? null : "empty";
      const pattern = data.patterns[type];
      return pattern && !new RegExp(`^(?:${pattern})$`, "i").test(value) ? type : null;
    }

    /** What was filled in; nothing if nobody could see it. */
    function field(id) {
      return /[^\s\p{Cc}\p{Cf}]/u.test(values[id]) ? values[id].trim() : "";
    }

    /** What stands for a blank: its value, or null while it has none that can be used. */
    function filled(piece) {
      if (problem(piece.blank)) return null;
      const value = field(piece.blank);
      if (!piece.form) return piece.in === "address-part" ? encode(value) : value;
      const text = data.blanks[piece.blank].options[value][piece.form];
      return piece.capital ? capital(text) : text;
    }

    function bracket(piece) {
      const blank = data.blanks[piece.blank];
      return `[${(piece.form && blank.forms[piece.form]) || blank.label}]`;
    }

    const text = (pieces) =>
      pieces.map((piece) => (typeof piece === "string" ? piece : (filled(piece) ?? bracket(piece)))).join("");

    const html = (pieces) =>
      pieces.map((piece) => (typeof piece === "string" ? piece : escape(filled(piece) ?? bracket(piece)))).join("");

    /** The same for the page: what was filled in and what is still empty can be seen. */
    const shown = (pieces) =>
      pieces
        .map((piece) => {
          if (typeof piece === "string") return piece;
          const value = filled(piece);
          if (piece.in) return escape(value ?? MISSING);
          return `<span class="blank${value === null ? " empty" : ""}">${escape(value ?? bracket(piece))}</span>`;
        })
        .join("");

    const asHtml = (pieces) => pieces.map((piece) => (typeof piece === "string" ? escape(piece) : piece));

    /* --- the page --- */

    function show() {
      const line = (name, pieces) => {
        const target = one(`[data-line=${name}]`);
        if (target) target.innerHTML = shown(asHtml(pieces));
      };
      const people = (boxes) =>
        boxes.flatMap((box, index) => {
          const address = box.email.length && text(box.email);
          const known = address && !box.email.some((piece) => piece.blank && filled(piece) === null);
          return [...(index ? [", "] : []), ...box.name, ...(known ? [` <${address}>`] : [])];
        });
      line("subject", data.subject);
      line("from", data.from);
      line("to", people(data.to));
      line("cc", people(data.cc));
      panels.forEach((panel, index) => {
        panel.hidden = index !== current;
        if (panel.hidden) return;
        const body = panel.querySelector(".composer-text");
        body.innerHTML = shown(data.variants[index].html);
        body.querySelectorAll(`a[href*="${MISSING}"]`).forEach((link) => {
          link.removeAttribute("href");
          link.classList.add("blank", "empty");
        });
      });
      all("[data-field]").forEach((element) => {
        element.hidden = !isAsked(element.dataset.field);
      });
      tabs.forEach((tab, index) => {
        tab.setAttribute("aria-selected", String(index === current));
        tab.tabIndex = index === current ? 0 : -1;
      });
    }

    const WRONG = {
      empty: "Fill this in.",
      email: "An address like name@company.com is expected here.",
      url: "An address that starts with https:// or http:// is expected here.",
    };

    function mark(id, kind) {
      if (kind) fields[id].setAttribute("aria-invalid", "true");
      else fields[id].removeAttribute("aria-invalid");
      one(`#wrong-${CSS.escape(id)}`).textContent = kind ? WRONG[kind] : "";
    }

    /** The blanks among `ids` that keep a message from going out. */
    const open = (ids) => ids.filter(problem);
    const idsOf = (pieces) => pieces.filter((piece) => piece.blank).map((piece) => piece.blank);

    /** True if nothing is missing; else says what is, marks it and puts the cursor into the first. */
    function isReady(ids, refusal = "Not copied.") {
      const missing = open(Object.keys(fields).filter((id) => ids.includes(id)));
      missing.forEach((id) => mark(id, problem(id)));
      if (!missing.length) return true;
      const names = (found) => found.map((id) => data.blanks[id].label).join(", ");
      const empty = missing.filter((id) => problem(id) === "empty");
      const wrong = missing.filter((id) => problem(id) !== "empty");
      const sentences = [refusal];
      if (empty.length) sentences.push(`Still to be filled in: ${names(empty)}.`);
      if (wrong.length) sentences.push(`To be corrected: ${names(wrong)}.`);
      say(said, sentences.join(" "), true);
      fields[missing[0]].focus();
      return false;
    }

    const needs = () => variant().needs;

    /** Only addresses that are there and right; one that is wrong is said. */
    function addresses(boxes) {
      return boxes.map((box) => text(box.email)).filter((address, index) => address && !open(idsOf(boxes[index].email)).length);
    }

    /* The blanks in the names of the mail's head. */
    const named = [data.from, ...[...data.to, ...data.cc].map((box) => box.name)].flatMap(idsOf);

    const wrongAddresses = () =>
      [...data.to, ...data.cc].flatMap((box) => idsOf(box.email)).filter((id) => field(id) && problem(id));

    /* --- what the buttons do --- */

    const subject = () => text(data.subject).trim();
    const plain = () => text(variant().text);

    function follow(address, target) {
      const link = document.createElement("a");
      link.href = address;
      if (target) Object.assign(link, { target, rel: "noopener noreferrer" });
      root.append(link);
      link.click();
      link.remove();
    }

    const query = (pairs) =>
      Object.entries(pairs)
        .filter(([, value]) => value)
        .map(([name, value]) => `${name}=${encode(value)}`)
        .join("&");

    function pageLink(hash) {
      const address = new URL(location.href);
      address.search = variant().id ? `variant=${variant().id}` : "";
      address.hash = "";
      return address.href.replace(/#$/, "") + (hash ? `#${hash}` : "");
    }

    const mail = () => ({ to: addresses(data.to).join(","), cc: addresses(data.cc).join(",") });

    const actions = {
      message: (button) =>
        isReady(needs()) && answer(button, said, "message", copy(plain(), html(variant().html))),
      subject: (button) => isReady(idsOf(data.subject)) && answer(button, said, "subject", copy(subject(), null)),
      text: (button) => isReady(needs()) && answer(button, said, "plain text", copy(plain(), null)),
      platform: (button) => {
        const made = variant().copies[button.dataset.platform];
        answer(button, said, button.textContent.replace(/^\S+ /, "message "), copy(made.text, made.html));
      },
      gmail: () => {
        if (!isReady([...needs(), ...wrongAddresses()], "Not opened.")) return;
        const { to, cc } = mail();
        follow(`https://mail.google.com/mail/?${query({ view: "cm", fs: "1", to, cc, su: subject(), body: plain() })}`, "_blank");
        say(said, "Opened in Gmail, in a new tab.");
      },
      mail: () => {
        if (!isReady([...needs(), ...wrongAddresses()], "Not opened.")) return;
        const { to, cc } = mail();
        const rest = query({ cc, subject: subject(), body: plain().replace(/\n/g, "\r\n") });
        follow(`mailto:${to.split(",").map(encode).join(",").replace(/%40/g, "@")}?${rest.replace(/%40/g, "@")}`);
        say(said, "Handed over to your mail app.");
      },
      link: (button) => {
        /* Who opens it is the sender, so it carries nothing about you. */
        const known = Object.keys(fields).filter((id) => data.blanks[id].group !== "sender" && !problem(id));
        const link = pageLink(query(Object.fromEntries(known.map((id) => [id, field(id)]))));
        answer(button, said, "link to this email", copy(link, null));
      },
      new: () => {
        forget();
        show();
        say(said, "Cleared what is about the customer.");
        fields[Object.keys(fields).find((id) => isCustomers(id) && isAsked(id))]?.focus();
      },
    };

    /* --- keeping --- */

    /* The browser keeps what was typed of oneself and the colleague, the tab the customer, and what a link said. */
    const place = (id) => (isCustomers(id) ? ["sessionStorage", "customer"] : ["localStorage", "people"]);
    const keep = (store, name, id) => remember(store, name, { ...recall(store, name), [id]: values[id] });

    function restore() {
      const customer = recall("sessionStorage", "customer");
      const others = { ...recall("localStorage", "people"), ...recall("sessionStorage", "linked") };
      Object.keys(fields).forEach((id) => {
        const kept = isCustomers(id) ? customer : others;
        put(id, Object.hasOwn(kept, id) ? kept[id] : "");
      });
    }

    /** Forgets the customer, and what only other messages ask of them. */
    function forget() {
      remember("sessionStorage", "customer", {});
      Object.keys(fields).filter(isCustomers).forEach((id) => put(id, ""));
    }

    function typed(id) {
      values[id] = fields[id].value;
      mark(id, null);
      const { [id]: replaced, ...linked } = recall("sessionStorage", "linked");
      remember("sessionStorage", "linked", linked);
      keep(...place(id), id);
    }

    /** Takes the values behind `#` over, for this tab, and takes them out of the address and the history. */
    function prefill() {
      if (!location.hash.includes("=")) return;
      const given = [...new URLSearchParams(location.hash.slice(1))].filter(([id]) => Object.hasOwn(fields, id));
      history.replaceState(history.state, "", location.pathname + location.search);
      /* What the link leaves out must not stay that of another customer. */
      if (given.some(([id]) => isCustomers(id))) forget();
      for (const [id, value] of given) {
        put(id, value);
        keep("sessionStorage", isCustomers(id) ? "customer" : "linked", id);
      }
    }

    function choose(index, byHand) {
      current = index;
      if (byHand) {
        history.replaceState(history.state, "", pageLink(""));
        /* The theme's own links on this page do not know which variant is shown. */
        remember("sessionStorage", "variants", { ...recall("sessionStorage", "variants"), [location.pathname]: variant().id });
      }
      show();
      formulas();
    }

    /* --- links that bring values along --- */

    function formulas() {
      const list = one(".composer-formula dl");
      const names = Object.keys(fields).filter((id) => isCustomers(id) && isAsked(id));
      const cells = names.map((id, index) => `${index ? "&" : ""}${id}="&ENCODEURL(${String.fromCharCode(65 + index)}2)`);
      const rows = data.record_links.map(({ label, values }) => [label, pageLink(values)]);
      if (names.length) rows.push(["Sheet", `="${pageLink("")}#${cells.join('&"')}`]);
      list.replaceChildren(
        ...rows.flatMap(([label, formula]) => {
          const [term, detail, code] = ["dt", "dd", "code"].map((name) => document.createElement(name));
          term.textContent = label;
          code.textContent = formula;
          detail.append(code);
          return [term, detail];
        }),
      );
      one(".composer-formula").hidden = !rows.length;
    }

    /* --- events --- */

    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", ({ target }) => {
      if (!Object.hasOwn(fields, target.name)) return;
      typed(target.name);
      show();
    });
    form.addEventListener("change", ({ target }) => {
      const kind = Object.hasOwn(fields, target.name) && field(target.name) ? problem(target.name) : null;
      if (kind) mark(target.name, kind);
    });
    one(".composer-actions").addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) actions[button.dataset.do](button);
    });
    tabs.forEach((tab, index) => {
      tab.addEventListener("click", () => choose(index, true));
      tab.addEventListener("keydown", ({ key }) => {
        const step = { ArrowRight: 1, ArrowLeft: -1, Home: -index, End: tabs.length - 1 - index }[key];
        if (step === undefined) return;
        const next = (index + step + tabs.length) % tabs.length;
        choose(next, true);
        tabs[next].focus();
      });
    });
    /** What is selected of the text, or else of the head. */
    function selected(selection) {
      const range = selection.getRangeAt(0).cloneRange();
      const parts = [".composer-panel:not([hidden]) .composer-text", ".composer-head"].map(one);
      const part = parts.find((each) => range.intersectsNode(each));
      if (!part) return null;
      const whole = document.createRange();
      whole.selectNodeContents(part);
      if (range.compareBoundaryPoints(Range.START_TO_START, whole) < 0) range.setStart(part, 0);
      if (range.compareBoundaryPoints(Range.END_TO_END, whole) > 0) range.setEnd(part, part.childNodes.length);
      return range;
    }

    /* Selecting by hand must not get around the guard, and takes the message along without its marks. */
    function take(event) {
      const selection = document.getSelection();
      if (!root.isConnected || !selection.rangeCount || selection.isCollapsed) return;
      if (event.target.closest?.("input, select, textarea") || !selection.containsNode(event.target, true)) return;
      const range = selected(selection);
      if (!range || range.collapsed) return;
      const around = range.commonAncestorContainer;
      const holder = document.createElement("div");
      holder.className = "copy-field";
      holder.append(range.cloneContents());
      if (holder.querySelector(".empty") || (around.closest ? around : around.parentElement).closest(".empty")) {
        event.preventDefault();
        isReady([...needs(), ...named]);
        return;
      }
      /* To prevent a drag would end it. */
      if (event.type === "copy") event.preventDefault();
      const target = event.clipboardData ?? event.dataTransfer;
      root.append(holder);
      target.setData("text/plain", holder.innerText);
      holder.remove();
      target.setData("text/html", bare(holder));
    }
    document.addEventListener("copy", take);
    document.addEventListener("dragstart", take);
    function again() {
      if (!root.isConnected) return;
      prefill();
      show();
    }
    addEventListener("hashchange", again);
    /* Back on a page that the browser kept as it was: since then the tab may have got another customer. */
    addEventListener("pageshow", ({ persisted }) => {
      if (!persisted) return;
      restore();
      again();
    });

    /* --- begin --- */

    const asked = new URLSearchParams(location.search).get("variant") ?? recall("sessionStorage", "variants")[location.pathname];
    const found = data.variants.findIndex(({ id }) => id === asked);
    restore();
    prefill();
    panels.forEach((panel) => tabs.length && panel.setAttribute("role", "tabpanel"));
    panels.forEach((panel, index) => tabs.length && panel.setAttribute("aria-labelledby", tabs[index].id));
    all("[hidden]:not(.composer-panel)").forEach((element) => element.hidden = false);
    root.classList.add("ready");
    choose(Math.max(found, 0), false);
  });
})();
