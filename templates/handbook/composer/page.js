/* A message or a snippet: fills it in, only in this browser, and hands it on. Every value is text, never markup. */
(() => {
  "use strict";
  const handover = window.handover;
  const { start, recall, remember, keys, say, answer, encode, escape } = handover;

  start("[data-composer]", (root) => {
    const data = JSON.parse(root.dataset.composer);
    const one = (selector) => root.querySelector(selector);
    const all = (selector) => [...root.querySelectorAll(selector)];
    const form = one("form");
    const status = one(".composer-status");
    const more = one(".composer-more");
    const tabs = all("[role=tab]");
    const panels = all(".composer-panel");
    const fields = handover.fields(root, data);
    const message = handover.message(data, fields);
    const memory = handover.memory(data, fields);
    const doubts = handover.doubts(data, fields, message, memory);
    const colleague = handover.colleague(root, data, fields, memory.save);
    const { inputs, value, problem, mark, idsOf } = fields;
    const variant = () => data.variants[current];
    /* Fields that only other variants need are hidden. */
    const isAsked = (id) => variant().needs.includes(id) || !data.variants.some(({ needs }) => needs.includes(id));
    const ask = (id) => data.blanks[id].ask;
    const confirmed = new Set();

    /* The frames with the full email, if the page is that of a letter. */
    const letters = [...document.querySelectorAll("iframe[data-letter]")];
    let current = 0;
    let hinted = [];

    /* --- the page --- */

    function show() {
      message.showLine(one("[data-line=subject]"), variant().subject);
      Object.assign(one("[data-line=subject]") ?? {}, { lang: variant().language, dir: variant().direction });
      Object.entries(data.people).forEach(([name, boxes]) => message.showLine(one(`[data-line=${name}]`), message.line(boxes)));
      panels.forEach((panel, index) => {
        panel.hidden = index !== current;
        if (!panel.hidden) message.showIn(panel.querySelector(".composer-text"), variant().html);
      });
      document.querySelectorAll("[data-only-variant]").forEach((element) => {
        element.hidden = element.dataset.onlyVariant !== variant().id;
      });
      all("[data-field]").forEach((element) => {
        element.hidden = !isAsked(element.dataset.field);
      });
      tabs.forEach((tab, index) => {
        tab.setAttribute("aria-selected", String(index === current));
        tab.tabIndex = index === current ? 0 : -1;
      });
      if (one(".composer-chosen")) one(".composer-chosen").textContent = tabs[current].textContent;
      showLetter();
    }

    /** Shows what is filled in in the full email too, once its frame has loaded it. */
    function showLetter() {
      const frame = letters.find(({ dataset }) => dataset.letter === (variant().id ?? ""));
      const inside = frame?.contentDocument;
      if (!inside?.querySelector("title")) return;
      const whole = new DOMParser().parseFromString(message.html(variant().draft.html), "text/html");
      inside.body.innerHTML = whole.body.innerHTML;
    }

    /** Folds the groups that are filled in already into one line each. */
    function fold() {
      all("[data-fold]").forEach((group) => {
        const ids = Object.keys(inputs).filter((id) => group.contains(inputs[id]) && isAsked(id));
        const needed = ids.filter((id) => !data.blanks[id].optional);
        setFolded(group, needed.length > 0 && !needed.some(problem));
        const shown = needed.filter((id) => data.blanks[id].type !== "choice").slice(0, 2);
        group.querySelector(".fold-line span").textContent = `${group.querySelector("legend").textContent}: ${shown.map(value).join(", ")}`;
      });
    }

    function setFolded(group, isFolded) {
      group.classList.toggle("folded", isFolded);
      group.querySelector(".fold-line").hidden = !isFolded;
    }

    /** Moves the focus to a field, also if it is folded away. */
    function focus(id) {
      const group = inputs[id].closest("[data-fold]");
      if (group) setFolded(group, false);
      if (colleague.isUnchosen() && colleague.ids.includes(id)) {
        one(".composer-colleague select").focus();
        return;
      }
      colleague.open(id);
      inputs[id].focus();
    }

    /* --- what keeps a message from leaving the page --- */

    const needs = () => variant().needs;
    const everyone = Object.values(data.people).flat();
    const wrongAddresses = () => everyone.flatMap((box) => idsOf(box.email)).filter((id) => value(id) && problem(id));

    function names(ids) {
      const person = colleague.isUnchosen() ? colleague.ids : [];
      return [...new Set(ids.map((id) => (person.includes(id) ? "Colleague" : ask(id))))].join(", ");
    }

    /** True if all `ids` are filled in; else lists the others, marks them, and focuses the first. */
    function isReady(ids, refusal = "Not copied.") {
      const missing = Object.keys(inputs).filter((id) => ids.includes(id) && problem(id));
      missing.forEach((id) => mark(id, problem(id)));
      if (!missing.length) return true;
      colleague.mark(colleague.isUnchosen() && missing.some((id) => colleague.ids.includes(id)));
      const empty = missing.filter((id) => problem(id) === "empty");
      const wrong = missing.filter((id) => problem(id) !== "empty");
      const sentences = [refusal];
      if (empty.length) sentences.push(`Fill in: ${names(empty)}.`);
      if (wrong.length) sentences.push(`Correct: ${names(wrong)}.`);
      say(status, sentences.join(" "), true);
      focus(missing[0]);
      return false;
    }

    /** Shows a doubt at its fields, in place of the one before. */
    function hint(doubt) {
      hinted.forEach((id) => fields.question(id, ""));
      hinted = doubt?.ids ?? [];
      hinted.forEach((id) => fields.question(id, doubt.hint));
    }

    /** Shows at a field what its value alone makes doubtful. */
    function askAbout(id) {
      doubts().filter(({ ids, isPlain }) => isPlain && ids.includes(id)).forEach((doubt) => fields.question(id, doubt.hint));
    }

    /** True if the message can leave the page; a doubt holds it up once. */
    function isSure(button, refusal) {
      if (!isReady([...needs(), ...wrongAddresses()], refusal)) return false;
      const doubt = doubts().find(({ question }) => !confirmed.has(question));
      if (doubt) {
        confirmed.add(doubt.question);
        doubt.ids.forEach(colleague.open);
        hint(doubt);
        one("[data-do=swap]").hidden = !doubt.isSwap;
        say(status, `${refusal.replace(".", " yet.")} ${doubt.question}, or press ${button.textContent} again.`, true);
        return false;
      }
      hint(null);
      colleague.keep();
      if (everyone.length) memory.saveCopied();
      return true;
    }

    /* --- what the buttons do --- */

    const subject = () => message.text(variant().subject).trim();
    const whole = () => [message.text(variant().text), message.html(variant().html)];
    const mail = () => ({
      subject: subject(),
      people: Object.fromEntries(["reply-to", "to", "cc", "bcc"].map((name) => [name, message.people(data.people[name])])),
    });

    function follow(href, attributes) {
      const link = Object.assign(document.createElement("a"), { href, ...attributes });
      root.append(link);
      link.click();
      link.remove();
    }

    function pageLink(hash) {
      const address = new URL(location.href);
      address.search = variant().id ? `variant=${variant().id}` : "";
      address.hash = "";
      return address.href.replace(/#$/, "") + (hash ? `#${hash}` : "");
    }

    /** Copies the message, and opens `address` to paste it there; at once, as browsers block what opens later. */
    async function handOn(button, address, attributes) {
      if (await answer(button, status, data.noun, whole(), `Paste it with ${keys("V")}.`)) follow(address, attributes);
    }

    const actions = {
      message: (button) => isSure(button, "Not copied.") && answer(button, status, data.noun, whole()),
      subject: (button) => isReady(idsOf(variant().subject)) && answer(button, status, "subject", [subject(), null]),
      text: (button) =>
        isSure(button, "Not copied.") && answer(button, status, "plain text", [message.text(variant().text), null]),
      platform: (button) => {
        const { platform, what, label } = button.dataset;
        const { text, html } = variant().copies[platform];
        const note = Object.keys(inputs).length ? `Values that you typed are not in it: ${label} fills in its own.` : "";
        answer(button, status, what, [text, html], note);
      },
      webmail: (button) => {
        if (!isSure(button, "Not opened.")) return;
        handOn(button, handover.draft.webmail(data.webmail, mail()), { target: "_blank", rel: "noopener noreferrer" });
      },
      mail: (button) => {
        if (!isSure(button, "Not opened.")) return;
        const address = handover.draft.mailto(mail());
        if (address) handOn(button, address);
        else say(status, "Not opened. Subject and addresses are too long for an email app: use Download draft.", true);
      },
      draft: (button) => {
        if (!isSure(button, "Not downloaded.")) return;
        const { text, html } = variant().draft;
        const file = handover.draft.eml({ ...mail(), text: message.text(text), html: message.html(html) });
        const href = URL.createObjectURL(new Blob([file], { type: "message/rfc822" }));
        follow(href, { download: [data.id, variant().id, "eml"].filter(Boolean).join(".") });
        setTimeout(() => URL.revokeObjectURL(href), 10_000);
        say(status, "Draft downloaded. Open it in Thunderbird or classic Outlook.");
      },
      link: (button) => {
        /* The sender is the person who opens the link, so it has no details about you. */
        const known = Object.keys(inputs).filter((id) => data.blanks[id].group !== "sender" && !problem(id));
        const link = pageLink(known.map((id) => `${encode(id)}=${encode(value(id))}`).join("&"));
        answer(button, status, "prefilled link", [link, null]);
      },
      new: () => {
        memory.clear();
        confirmed.clear();
        current = 0;
        if (tabs.length) history.replaceState(history.state, "", pageLink(""));
        refresh();
        offerUndo();
        focusCustomer();
      },
      undo: () => {
        memory.undo();
        current = indexOf(recall("sessionStorage", "variants")[location.pathname]);
        if (tabs.length) history.replaceState(history.state, "", pageLink(""));
        refresh();
        say(status, "Customer details are back.");
        if (one(".main")) one(".main").focus();
        else focusCustomer();
      },
      swap: () => {
        const [first, second] = doubts().find(({ isSwap }) => isSwap).ids;
        const given = value(first);
        fields.put(first, value(second));
        fields.put(second, given);
        [first, second].forEach(memory.save);
        answered();
        show();
        one(".main").focus();
      },
      details: colleague.toggle,
      unfold: (button) => {
        const group = button.closest("[data-fold]");
        setFolded(group, false);
        group.querySelector("input, select, textarea").focus();
      },
    };

    function offerUndo() {
      say(status, "Customer details cleared.");
      one("[data-do=undo]").hidden = !memory.canUndo();
    }

    function focusCustomer() {
      const first = Object.keys(inputs).find((id) => data.blanks[id].group === "customer" && isAsked(id));
      if (first) focus(first);
    }

    /** Takes back what the page said or asked for: something has changed since. */
    function answered() {
      one("[data-do=swap]").hidden = true;
      hint(null);
      say(status, "");
    }

    /** Shows the values of the fields. */
    function refresh() {
      colleague.show();
      fold();
      show();
      if (!memory.canUndo()) one("[data-do=undo]").hidden = true;
    }

    /** Takes the values that are stored by now. */
    function restore() {
      memory.restore();
      colleague.restore();
      refresh();
    }

    /** Has the other forms of the page show what was stored by this one. */
    const tell = () => document.dispatchEvent(new CustomEvent("stored", { detail: root }));

    /** Shows the variant that a reader has chosen. */
    function choose(index) {
      current = index;
      history.replaceState(history.state, "", pageLink(""));
      rememberVariant();
      show();
      formulas();
    }

    /** Keeps the variant: the theme's links to this page lack it. */
    function rememberVariant() {
      remember("sessionStorage", "variants", { ...recall("sessionStorage", "variants"), [location.pathname]: variant().id });
    }

    const indexOf = (wanted) => Math.max(data.variants.findIndex(({ id }) => id === wanted), 0);

    /* --- prefilled links --- */

    function formulas() {
      if (!one(".composer-formula")) return;
      const asked = Object.keys(inputs).filter((id) => data.blanks[id].group === "customer" && isAsked(id));
      const cells = asked.map((id, index) => `${index ? "&" : ""}${id}="&ENCODEURL(${String.fromCharCode(65 + index)}2)`);
      const rows = data.record_links.map(({ label, values }) => [label, pageLink(values)]);
      if (asked.length) rows.push(["Spreadsheet", `="${pageLink("")}#${cells.join('&"')}`]);
      const row = ([label, formula]) => `<dt>${escape(label)}</dt><dd><code>${escape(formula)}</code></dd>`;
      one(".composer-formula dl").innerHTML = rows.map(row).join("");
      one(".composer-formula").hidden = !rows.length;
    }

    /* --- events --- */

    form?.addEventListener("submit", (event) => event.preventDefault());
    form?.addEventListener("input", ({ target }) => {
      if (!Object.hasOwn(inputs, target.name)) return;
      const changed = fields.type(target.name);
      changed.forEach(memory.save);
      changed.forEach(colleague.typed);
      if (data.blanks[target.name].group === "customer" && memory.canUndo()) {
        memory.dropUndo();
        one("[data-do=undo]").hidden = true;
      }
      answered();
      colleague.show();
      show();
      tell();
    });
    form?.addEventListener("change", ({ target }) => {
      const id = target.name;
      if (Object.hasOwn(inputs, id) && value(id)) {
        fields.put(id, value(id), fields.isLinked(id));
        if (!fields.isLinked(id)) memory.save(id);
        /* After the click that has left the field: a button that moves would miss it. */
        setTimeout(askAbout, 200, id);
      }
      show();
      tell();
    });
    root.addEventListener("click", (event) => {
      const button = event.target.closest("[data-do]");
      if (!button) return;
      if (more) more.open = false;
      actions[button.dataset.do](button);
      tell();
    });
    more?.addEventListener("keydown", ({ key }) => {
      if (key !== "Escape") return;
      more.open = false;
      more.querySelector("summary").focus();
    });
    more?.addEventListener("focusout", ({ relatedTarget }) => {
      if (relatedTarget && !more.contains(relatedTarget)) more.open = false;
    });
    tabs.forEach((tab, index) => {
      tab.addEventListener("click", () => choose(index));
      tab.addEventListener("keydown", ({ key }) => {
        const step = { ArrowRight: 1, ArrowLeft: -1, Home: -index, End: tabs.length - 1 - index }[key];
        if (step === undefined) return;
        const next = (index + step + tabs.length) % tabs.length;
        choose(next);
        tabs[next].focus();
      });
    });
    handover.guardSelection(root, () => isReady([...needs(), ...everyone.flatMap((box) => idsOf(box.name))]));

    /* --- start --- */

    const { pathname } = location;
    const isHere = () => root.isConnected && location.pathname === pathname;

    /** Shows the variant and takes the values that the address asks for. */
    function arrive() {
      memory.prefill();
      const wanted = new URLSearchParams(location.search).get("variant");
      current = indexOf(wanted ?? recall("sessionStorage", "variants")[pathname]);
      if (wanted) rememberVariant();
      refresh();
      formulas();
      if (!root.matches(".composer-snippet") && memory.canUndo()) offerUndo();
    }

    panels.forEach((panel) => tabs.length && panel.setAttribute("role", "tabpanel"));
    panels.forEach((panel, index) => tabs.length && panel.setAttribute("aria-labelledby", tabs[index].id));
    memory.restore();
    memory.prefill();
    colleague.restore();
    arrive();
    all("[data-scripted]").forEach((element) => (element.hidden = false));
    root.classList.add("ready");

    /* The theme goes to another address of the same page without loading it. */
    ["hashchange", "popstate"].forEach((name) => addEventListener(name, () => isHere() && arrive()));
    window.location$?.subscribe(() => isHere() && arrive());
    document.addEventListener("stored", ({ detail }) => detail !== root && isHere() && restore());
    letters.forEach((frame) => frame.addEventListener("load", showLetter));
    handover.whenBack(restore);
    handover.whenStored("cleared", () => {
      if (!isHere()) return;
      const before = JSON.stringify(fields.values);
      restore();
      if (JSON.stringify(fields.values) !== before) say(status, "Customer details changed in another tab.");
    });
  });
})();
