/* What was typed or came with a link: the browser keeps details about you and your colleague, the tab those about the
   customer, and the page those from a link, until another message or another customer. */
(() => {
  "use strict";
  const { recall, remember } = window.handover;

  /** The memory of a page's fields. */
  window.handover.memory = (data, fields) => {
    const ids = Object.keys(fields.inputs);
    const isCustomers = (id) => data.blanks[id].group === "customer";
    const place = (id) => (isCustomers(id) ? ["sessionStorage", "customer"] : ["localStorage", "people"]);
    /* Another message can use the id of this one's own field for something else. */
    const key = (id) => (data.blanks[id].own ? `${location.pathname}#${id}` : id);

    /** The values from a link to this page that are as the link had them. */
    function linked() {
      const { page, values } = recall("sessionStorage", "linked");
      return page === location.pathname && values && typeof values === "object" ? values : {};
    }

    function saveLinked(values) {
      const aboutCustomer = Object.keys(values).some(isCustomers);
      remember("sessionStorage", "linked", { page: location.pathname, aboutCustomer, values });
    }

    /** What was typed into a field, here or in another message. */
    function stored(id) {
      const all = recall(...place(id));
      return Object.hasOwn(all, key(id)) ? all[key(id)] : "";
    }

    /** Stores what is in a field; it is no longer from a link. */
    function save(id) {
      const { [id]: replaced, ...others } = linked();
      if (replaced !== undefined) saveLinked(others);
      remember(...place(id), { ...recall(...place(id)), [key(id)]: fields.values[id] });
    }

    /** Forgets what a link has filled in; if that is about a customer, also what was typed about the same one. */
    function dropLinked() {
      const { aboutCustomer } = recall("sessionStorage", "linked");
      remember("sessionStorage", "linked", {});
      if (aboutCustomer) forget();
      ids.filter(fields.isLinked).forEach((id) => fields.put(id, stored(id)));
    }

    /** Fills in the fields as they were when this page, or another one, was left. */
    function restore() {
      if (recall("sessionStorage", "linked").page !== location.pathname) dropLinked();
      const given = linked();
      ids.forEach((id) => (Object.hasOwn(given, id) ? fields.put(id, given[id], true) : fields.put(id, stored(id))));
    }

    /** Clears all details of the customer, also those that only other messages need. */
    function forget() {
      remember("sessionStorage", "customer", {});
      ids.filter(isCustomers).forEach((id) => fields.put(id, ""));
    }

    /** Forgets the customer, and what a link has filled in. Returns a function that takes that back. */
    function clear() {
      const before = ["customer", "linked"].map((name) => [name, recall("sessionStorage", name)]);
      const values = { ...fields.values };
      dropLinked();
      forget();
      return () => {
        before.forEach(([name, value]) => remember("sessionStorage", name, value));
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
