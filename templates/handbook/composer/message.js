/* A message with the values of its fields, as plain text, as HTML to copy, and as HTML to look at. */
(() => {
  "use strict";
  const { escape, inHtml } = window.handover;

  /* Marks a missing value inside a URL of the page. */
  const MISSING = "\uE000";

  const encode = (text) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

  /** The text with a capital first letter in a language; `Language.capitalized` in the engine does the same. */
  const capital = (text, language) => {
    if (/^nl\b/.test(language) && text.startsWith("ij")) return `IJ${text.slice(2)}`;
    return text.startsWith("\u00df") ? `\u1e9e${text.slice(1)}` : text.charAt(0).toLocaleUpperCase(language.split("-")[0]) + text.slice(1);
  };

  /** Writes lists of pieces: strings, and objects that stand for a value of `fields`. */
  window.handover.message = (data, fields) => {
    /** The text for a placeholder; null while its value is missing or invalid. */
    function filled(piece) {
      if (fields.problem(piece.blank)) return null;
      const value = fields.value(piece.blank);
      if (!piece.form && piece.in === "recipient") return encode(value).replace(/%40/g, "@");
      if (!piece.form) return piece.in === "address-part" ? encode(value) : value;
      const text = data.blanks[piece.blank].options[value][piece.form];
      return piece.capital ? capital(text, piece.capital) : text;
    }

    function bracket(piece) {
      const blank = data.blanks[piece.blank];
      return `[${(piece.form && blank.forms[piece.form]) || blank.label}]`;
    }

    const write = (pieces, spell) => pieces.map((piece) => (typeof piece === "string" ? piece : spell(piece))).join("");
    const text = (pieces) => write(pieces, (piece) => filled(piece) ?? bracket(piece));
    const html = (pieces) => write(pieces, (piece) => inHtml(filled(piece) ?? bracket(piece)));

    /** The HTML for the page, which highlights filled and empty placeholders. */
    const shown = (pieces) =>
      write(pieces, (piece) => {
        const value = filled(piece);
        if (piece.in) return escape(value ?? MISSING);
        return `<span class="blank${value === null ? " empty" : ""}">${inHtml(value ?? bracket(piece))}</span>`;
      });

    /** Shows a message in `body`; a link that lacks a part of its URL leads nowhere. */
    function showIn(body, pieces) {
      body.innerHTML = shown(pieces);
      body.querySelectorAll(`a[href*="${MISSING}"]`).forEach((link) => {
        link.removeAttribute("href");
        link.setAttribute("role", "link");
        link.setAttribute("aria-disabled", "true");
        link.classList.add("blank", "empty");
      });
    }

    /** Shows a line of plain text in `target`. */
    function showLine(target, pieces) {
      if (target) target.innerHTML = shown(pieces.map((piece) => (typeof piece === "string" ? escape(piece) : piece)));
    }

    const isMissing = (pieces) => pieces.some((piece) => piece.blank && filled(piece) === null);

    /** People of the email's head as pieces of a line: each name, and the address once it is known. */
    const line = (boxes) =>
      boxes.flatMap(({ name, email }, index) => {
        const address = email.length && !isMissing(email) ? text(email) : "";
        const lacks = email.length && !address ? " (no address yet)" : "";
        const known = name.length && address ? ` <${address}>` : address;
        return [...(index ? [", "] : []), ...name, known || (isMissing(name) ? "" : lacks)];
      });

    /** People of the email's head who have an address. */
    const people = (boxes = []) =>
      boxes
        .filter(({ email }) => email.length && !isMissing(email))
        .map(({ name, email }) => ({ name: isMissing(name) ? "" : text(name), email: text(email) }));

    return { text, html, showIn, showLine, line, people };
  };
  window.handover.encode = encode;
})();
