/* What was typed or came with a link: the browser keeps details about you and your colleague, the tab those about the
   customer, until they are cleared in any tab, and the page those from a link, until another message or customer. A
   customer who was cleared, or replaced by a link, can be brought back until the next one is typed in. */
(() => {
  "use strict";
  const { recall, remember, squash } = window.handover;

  /* What belongs to one customer. */
  const PLACES = [
    ["localStorage", "cleared"],
    ...["customer", "linked", "copied", "variants"].map((name) => ["sessionStorage", name]),
  ];

  /** The memory of a page's fields. */
  window.handover.memory = (data, fields) => {
    const ids = Object.keys(fields.inputs);
    const isCustomers = (id) => data.blanks[id].group === "customer";
    /* Another message can use the id of this one's own field for something else. */
    const key = (id) => (data.blanks[id].own ? `${location.pathname}#${id}` : id);

    /* Every tab sees this stamp, and Clear customer changes it. What a session holds with another one is cleared: some
       browsers bring an old session back with a page. */
    const stamp = () => recall("localStorage", "cleared").at;
    const keep = (name, held) => remember("sessionStorage", name, { ...held, at: stamp() });

    function session(name) {
      const held = recall("sessionStorage", name);
      return held.at === stamp() ? held : {};
    }

    /** The values from a link to this page that are as the link had them. */
    function linked() {
      const { page, values } = session("linked");
      return page === location.pathname ? Object(values) : {};
    }

    /** `replaces`: what was typed in meanwhile is about the customer of the link, too. */
    function saveLinked(values, replaces) {
      const aboutCustomer = replaces && Object.keys(values).some(isCustomers);
      keep("linked", { page: location.pathname, aboutCustomer, values });
    }

    const typedIn = (id) => (isCustomers(id) ? Object(session("customer").values) : recall("localStorage", "people"));

    /** What was typed into a field, here or in another message. */
    function stored(id) {
      const all = typedIn(id);
      return Object.hasOwn(all, key(id)) ? all[key(id)] : "";
    }

    /** Stores what is in a field; it is no longer from a link. */
    function save(id) {
      const { [id]: replaced, ...others } = linked();
      if (replaced !== undefined) saveLinked(others, session("linked").aboutCustomer);
      const all = { ...typedIn(id), [key(id)]: fields.values[id] };
      if (isCustomers(id)) keep("customer", { values: all });
      else remember("localStorage", "people", all);
    }

    /** Forgets what a link has filled in; if that is about a customer, also what was typed about the same one. */
    function dropLinked() {
      const { aboutCustomer } = session("linked");
      keep("linked", {});
      if (aboutCustomer) forget();
      ids.filter(fields.isLinked).forEach((id) => fields.put(id, stored(id)));
    }

    /** Fills in the fields as they were when this page, or another one, was left. */
    function restore() {
      if ((session("linked").page ?? location.pathname) !== location.pathname) dropLinked();
      const given = linked();
      ids.forEach((id) => (Object.hasOwn(given, id) ? fields.put(id, given[id], true) : fields.put(id, stored(id))));
    }

    /** Clears all details of the customer, also those that only other messages need. */
    function forget() {
      keep("customer", {});
      keep("copied", {});
      ids.filter(isCustomers).forEach((id) => fields.put(id, ""));
    }

    const hasValues = (values) => Object.values(values).some(Boolean);

    /** What is stored about a customer; null if there is nothing. */
    function customer() {
      const isKnown = hasValues(Object(session("customer").values)) || hasValues(linked());
      return isKnown ? PLACES.map((place) => [place, recall(...place)]) : null;
    }

    /** Forgets the customer in every tab, and what a link has filled in. */
    function clear() {
      /* A second click has nothing of its own to bring back. */
      const places = customer() ?? session("before").places;
      dropLinked();
      remember("localStorage", "cleared", { at: Date.now() + Math.random() });
      forget();
      remember("sessionStorage", "variants", {});
      keep("before", { places });
    }

    /** True if a customer can be brought back: not among the details of another one that a link has filled in. */
    const canUndo = () => "places" in session("before") && ids.some(isCustomers) && !Object.keys(linked()).some(isCustomers);

    /** Brings back the customer of before. */
    function undo() {
      session("before").places.forEach(([place, value]) => remember(...place, value));
      dropUndo();
      restore();
    }

    const dropUndo = () => keep("before", {});

    /** True if `given` is what a checklist says of an account, and that is no other than the customer's. */
    function isSameCustomer(given) {
      const account = squash(new Map(given).get("checklist.account") ?? "");
      const known = Object.values(Object(session("customer").values));
      return given.every(([id]) => id.startsWith("checklist.")) && (!account || known.some((value) => squash(String(value)) === account));
    }

    /** Moves the values after `#` into the fields, for this page and tab, and out of the URL and the history. */
    function prefill() {
      if (!location.hash.includes("=")) return;
      const given = [...new URLSearchParams(location.hash.slice(1))].filter(([id]) => Object.hasOwn(fields.inputs, id));
      history.replaceState(history.state, "", location.pathname + location.search);
      if (!given.length) return;
      /* Fields that the link leaves out must not keep another customer's values. */
      const replaces = given.some(([id]) => isCustomers(id)) && !isSameCustomer(given);
      const places = replaces && customer();
      dropLinked();
      if (replaces) forget();
      if (places) keep("before", { places });
      given.forEach(([id, value]) => fields.put(id, value, true));
      saveLinked(Object.fromEntries(given.map(([id]) => [id, fields.values[id]])), replaces);
    }

    /** Keeps whom a message that has left was for. */
    const saveCopied = () => keep("copied", { values: Object.fromEntries(ids.map((id) => [id, fields.value(id)])) });

    /** The values of the message that left last; empty if it was for a customer who has been cleared. */
    const copied = () => Object(session("copied").values);

    return { save, restore, prefill, clear, canUndo, undo, dropUndo, saveCopied, copied };
  };
})();
