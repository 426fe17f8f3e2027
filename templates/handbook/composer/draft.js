/* An email as a draft: a file for email clients, and the addresses that open one in webmail or in an email app. */
(() => {
  "use strict";
  const { encode } = window.handover;

  /* Characters of a mailto: URL: Chrome on Windows opens nothing for a longer one. */
  const LONGEST_MAILTO = 1800;
  const BOUNDARY = "=_handover_draft";

  const base64 = (text) => btoa(Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join(""));
  const isPlain = (text) => /^[ -~]*$/.test(text) && !text.includes("=?");

  /** Text as encoded words (RFC 2047): at most 75 characters each, and no character in two of them. */
  function encoded(text) {
    const words = [""];
    for (const character of text) {
      if (new TextEncoder().encode(words.at(-1) + character).length > 39) words.push("");
      words[words.length - 1] += character;
    }
    return words.map((word) => `=?utf-8?b?${base64(word)}?=`).join("\r\n ");
  }

  /** A header with a line of text, folded at its spaces. */
  function textLine(name, given) {
    const text = given.trim().replace(/\s+/g, " ");
    const line = `${name}: ${text}`;
    return isPlain(text) ? line.replace(/(.{40,70}) (?=\S)/g, "$1\r\n ") : `${name}: ${encoded(text)}`;
  }

  function phrase(given) {
    const name = given.trim().replace(/\s+/g, " ");
    if (!isPlain(name)) return encoded(name);
    return /^[\w!#$%&'*+/=?^`{|}~ -]*$/.test(name) ? name : `"${name.replace(/[\\"]/g, "\\$&")}"`;
  }

  const peopleLine = (name, people) =>
    `${name}: ${people.map(({ name: who, email }) => (who.trim() ? `${phrase(who)} <${email}>` : email)).join(",\r\n ")}`;

  function part(kind, text) {
    const lines = base64(text.replace(/\n/g, "\r\n")).replace(/.{76}/g, "$&\r\n");
    return `--${BOUNDARY}\r\nContent-Type: text/${kind}; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r\n\r\n${lines}\r\n`;
  }

  /** An .eml file like those of render/eml.py: `people` by header, `text` and `html` of the whole email. */
  function eml({ subject, people, text, html }) {
    const names = { "reply-to": "Reply-To", to: "To", cc: "Cc", bcc: "Bcc" };
    const head = [
      textLine("Subject", subject),
      ...Object.entries(names).filter(([key]) => people[key].length).map(([key, name]) => peopleLine(name, people[key])),
      "MIME-Version: 1.0",
      `Content-Type: multipart/alternative;\r\n boundary="${BOUNDARY}"`,
      "X-Unsent: 1",
    ];
    return `${head.join("\r\n")}\r\n\r\n${part("plain", text)}${part("html", html)}--${BOUNDARY}--\r\n`;
  }

  const addresses = (people) => people.map(({ email }) => email).join(",");

  /** `pattern` is `compose_url` of data/brand.yml; parameters without a value are left out. */
  function webmail(pattern, { subject, people }) {
    const values = { subject, to: addresses(people.to), cc: addresses(people.cc), bcc: addresses(people.bcc) };
    const [start, ...query] = pattern.split(/([?&])/);
    const pairs = query.filter((_, index) => index % 2).filter((pair) => values[/<(\w+)>/.exec(pair)?.[1]] !== "");
    return [start, pairs.join("&")].filter(Boolean).join("?").replace(/<(\w+)>/g, (_, name) => encode(values[name]));
  }

  /** A mailto: URL with recipients and subject; null if it is too long. */
  function mailto({ subject, people }) {
    const pairs = { cc: addresses(people.cc), bcc: addresses(people.bcc), subject };
    const query = Object.entries(pairs).filter(([, value]) => value).map(([name, value]) => `${name}=${encode(value)}`);
    const to = people.to.map(({ email }) => encode(email)).join(",");
    const url = `mailto:${to}?${query.join("&")}`.replace(/%40/g, "@");
    return url.length > LONGEST_MAILTO ? null : url;
  }

  window.handover.draft = { eml, webmail, mailto };
})();
