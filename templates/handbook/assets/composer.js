/* Fills in a message, only in this browser. Every value is text, never markup. */
(() => {
  "use strict";
  const { start, recall, remember, copy, say, answer, escape, inHtml, unfilled, isUrl } = window.handover;

  const encode = (text) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  /** The text with a capital first letter in a language; `Language.capitalized` in the engine does the same. */
  const capital = (text, language) => {
    if (/^nl\b/.test(language) && text.startsWith("ij")) return `IJ${text.slice(2)}`;
    return text.startsWith("\u00df") ? `\u1e9e${text.slice(1)}` : text.charAt(0).toLocaleUpperCase(language.split("-")[0]) + text.slice(1);
  };
  /* Characters of a mailto: URL: Chrome on Windows opens nothing for a longer one. */
  const LONGEST_MAILTO = 1800;
  /* Marks a missing value inside a URL of the page. */
  const MISSING = "\uE000";

  /** The HTML inside `holder`, reduced to the tags of a fragment and the attribute `href`. */
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
    const status = one(".composer-status");
    const tabs = all("[role=tab]");
    const panels = all(".composer-panel");
    const fields = Object.fromEntries(all("[data-field] [name]").map((field) => [field.name, field]));
    const variant = () => data.variants[current];
    const isCustomers = (id) => data.blanks[id].group === "customer";
    /* Fields that only other variants need are hidden. */
    const isAsked = (id) => variant().needs.includes(id) || !data.variants.some(({ needs }) => needs.includes(id));

    const values = {};
    let current = 0;

    /* --- values --- */

    /** Puts a value into its field, and takes the field's version of it. */
    function put(id, value, fromLink = false) {
      /* A list keeps its lines; anything else is one line. */
      const isList = data.blanks[id].type === "lines";
      const tidy = (given) => (isList ? given.replace(/\r\n?/g, "\n").replace(/\t/g, " ") : given.replace(/[\r\n\t]+/g, " "));
      const text = typeof value === "string" ? tidy(value) : "";
      /* A truncated name or address would be wrong without looking wrong. */
      fields[id].value = text.length > fields[id].maxLength ? "" : text;
      values[id] = fields[id].value;
      mark(id, problem(id) === "empty" ? null : problem(id));
      markLinked(id, fromLink && values[id] !== "");
    }

    function problem(id) {
      const value = field(id);
      if (!value) return "empty";
      const { type, options } = data.blanks[id];
      if (type === "choice") return Object.hasOwn(options, value) ? null : "empty";
      const line = type === "lines" ? value.replace(/\n/g, " ") : value;
      return unfilled(line, data.tokens) ?? (isOfType(value, type) ? null : type);
    }

    function isOfType(value, type) {
      if (type === "url") return isUrl(value, data.patterns.url);
      return type !== "email" || new RegExp(`^(?:${data.patterns.email})$`, "i").test(value);
    }

    /** The trimmed value of a field; empty if no character of it is visible. */
    function field(id) {
      return unfilled(values[id], []) === "invisible" ? "" : values[id].trim();
    }

    /** The text for a placeholder; null while its value is missing or invalid. */
    function filled(piece) {
      if (problem(piece.blank)) return null;
      const value = field(piece.blank);
      if (!piece.form && piece.in === "recipient") return encode(value).replace(/%40/g, "@");
      if (!piece.form) return piece.in === "address-part" ? encode(value) : value;
      const text = data.blanks[piece.blank].options[value][piece.form];
      return piece.capital ? capital(text, piece.capital) : text;
    }

    function bracket(piece) {
      const blank = data.blanks[piece.blank];
      return `[${(piece.form && blank.forms[piece.form]) || blank.label}]`;
    }

    const text = (pieces) =>
      pieces.map((piece) => (typeof piece === "string" ? piece : (filled(piece) ?? bracket(piece)))).join("");

    const html = (pieces) =>
      pieces.map((piece) => (typeof piece === "string" ? piece : inHtml(filled(piece) ?? bracket(piece)))).join("");

    /** The HTML for the page, which highlights filled and empty placeholders. */
    const shown = (pieces) =>
      pieces
        .map((piece) => {
          if (typeof piece === "string") return piece;
          const value = filled(piece);
          if (piece.in) return escape(value ?? MISSING);
          return `<span class="blank${value === null ? " empty" : ""}">${inHtml(value ?? bracket(piece))}</span>`;
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
          return [...(index ? [", "] : []), ...box.name, ...(known ? [box.name.length ? ` <${address}>` : address] : [])];
        });
      line("subject", variant().subject);
      Object.assign(one("[data-line=subject]") ?? {}, { lang: variant().language, dir: variant().direction });
      Object.entries(data.people).forEach(([name, boxes]) => line(name, people(boxes)));
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
      email: "Enter an email address, like name@company.com.",
      url: "Enter a URL that starts with https:// or http://.",
      placeholder: "This is a placeholder. Enter what it stands for.",
      token: "This has a merge token, which would stay as it is. Enter the value.",
      control: "This has an invisible control character. Type the value instead of pasting it.",
      "no-value": "This means that there is no value. Enter one.",
    };

    function mark(id, kind) {
      if (kind) fields[id].setAttribute("aria-invalid", "true");
      else fields[id].removeAttribute("aria-invalid");
      one(`#wrong-${CSS.escape(id)}`).textContent = kind ? WRONG[kind] : "";
    }

    const origin = (id) => one(`#linked-${CSS.escape(id)}`);
    const isLinked = (id) => origin(id).textContent !== "";

    function markLinked(id, fromLink) {
      origin(id).textContent = fromLink ? "from the link" : "";
    }

    /** The fields among `ids` that are missing or invalid. */
    const open = (ids) => ids.filter(problem);
    const idsOf = (pieces) => pieces.filter((piece) => piece.blank).map((piece) => piece.blank);

    /** True if all `ids` are filled in; else lists the others, marks them, and focuses the first. */
    function isReady(ids, refusal = "Not copied.") {
      const missing = open(Object.keys(fields).filter((id) => ids.includes(id)));
      missing.forEach((id) => mark(id, problem(id)));
      if (!missing.length) return true;
      const names = (list) => list.map((id) => data.blanks[id].label).join(", ");
      const empty = missing.filter((id) => problem(id) === "empty");
      const wrong = missing.filter((id) => problem(id) !== "empty");
      const sentences = [refusal];
      if (empty.length) sentences.push(`Fill in: ${names(empty)}.`);
      if (wrong.length) sentences.push(`Correct: ${names(wrong)}.`);
      say(status, sentences.join(" "), true);
      fields[missing[0]].focus();
      return false;
    }

    const needs = () => variant().needs;

    /** The email addresses that are filled in and valid. */
    function addresses(boxes = []) {
      return boxes.map((box) => text(box.email)).filter((address, index) => address && !open(idsOf(boxes[index].email)).length);
    }

    const everyone = Object.values(data.people).flat();
    /* The fields for the names in the email's head. */
    const named = everyone.flatMap((box) => idsOf(box.name));

    const wrongAddresses = () =>
      everyone.flatMap((box) => idsOf(box.email)).filter((id) => field(id) && problem(id));

    /* --- what the buttons do --- */

    const subject = () => text(variant().subject).trim();
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

    const mail = () =>
      Object.fromEntries(["to", "cc", "bcc"].map((name) => [name, addresses(data.people[name]).join(",")]));

    const actions = {
      message: (button) =>
        isReady(needs()) && answer(button, status, data.noun, copy(plain(), html(variant().html))),
      subject: (button) => isReady(idsOf(variant().subject)) && answer(button, status, "subject", copy(subject(), null)),
      text: (button) => isReady(needs()) && answer(button, status, "plain text", copy(plain(), null)),
      platform: (button) => {
        const { text: plainText, html: richText } = variant().copies[button.dataset.platform];
        answer(button, status, button.textContent.replace(/^\S+ /, "email "), copy(plainText, richText));
      },
      gmail: () => {
        if (!isReady([...needs(), ...wrongAddresses()], "Not opened.")) return;
        const { to, cc, bcc } = mail();
        follow(`https://mail.google.com/mail/?${query({ view: "cm", fs: "1", to, cc, bcc, su: subject(), body: plain() })}`, "_blank");
        say(status, "Opening Gmail in a new tab.");
      },
      mail: async (button) => {
        if (!isReady([...needs(), ...wrongAddresses()], "Not opened.")) return;
        const { to, cc, bcc } = mail();
        const start = `mailto:${to.split(",").map(encode).join(",").replace(/%40/g, "@")}?`;
        const address = (body) => start + query({ cc, bcc, subject: subject(), ...body }).replace(/%40/g, "@");
        const whole = address({ body: plain().replace(/\n/g, "\r\n") });
        if (whole.length <= LONGEST_MAILTO) {
          follow(whole);
          say(status, "Opening your email app.");
          return;
        }
        const copying = copy(plain(), html(variant().html));
        await answer(button, status, "email", copying);
        if (!(await copying)) return;
        follow(address({}));
        say(status, "Email copied. Paste it into the new email in your email app.");
      },
      link: (button) => {
        /* The sender is the person who opens the link, so it has no details about you. */
        const known = Object.keys(fields).filter((id) => data.blanks[id].group !== "sender" && !problem(id));
        const link = pageLink(query(Object.fromEntries(known.map((id) => [id, field(id)]))));
        answer(button, status, "prefilled link", copy(link, null));
      },
      new: () => {
        dropLinked();
        forget();
        show();
        say(status, "Customer details cleared.");
        fields[Object.keys(fields).find((id) => isCustomers(id) && isAsked(id))]?.focus();
      },
    };

    /* --- storage --- */

    /* Typed details: the browser keeps those about you and your colleague, the tab those about the customer.
       Details from a link: the tab keeps them for this page, until another message or another customer. */
    const place = (id) => (isCustomers(id) ? ["sessionStorage", "customer"] : ["localStorage", "people"]);
    /* Another message can use the id of this one's own field for something else. */
    const key = (id) => (data.blanks[id].own ? `${location.pathname}#${id}` : id);
    const save = (store, name, id) => remember(store, name, { ...recall(store, name), [key(id)]: values[id] });

    /** The values from a link to this page that are as the link had them. */
    function linked() {
      const { page, values: given } = recall("sessionStorage", "linked");
      return page === location.pathname && given && typeof given === "object" ? given : {};
    }

    function saveLinked(given) {
      const aboutCustomer = Object.keys(given).some(isCustomers);
      remember("sessionStorage", "linked", { page: location.pathname, aboutCustomer, values: given });
    }

    /** Forgets what a link has filled in; if that is about a customer, also what was typed about the same one. */
    function dropLinked() {
      const { aboutCustomer } = recall("sessionStorage", "linked");
      remember("sessionStorage", "linked", {});
      if (aboutCustomer) forget();
      Object.keys(fields).filter(isLinked).forEach((id) => put(id, stored(id)));
    }

    /** What was typed into a field, here or in another message. */
    function stored(id) {
      const all = recall(...place(id));
      return Object.hasOwn(all, key(id)) ? all[key(id)] : "";
    }

    function restore() {
      if (recall("sessionStorage", "linked").page !== location.pathname) dropLinked();
      const given = linked();
      Object.keys(fields).forEach((id) => (Object.hasOwn(given, id) ? put(id, given[id], true) : put(id, stored(id))));
    }

    /** Clears all details of the customer, also those that only other messages need. */
    function forget() {
      remember("sessionStorage", "customer", {});
      Object.keys(fields).filter(isCustomers).forEach((id) => put(id, ""));
    }

    function typed(id) {
      values[id] = fields[id].value;
      mark(id, null);
      markLinked(id, false);
      const { [id]: replaced, ...others } = linked();
      if (replaced !== undefined) saveLinked(others);
      save(...place(id), id);
    }

    /** Moves the values after `#` into the fields, for this page and tab, and out of the URL and the history. */
    function prefill() {
      if (!location.hash.includes("=")) return;
      const given = [...new URLSearchParams(location.hash.slice(1))].filter(([id]) => Object.hasOwn(fields, id));
      history.replaceState(history.state, "", location.pathname + location.search);
      if (!given.length) return;
      dropLinked();
      /* Fields that the link leaves out must not keep another customer's values. */
      if (given.some(([id]) => isCustomers(id))) forget();
      given.forEach(([id, value]) => put(id, value, true));
      saveLinked(Object.fromEntries(given.map(([id]) => [id, values[id]])));
    }

    function choose(index, byHand) {
      current = index;
      if (byHand) {
        history.replaceState(history.state, "", pageLink(""));
        /* The theme's links to this page lack the variant. */
        remember("sessionStorage", "variants", { ...recall("sessionStorage", "variants"), [location.pathname]: variant().id });
      }
      show();
      formulas();
    }

    /* --- prefilled links --- */

    function formulas() {
      const list = one(".composer-formula dl");
      const names = Object.keys(fields).filter((id) => isCustomers(id) && isAsked(id));
      const cells = names.map((id, index) => `${index ? "&" : ""}${id}="&ENCODEURL(${String.fromCharCode(65 + index)}2)`);
      const rows = data.record_links.map(({ label, values }) => [label, pageLink(values)]);
      if (names.length) rows.push(["Spreadsheet", `="${pageLink("")}#${cells.join('&"')}`]);
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
    /** The selected range within the text, or else within the head. */
    function selected(selection) {
      const range = selection.getRangeAt(0).cloneRange();
      const parts = [".composer-panel:not([hidden]) .composer-text", ".composer-head"].map(one).filter(Boolean);
      const part = parts.find((each) => range.intersectsNode(each));
      if (!part) return null;
      const whole = document.createRange();
      whole.selectNodeContents(part);
      if (range.compareBoundaryPoints(Range.START_TO_START, whole) < 0) range.setStart(part, 0);
      if (range.compareBoundaryPoints(Range.END_TO_END, whole) > 0) range.setEnd(part, part.childNodes.length);
      return range;
    }

    /* Copying a selection must respect missing fields too, and leave out the highlights. */
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
    function reload() {
      if (!root.isConnected) return;
      prefill();
      show();
    }
    addEventListener("hashchange", reload);
    /* Restored from the back/forward cache: the tab may have another customer by now. */
    addEventListener("pageshow", ({ persisted }) => {
      if (!persisted) return;
      restore();
      reload();
    });

    /* --- start --- */

    const wanted = new URLSearchParams(location.search).get("variant") ?? recall("sessionStorage", "variants")[location.pathname];
    const found = data.variants.findIndex(({ id }) => id === wanted);
    restore();
    prefill();
    panels.forEach((panel) => tabs.length && panel.setAttribute("role", "tabpanel"));
    panels.forEach((panel, index) => tabs.length && panel.setAttribute("aria-labelledby", tabs[index].id));
    all("[hidden]:not(.composer-panel)").forEach((element) => element.hidden = false);
    root.classList.add("ready");
    choose(Math.max(found, 0), false);
  });
})();
