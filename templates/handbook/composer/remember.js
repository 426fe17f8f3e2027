/* What was typed or came with a link: the browser keeps details about you and your colleague, the tab those about the
   customer, until they are cleared in any tab, and the page those from a link, until another message or customer. */
(() => {
  "use strict";
  const { recall, remember } = window.handover;

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

    function saveLinked(values) {
      const aboutCustomer = Object.keys(values).some(isCustomers);
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
      if (replaced !== undefined) saveLinked(others);
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
      ids.filter(isCustomers).forEach((id) => fields.put(id, ""));
    }

    /** Forgets the customer in every tab, and what a link has filled in. Returns a function that takes that back. */
    function clear() {
      const places = [["localStorage", "cleared"], ["sessionStorage", "customer"], ["sessionStorage", "linked"]];
      const before = places.map((place) => [place, recall(...place)]);
      const values = { ...fields.values };
      dropLinked();
      remember("localStorage", "cleared", { at: Date.now() + Math.random() });
      forget();
      return () => {
        before.forEach(([place, value]) => remember(...place, value));
        const given = linked();
        ids.forEach((id) => fields.put(id, values[id], Object.hasOwn(given, id)));
      };
    }

    /** Moves the values after `#` into the fields, for this page and tab, and out of the URL and the history. */
    function prefill() {
      if (!location.hash.includes("=")) return;
      const given = [...new URLSearchParams(location.hash.slice(1))].filter(([id]) => Object.hasOwn(fields.inputs, id));
      history.replaceState(history.state, "", location.pathname + location.search);
      if (!given.length) return;
      dropLinked();
      /* Fields that the link leaves out must not keep another customer's values. */
      if (given.some(([id]) => isCustomers(id))) forget();
      given.forEach(([id, value]) => fields.put(id, value, true));
      saveLinked(Object.fromEntries(given.map(([id]) => [id, fields.values[id]])));
    }

    return { save, restore, prefill, clear };
  };
})();
