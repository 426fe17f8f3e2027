/* The colleague: chosen from data/people.yml or from those typed in before, or typed in now. */
(() => {
  "use strict";
  const { recall, remember } = window.handover;

  /* Typed-in colleagues that this browser keeps. */
  const MOST = 30;
  const OTHER = "?";

  /** The colleague of a form; `save` stores a field. It does nothing in a form without a colleague's details. */
  window.handover.colleague = (root, data, fields, save) => {
    const select = root.querySelector(".composer-colleague select");
    if (!select) return { restore() {}, show() {}, typed() {}, open() {}, keep() {}, mark() {}, isUnchosen: () => false, ids: [] };
    const details = root.querySelector(".composer-details");
    const button = root.querySelector("[data-do=details]");
    const typedIn = document.createElement("optgroup");
    typedIn.label = "Typed in before";
    const ids = Object.keys(data.blanks).filter((id) => data.blanks[id].person);
    const needed = ids.filter((id) => !data.blanks[id].optional);
    const nameOf = ids.find((id) => data.blanks[id].person === "name");
    const detail = (person, id) => person[data.blanks[id].person] ?? "";

    /** Everybody on offer by the value of the option. */
    function everybody() {
      const own = Object.entries(recall("localStorage", "colleagues")).filter(([, person]) => person && typeof person === "object");
      return new Map([...Object.entries(data.colleagues), ...own.map(([name, person]) => [`+${name}`, person])]);
    }

    /** Takes the details of the colleague of before, chosen or typed in: data/people.yml may have others by now, and another
        message may lack some. */
    function restore() {
      const { id, typed } = recall("localStorage", "colleague");
      const person = everybody().get(id) ?? typed;
      if (person && !ids.some(fields.isLinked)) fill(person);
      show();
      open(!offers() || (ids.some(fields.value) && needed.some(fields.problem)));
    }

    function fill(person) {
      ids.forEach((id) => {
        fields.put(id, detail(person, id));
        save(id);
      });
    }

    const offers = () => select.options.length > 2;

    /** Shows in the list whose details are in the fields. */
    function show() {
      const all = everybody();
      typedIn.replaceChildren(...[...all.keys()].filter((id) => id.startsWith("+")).map((id) => new Option(id.slice(1), id)));
      if (typedIn.children.length) select.lastElementChild.before(typedIn);
      else typedIn.remove();
      const known = [...all].find(([, person]) => ids.every((id) => fields.values[id] === detail(person, id)));
      select.value = known?.[0] ?? (ids.some(fields.value) ? OTHER : "");
      root.querySelector(".composer-colleague").hidden = button.hidden = !offers();
    }

    function open(isOpen) {
      details.hidden = !isOpen;
      button.setAttribute("aria-expanded", String(isOpen));
    }

    function choose() {
      const person = everybody().get(select.value);
      remember("localStorage", "colleague", person ? { id: select.value } : { typed: {} });
      mark(false);
      fill(person ?? {});
      open(select.value === OTHER || (select.value !== "" && needed.some(fields.problem)));
      if (select.value === OTHER) fields.inputs[ids[0]].focus();
    }

    /** Marks the list while nobody is chosen, or takes that back. */
    function mark(isMissing) {
      if (isMissing) select.setAttribute("aria-invalid", "true");
      else select.removeAttribute("aria-invalid");
      root.querySelector(".composer-colleague .field-wrong").textContent = isMissing ? "Fill this in." : "";
    }

    /** Takes what was typed into a detail: it is no longer the chosen colleague's. */
    function typed(id) {
      if (!ids.includes(id)) return;
      mark(false);
      /* What this message does not show is another colleague's, once the name changes. */
      const others = id === nameOf ? {} : recall("localStorage", "colleague").typed;
      remember("localStorage", "colleague", { typed: { ...others, ...shown() } });
    }

    /** The details in the fields, without those from a link. */
    const shown = () =>
      Object.fromEntries(ids.filter((id) => !fields.isLinked(id)).map((id) => [data.blanks[id].person, fields.values[id]]));

    /** Keeps a colleague who was typed in, to offer them the next time. */
    function keep() {
      if (select.value !== OTHER || !nameOf || ids.some((id) => fields.isLinked(id) || (fields.value(id) && fields.problem(id)))) return;
      const name = fields.value(nameOf);
      const { [name]: before, ...others } = recall("localStorage", "colleagues");
      const details = { ...before, ...recall("localStorage", "colleague").typed, ...shown() };
      remember("localStorage", "colleagues", Object.fromEntries([...Object.entries(others).slice(-MOST + 1), [name, details]]));
      remember("localStorage", "colleague", { id: `+${name}` });
      show();
    }

    select.addEventListener("change", choose);
    return {
      restore,
      show,
      keep,
      mark,
      typed,
      toggle: () => open(details.hidden),
      open: (id) => ids.includes(id) && open(true),
      /** True as long as no colleague is chosen or typed in. */
      isUnchosen: () => offers() && details.hidden && !ids.some(fields.value),
      ids,
    };
  };
})();
