// Added to each page by `handover serve`, and only there: shows the page anew when it has changed, at the same place,
// and what is wrong with the sources while something is.
(() => {
  if (window.followsSources) return;
  window.followsSources = true;
  const { version, events } = document.currentScript.dataset;
  const KEPT = "place-before-reload";

  // The page as it was left: where it was scrolled to, and what was chosen and written in its forms.
  const fields = () => [...document.querySelectorAll("input[id], select[id], textarea[id]")];
  const keep = () => {
    const values = fields().map((field) => [field.id, field.type === "radio" || field.type === "checkbox" ? field.checked : field.value]);
    sessionStorage.setItem(KEPT, JSON.stringify({ path: location.pathname, x: scrollX, y: scrollY, values }));
  };
  const putBack = ({ x, y, values }) => {
    for (const [id, value] of values) {
      const field = document.getElementById(id);
      if (!field || field.type === "file") continue;
      const part = typeof value === "boolean" ? "checked" : "value";
      if (field[part] === value) continue;
      field[part] = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.dispatchEvent(new Event("change", { bubbles: true }));
    }
    scrollTo({ left: x, top: y, behavior: "instant" });
  };
  const kept = JSON.parse(sessionStorage.getItem(KEPT) || "null");
  sessionStorage.removeItem(KEPT);
  if (kept && kept.path === location.pathname) {
    history.scrollRestoration = "manual";
    addEventListener("load", () => setTimeout(() => putBack(kept)), { once: true });
  }

  // A shadow root: neither the page's styles nor its scripts reach it.
  const host = document.createElement("div");
  host.id = "follow-sources";
  const root = host.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = `
    :host { all: initial }
    section { position: fixed; inset: auto 0 0; z-index: 2147483647; box-sizing: border-box; max-height: 70vh; overflow: auto;
      padding: 1.25rem 1.5rem 1.5rem; background: #1d1f24; color: #f3f3f3; border-top: 4px solid #ff6b5e;
      box-shadow: 0 -8px 40px #0008; font: 16px/1.5 system-ui, sans-serif }
    header { display: flex; gap: 1rem; align-items: start; justify-content: space-between }
    h2 { margin: 0; font-size: 18px } p { margin: .25rem 0 } .more { color: #c3c7d1 }
    ol { list-style: none; margin: 1rem 0 0; padding: 0 } li + li { margin-top: 1rem; padding-top: 1rem; border-top: 1px solid #454a55 }
    code, pre { font: 14px/1.45 ui-monospace, monospace } .place { color: #ffb3ab; overflow-wrap: anywhere }
    pre { margin: .5rem 0; padding: .6rem .8rem; overflow: auto; background: #0f1013; border-radius: 4px }
    .hint { color: #9fe0b4 }
    button { font: inherit; min-height: 44px; padding: 0 1rem; color: inherit; background: #383c46; border: 1px solid #6b7180; border-radius: 4px; cursor: pointer }
    .busy { position: fixed; right: 1rem; bottom: 1rem; z-index: 2147483647; padding: .3rem .8rem; border-radius: 1rem;
      background: #1d1f24; color: #f3f3f3; font: 14px/1.5 system-ui, sans-serif }
    [hidden] { display: none }`;
  const made = (name, text, kind) => {
    const element = document.createElement(name);
    if (text) element.textContent = text;
    if (kind) element.className = kind;
    return element;
  };
  const overlay = made("section");
  overlay.setAttribute("role", "alert");
  overlay.tabIndex = -1;
  const busy = made("div", "Updating …", "busy");
  busy.setAttribute("role", "status");
  overlay.hidden = busy.hidden = true;
  root.append(style, overlay, busy);

  const hide = () => { overlay.hidden = true; };
  addEventListener("keydown", (event) => { if (event.key === "Escape") hide(); });

  const item = (finding) => {
    const line = made("li");
    const head = made("p");
    head.append(made("code", finding.place, "place"), ` ${finding.severity} ${finding.code}`);
    line.append(head, made("p", finding.message));
    if (finding.source) line.append(made("pre", finding.source));
    if (finding.hint) line.append(made("p", finding.hint, "hint"));
    for (const place of finding.via || []) line.append(made("p", `put in by ${place}`, "more"));
    return line;
  };

  const say = (findings) => {
    const header = made("header");
    const title = made("div");
    const button = made("button", "Hide");
    button.addEventListener("click", hide);
    title.append(
      made("h2", findings.length === 1 ? "There is a mistake in the sources" : `There are ${findings.length} mistakes in the sources`),
      made("p", version ? "This is the page before it. It goes on by itself when that is mended." : "The handbook appears when that is mended.", "more"));
    header.append(title, button);
    const list = made("ol");
    list.append(...findings.map(item));
    overlay.replaceChildren(header, list);
    overlay.hidden = false;
  };

  let said = "";
  const hear = (event) => {
    const now = JSON.parse(event.data);
    if (now.version !== version) { keep(); location.reload(); return; }
    // Outside of the body: the theme exchanges that when it goes to another page.
    if (!host.isConnected) document.documentElement.append(host);
    busy.hidden = !now.busy;
    const findings = JSON.stringify(now.findings);
    if (findings === said) return;
    said = findings;
    if (now.findings.length) say(now.findings); else hide();
  };

  // A browser opens six connections to a server at most: only a tab that somebody sees keeps one.
  let stream = null;
  const listen = () => {
    if (document.hidden) {
      if (stream) stream.close();
      stream = null;
    } else if (!stream) {
      stream = new EventSource(events);
      stream.addEventListener("message", hear);
    }
  };
  document.addEventListener("visibilitychange", listen);
  listen();
})();
