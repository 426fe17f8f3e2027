/* A browser that refuses to store anything may throw if a script only looks at the store, as those of the theme do. What
   is stored then stays in memory, until the page is left. */
for (const name of ["localStorage", "sessionStorage"]) {
  let store = null;
  try {
    store = window[name];
  } catch {
    /* Refused. */
  }
  if (!store) {
    const held = new Map();
    const value = {
      getItem: (key) => held.get(key) ?? null,
      setItem: (key, text) => held.set(key, text),
      removeItem: (key) => held.delete(key),
    };
    Object.defineProperty(window, name, { value });
  }
}
