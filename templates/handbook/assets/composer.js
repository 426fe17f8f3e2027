/* Fills a message in, in this browser alone. Every value is text, never markup. */
(() => {
  "use strict";
  const { start, recall, remember, copy, say, answer } = window.handover;

  const ESCAPES = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
  const escape = (text) => text.replace(/[&<>"]/g, (character) => ESCAPES[character]);
  const encode = (text) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

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

    /* The tab remembers the customer, and what a link brought along; the browser what one has typed of oneself. */
    const values = { ...recall("localStorage", "values"), ...recall("sessionStorage", "values") };
    let current = 0;

    /* --- values --- */

    function problem(id) {
      const value = field(id);
      if (!value) return "empty";
      const { type, options } = data.blanks[id];
      if (type === "choice") return value in options ? null : "empty";
      const pattern = data.patterns[type];
      return pattern && !new RegExp(`^(?:${pattern})$`, "i").test(value) ? type : null;
    }

    function field(id) {
      return typeof values[id] === "string" ? values[id].trim() : "";
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
          if (piece.in) return escape(value ?? "");
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
        body.querySelectorAll('a[href=""]').forEach((link) => {
          link.removeAttribute("href");
          link.classList.add("blank", "empty");
        });
      });
      const needed = variant().needs;
      all("[data-field]").forEach((element) => {
        const id = element.dataset.field;
        element.hidden = !needed.includes(id) && data.variants.some((each) => each.needs.includes(id));
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
    function isReady(ids) {
      const order = Object.keys(fields);
      const missing = open(order.filter((id) => ids.includes(id)));
      missing.forEach((id) => mark(id, problem(id)));
      if (!missing.length) return true;
      const names = missing.map((id) => data.blanks[id].label).join(", ");
      say(said, `Not copied. ${missing.length === 1 ? "This blank is" : "These blanks are"} still to be filled in: ${names}.`, true);
      fields[missing[0]].focus();
      return false;
    }

    const needs = () => [...new Set([...variant().needs, ...idsOf(data.subject)])];

    /** Only addresses that are there and right; one that is wrong is said. */
    function addresses(boxes) {
      return boxes.map((box) => text(box.email)).filter((address, index) => address && !open(idsOf(boxes[index].email)).length);
    }

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
        if (!isReady([...needs(), ...wrongAddresses()])) return;
        const { to, cc } = mail();
        follow(`https://mail.google.com/mail/?${query({ view: "cm", fs: "1", to, cc, su: subject(), body: plain() })}`, "_blank");
        say(said, "Opened in Gmail, in a new tab.");
      },
      mail: () => {
        if (!isReady([...needs(), ...wrongAddresses()])) return;
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
        const customers = Object.keys(fields).filter(isCustomers);
        customers.forEach((id) => set(id, ""));
        show();
        say(said, "Cleared what is about the customer.");
        customers.length && fields[customers[0]].focus();
      },
    };

    /* --- keeping --- */

    function set(id, value) {
      values[id] = value;
      fields[id].value = value;
      mark(id, null);
      const tab = recall("sessionStorage", "values");
      if (isCustomers(id)) tab[id] = value;
      else {
        delete tab[id];
        remember("localStorage", "values", { ...recall("localStorage", "values"), [id]: value });
      }
      remember("sessionStorage", "values", tab);
    }

    /** Takes the values behind `#` over, for this tab, and takes them out of the address and the history. */
    function prefill() {
      const given = [...new URLSearchParams(location.hash.slice(1))].filter(([id]) => id in fields);
      if (!given.length) return;
      const tab = recall("sessionStorage", "values");
      for (const [id, value] of given) {
        values[id] = tab[id] = value.slice(0, 500);
        if (fields[id].tagName === "SELECT" && !(value in data.blanks[id].options)) values[id] = tab[id] = "";
        fields[id].value = values[id];
        mark(id, problem(id) === "empty" ? null : problem(id));
      }
      remember("sessionStorage", "values", tab);
      history.replaceState(history.state, "", location.pathname + location.search);
    }

    function choose(index, byHand) {
      current = index;
      if (byHand) history.replaceState(history.state, "", pageLink(""));
      show();
      formulas();
    }

    /* --- links that bring values along --- */

    function formulas() {
      const list = one(".composer-formula dl");
      const names = Object.keys(fields).filter((id) => isCustomers(id) && variant().needs.includes(id));
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
      if (!(target.name in fields)) return;
      set(target.name, target.value);
      show();
    });
    form.addEventListener("change", ({ target }) => {
      const kind = target.name in fields && field(target.name) ? problem(target.name) : null;
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
    /* Selecting by hand must not get around the guard, and what is copied has the tags of a fragment and nothing else. */
    document.addEventListener("copy", (event) => {
      const selection = document.getSelection();
      if (!root.isConnected || !selection.rangeCount || selection.isCollapsed) return;
      const range = selection.getRangeAt(0);
      const mailPart = one(".composer-mail");
      if (!range.intersectsNode(mailPart)) return;
      const holder = document.createElement("div");
      holder.append(range.cloneContents());
      if (holder.querySelector(".empty")) {
        event.preventDefault();
        isReady(needs());
      } else if (mailPart.contains(range.commonAncestorContainer)) {
        event.preventDefault();
        event.clipboardData.setData("text/plain", selection.toString());
        event.clipboardData.setData("text/html", bare(holder));
      }
    });
    addEventListener("hashchange", () => {
      if (!root.isConnected) return;
      prefill();
      show();
    });

    /* --- begin --- */

    const asked = new URLSearchParams(location.search).get("variant");
    const found = data.variants.findIndex(({ id }) => id === asked);
    Object.entries(fields).forEach(([id, element]) => {
      element.value = field(id);
      if (element.tagName !== "SELECT") return;
      if (!element.value) values[id] = "";
    });
    prefill();
    panels.forEach((panel) => tabs.length && panel.setAttribute("role", "tabpanel"));
    panels.forEach((panel, index) => tabs.length && panel.setAttribute("aria-labelledby", tabs[index].id));
    all("[hidden]:not(.composer-panel)").forEach((element) => element.hidden = false);
    root.classList.add("ready");
    choose(Math.max(found, 0), false);
  });
})();
