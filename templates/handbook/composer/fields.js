/* The fields of a form: their values, what is wrong with them, and what people paste into them. */
(() => {
  "use strict";
  const { unfilled, isUrl } = window.handover;

  const WRONG = {
    empty: "Fill this in.",
    email: "Enter an email address, like name@company.com.",
    url: "Enter a URL that starts with https:// or http://.",
    placeholder: "This is a placeholder. Enter what it stands for.",
    token: "This has a merge token, which would stay as it is. Enter the value.",
    control: "This has an invisible control character. Type the value instead of pasting it.",
    "no-value": "This means that there is no value. Enter one.",
  };
  /* A URL as people type it. */
  const WITHOUT_SCHEME = /^(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}(?::\d+)?(?:[/?#]|$)/u;
  /* A name and an email address as email clients copy them. */
  const MAILBOX = /^\s*"?([^"<>]*?)"?\s*<\s*(?:mailto:)?([^<>\s]+@[^<>\s]+)\s*>[\s,;]*$/i;

  /* Without what spellings of one name differ in. */
  window.handover.squash = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

  const wordsOf = (text) => text.trim().split(/\s+/).length;

  /** The fields of the form in `root`. `data` are those of the page, see render/composer.py. */
  window.handover.fields = (root, data) => {
    const inputs = Object.fromEntries([...root.querySelectorAll("[data-field] [name]")].map((input) => [input.name, input]));
    const values = {};
    const part = (kind, id) => root.querySelector(`[data-field="${CSS.escape(id)}"] .field-${kind}`);
    const idsOf = (pieces) => pieces.filter((piece) => piece.blank).map((piece) => piece.blank);
    /* The fields for the name and the address of each person in the email's head. */
    const mailboxes = Object.values(data.people)
      .flat()
      .map(({ name, email }) => [idsOf(name), idsOf(email)[0]]);

    /** Puts a value into its field, and takes the field's version of it. */
    function put(id, given, fromLink = false) {
      /* A list keeps its lines; anything else is one line. */
      const isList = data.blanks[id].type === "lines";
      const tidy = (text) => (isList ? text.replace(/\r\n?/g, "\n").replace(/\t/g, " ") : text.replace(/[\r\n\t]+/g, " "));
      const text = typeof given === "string" ? tidy(given) : "";
      /* A truncated name or address would be wrong without looking wrong. */
      inputs[id].value = text.length > inputs[id].maxLength ? "" : text;
      values[id] = inputs[id].value;
      mark(id, problem(id) === "empty" ? null : problem(id));
      const origin = id.startsWith("checklist.") ? "from the checklist" : "from the link";
      part("linked", id).textContent = fromLink && values[id] ? origin : "";
    }

    /** The trimmed value of a field, a URL with its scheme; empty if no character of it is visible. */
    function value(id) {
      const text = unfilled(values[id], []) === "invisible" ? "" : values[id].trim();
      return data.blanks[id].type === "url" && WITHOUT_SCHEME.test(text) ? `https://${text}` : text;
    }

    /** What is wrong with the value of a field, as a key of `WRONG`; null if nothing is. */
    function problem(id) {
      const text = value(id);
      if (!text) return "empty";
      const { type, options } = data.blanks[id];
      if (type === "choice") return Object.hasOwn(options, text) ? null : "empty";
      const line = type === "lines" ? text.replace(/\n/g, " ") : text;
      return unfilled(line, data.tokens) ?? (isOfType(text, type) ? null : type);
    }

    function isOfType(text, type) {
      if (type === "url") return isUrl(text, data.patterns.url);
      return type !== "email" || new RegExp(`^(?:${data.patterns.email})$`, "i").test(text);
    }

    function mark(id, kind) {
      if (kind) inputs[id].setAttribute("aria-invalid", "true");
      else inputs[id].removeAttribute("aria-invalid");
      part("wrong", id).textContent = kind ? WRONG[kind] : "";
    }

    /** Asks about the value of a field, at the field. */
    const question = (id, text) => (part("wrong", id).textContent = text);

    /** Takes what was typed into a field. Returns the ids of the fields that it fills in. */
    function type(id) {
      const found = data.blanks[id].type === "lines" ? null : MAILBOX.exec(inputs[id].value);
      const [names, address] = mailboxes.find(([all, email]) => email === id || all.includes(id)) ?? [[], id];
      if (!found || data.blanks[address]?.type !== "email") {
        values[id] = inputs[id].value;
        mark(id, null);
        part("linked", id).textContent = "";
        return [id];
      }
      put(address, found[2]);
      const [name] = names;
      if (!name || !found[1] || (name !== id && value(name))) return [address];
      const whole = found[1].split(",").reverse().join(" ").trim();
      put(name, wordsOf(data.blanks[name].sample) === 1 ? whole.split(/\s+/)[0] : whole);
      return [address, name];
    }

    const isLinked = (id) => part("linked", id).textContent !== "";
    return { inputs, values, put, type, value, problem, mark, question, isLinked, idsOf };
  };
})();
