/* What looks wrong in the fields and may be right: asked about once, before the message leaves. */
(() => {
  "use strict";

  const EMAIL = /[^\s@]@[^\s@]+\.[^\s@]/;
  const SCHEME = /^\w+:\/\//;
  /* As a name; as a company it may be right: Booking.com. */
  const DOMAIN = /^www\.|^\S+\.(?:ai|app|com|dev|io|net|org)(?:[/?#:]|$)/i;
  const ORGANIZATION = new RegExp(
    "(?:[\\s,](?:bank|company|consulting|corp|corporation|enterprises|foundation|gmbh|group|holdings?|inc|incorporated|industries" +
      "|institute|labs|limited|llc|llp|logistics|ltd|networks?|partners|plc|pty|robotics|sarl|services|software|solutions|srl" +
      "|studios?|systems|technolog(?:y|ies)|university|ventures)|[&+]\\s*co)\\.?$", "i",
  );
  /* Forms that are also the ends of names: only as companies write them. */
  const SHORT_FORM = /[\s,](?:AB|AG|BV|Co\.|KG|NV|Oy|SA|SE|SpA)$/;

  const isOrganization = (text) => ORGANIZATION.test(text) || (SHORT_FORM.test(text) && text !== text.toUpperCase());
  const squash = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, "");

  /** Lists the doubts about a form: a question that goes on with "or press …", and the `ids` of the fields. */
  window.handover.doubts = (data, fields, message) => () => {
    const { value, idsOf } = fields;
    const boxes = Object.values(data.people).flat();
    const named = (all) => [...new Set(all.flatMap((box) => idsOf(box.name)))].filter((id) => data.blanks[id].type === "text");
    const isCustomers = (id) => data.blanks[id].group === "customer" && data.blanks[id].type === "text" && !data.blanks[id].own;
    const names = named(data.people.to ?? []).filter(isCustomers);
    const others = Object.keys(fields.inputs).filter((id) => isCustomers(id) && !names.includes(id));
    const say = (id) => `${data.blanks[id].ask} is \u201c${value(id)}\u201d`;

    function addresses() {
      const inNames = named(boxes).filter((id) => DOMAIN.test(value(id)));
      const all = new Set([...inNames, ...[...named(boxes), ...others].filter((id) => EMAIL.test(value(id)) || SCHEME.test(value(id)))]);
      return [...all].map((id) => ({ question: `Check: ${say(id)}. Correct it`, ids: [id] }));
    }

    /** True if the customer's email address has the text for its domain, and not as the name of a person. */
    function isDomain(text) {
      const [address = ""] = (data.people.to ?? []).flatMap((box) => idsOf(box.email)).map(value);
      const [local, domain = ""] = address.toLowerCase().split("@");
      return domain.split(".").slice(0, -1).includes(squash(text)) && !local.split(/[._-]/).includes(squash(text));
    }

    function swapped([name, other]) {
      const [first, second] = [value(name), value(other)];
      if (!first || !second) return [];
      if (squash(first) === squash(second)) {
        return [{ question: `Check: ${say(name)}, and so is ${data.blanks[other].ask}. Correct one`, ids: [name, other] }];
      }
      const looksSwapped = isOrganization(first) || (isDomain(first) && !isDomain(second));
      if (!looksSwapped) return [];
      if (isOrganization(second)) return [{ question: `Check: ${say(name)}. Correct it`, ids: [name] }];
      return [{ question: `Check: ${say(name)}, ${say(other)}. Swap them, correct them`, ids: [name, other], isSwap: true }];
    }

    function copyless() {
      const lacking = (data.people.cc ?? []).filter((box) => idsOf(box.email).some((id) => !value(id)));
      const ids = lacking.flatMap((box) => idsOf(box.email));
      const who = lacking.map((box) => message.text(box.name)).filter(Boolean).join(", ") || "Nobody";
      const asked = ids.map((id) => data.blanks[id].ask).join(", ");
      return ids.length ? [{ question: `${who} would not be in copy: Cc has no address. Fill in ${asked}`, ids }] : [];
    }

    return [...addresses(), ...names.flatMap((name) => others.flatMap((other) => swapped([name, other]))), ...copyless()];
  };
})();
