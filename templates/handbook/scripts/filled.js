/* What counts as filled in, by the same rules as model/value.py. */
(() => {
  "use strict";

  const HIDDEN = /[\p{Default_Ignorable_Code_Point}\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2800\uFFFC\u{13441}\u{13442}\u{1D159}]/gu;
  /* model/text.py: line breaks, bidirectional controls and the like, which could change a line without being seen. */
  const CONTROL = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\u2028\u2029\u202A-\u202E\u2066-\u2069\uFEFF]/u;
  const NO_VALUES = ["undefined", "[object Object]", "NaN"];
  const BRACKETS = new Map(
    ["[]", "{}", "<>", "()", "\u00AB\u00BB", "\u2039\u203A", "\u27E8\u27E9", "\u3008\u3009", "\u300A\u300B", "\u3010\u3011", "\u3014\u3015"]
      .map((pair) => [...pair]),
  );
  const LINE = /^[\s_.Xx\-\u2010-\u2015\u2212]*$/;

  /** True if something is between the first `before` and the last `after`. */
  function hasToken(text, [before, after]) {
    const first = text.indexOf(before);
    return first >= 0 && text.lastIndexOf(after) > first + before.length;
  }

  /** True if the bracket at the start is closed by the last character, and not before. */
  function isInBrackets(text) {
    const [first] = text;
    const last = BRACKETS.get(first);
    if (!last || !text.endsWith(last)) return false;
    let depth = 0;
    for (let index = 0; index < text.length; index += 1) {
      depth += (text[index] === first) - (text[index] === last);
      if (!depth) return index === text.length - 1;
    }
    return true;
  }

  /** Why `value` is not filled in; null if it is. `tokens` are pairs: what is before and after a merge token's name. */
  function unfilled(value, tokens) {
    const visible = value.replace(HIDDEN, "");
    if (/^[\p{M}\p{Z}]*$/u.test(visible)) return "invisible";
    if (CONTROL.test(value)) return "control";
    const text = visible.normalize("NFKC").trim();
    if (NO_VALUES.includes(text)) return "no-value";
    if (tokens.some((token) => hasToken(text, token))) return "token";
    return isInBrackets(text) || LINE.test(text) ? "placeholder" : null;
  }

  /** True for a URL of the web that matches `pattern`. */
  function isUrl(value, pattern) {
    try {
      if (!new RegExp(`^(?:${pattern})$`, "i").test(value) || value.replace(HIDDEN, "") !== value) return false;
      return new URL(value).host !== "";
    } catch {
      return false;
    }
  }

  Object.assign(window.handover, { unfilled, isUrl });
})();
