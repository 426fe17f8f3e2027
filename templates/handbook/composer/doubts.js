/* What looks wrong in the fields and may be right: asked about once, before the message leaves. */
(() => {
  "use strict";
  const { squash } = window.handover;

  const EMAIL = /[^\s@]@[^\s@]+\.[^\s@]/;
  const URL = /^\w+:\/\/|^www\.|^[^\s/]+\.[a-z]{2,}\//i;
  /* As a name; as a company it may be right: Booking.com. */
  const DOMAIN = /^\S+\.(?:ai|app|com|dev|io|net|org)(?:[?#:]|$)/i;
  const ORGANIZATION = new RegExp(
    "(?:[\\s,](?:bank|company|consulting|corp|corporation|enterprises|foundation|gmbh|group|holdings?|inc|incorporated|industries" +
      "|institute|labs|limited|llc|llp|logistics|ltd|networks?|partners|plc|pty|robotics|sarl|services|software|solutions|srl" +
      "|studios?|systems|technolog(?:y|ies)|university|ventures)|[&+]\\s*co)\\.?$", "i",
  );
  /* Forms that are also the ends of names: only as companies write them. */
  const SHORT_FORM = /[\s,](?:AB|AG|BV|Co\.|KG|NV|Oy|SA|SE|SpA)$/;

  const isOrganization = (text) => ORGANIZATION.test(text) || (SHORT_FORM.test(text) && text !== text.toUpperCase());

  /** Lists the doubts about a form: a question that goes on with "or press …", the `ids` of the fields, and the `hint` to show
      at them; `isPlain` if the value of a field is enough to see it. */
  window.handover.doubts = (data, fields, message, memory) => () => {
    const { value, idsOf } = fields;
    const ofType = (id, ...types) => types.includes(data.blanks[id].type);
    const boxes = Object.values(data.people).flat();
    const named = (all) => [...new Set(all.flatMap((box) => idsOf(box.name)))].filter((id) => ofType(id, "text"));
    const isCustomers = (id) => data.blanks[id].group === "customer" && ofType(id, "text") && !data.blanks[id].own;
    const names = named(data.people.to ?? []).filter(isCustomers);
    const others = Object.keys(fields.inputs).filter((id) => isCustomers(id) && !names.includes(id));
    const say = (id) => `${data.blanks[id].ask} is \u201c${value(id)}\u201d`;

    function addresses() {
      const people = Object.keys(fields.inputs).filter((id) => named(boxes).includes(id) || data.blanks[id].group === "sender");
      const texts = Object.keys(fields.inputs).filter((id) => ofType(id, "text") && !data.blanks[id].own);
      return texts.flatMap((id) => {
        const isEmail = EMAIL.test(value(id));
        if (!isEmail && !URL.test(value(id)) && !(people.includes(id) && DOMAIN.test(value(id)))) return [];
        const hint = `This looks like ${isEmail ? "an email address" : "a URL"}. Is it right?`;
        return [{ question: `Check: ${say(id)}. Correct it`, ids: [id], hint, isPlain: true }];
      });
    }

    /** Whose name or company has changed since the message before, but not the address. */
    function stale() {
      const before = memory.copied();
      const isAs = (id) => squash(String(before[id] ?? "")) === squash(value(id));
      return Object.entries(data.people).flatMap(([head, all]) =>
        all.flatMap((box) => {
          const who = [...named([box]), ...(head === "to" ? others : [])];
          const was = before[who.find((id) => before[id] && !isAs(id))];
          const details = who.some((id) => data.blanks[id].person) ? Object.keys(fields.inputs).filter((id) => data.blanks[id].person) : [];
          const ids = [...new Set([...idsOf(box.email), ...details])].filter((id) => ofType(id, "email", "url") && value(id) && isAs(id));
          if (!was || !ids.length) return [];
          return [{ question: `Check: ${ids.map(say).join(", ")}, as for ${was}. Correct it`, ids, hint: `Still ${was}'s?` }];
        }),
      );
    }

    /** True if the customer's email address has the text for its domain, and not as the name of a person. */
    function isDomain(text) {
      const [address = ""] = (data.people.to ?? []).flatMap((box) => idsOf(box.email)).map(value);
      const [local, domain = ""] = address.toLowerCase().split("@");
      return domain.split(".").slice(0, -1).includes(squash(text)) && !local.split(/[._-]/).includes(squash(text));
    }

    function swapped([name, other]) {
      const [first, second] = [value(name), value(other)];
      const hint = "Is it right?";
      if (!first || !second) return [];
      if (squash(first) === squash(second)) {
        return [{ question: `Check: ${say(name)}, and so is ${data.blanks[other].ask}. Correct one`, ids: [name, other], hint }];
      }
      const looksSwapped = isOrganization(first) || (isDomain(first) && !isDomain(second));
      if (!looksSwapped) return [];
      if (isOrganization(second)) return [{ question: `Check: ${say(name)}. Correct it`, ids: [name], hint }];
      return [{ question: `Check: ${say(name)}, ${say(other)}. Swap them, correct them`, ids: [name, other], hint, isSwap: true }];
    }

    function copyless() {
      const lacking = (data.people.cc ?? []).filter((box) => idsOf(box.email).some((id) => !value(id)));
      const ids = lacking.flatMap((box) => idsOf(box.email));
      const who = lacking.map((box) => message.text(box.name)).filter(Boolean).join(", ") || "Nobody";
      const asked = ids.map((id) => data.blanks[id].ask).join(", ");
      return ids.length ? [{ question: `${who} would not be in copy: Cc has no address. Fill in ${asked}`, ids, hint: "Cc has no address without it." }] : [];
    }

    return [...addresses(), ...names.flatMap((name) => others.flatMap((other) => swapped([name, other]))), ...copyless(), ...stale()];
  };
})();
