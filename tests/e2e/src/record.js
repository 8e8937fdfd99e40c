// Runs before all scripts of the page, and records all that is shown, however briefly.
(() => {
  if (window.e2eRecord) return;
  const record = { texts: [], ids: [], removed: [], painted: [], violations: [], errors: [] };
  Object.defineProperty(window, "e2eRecord", { value: record });

  const note = (node) => {
    // A doctype has none.
    const text = node.textContent?.trim();
    if (text && !node.parentElement?.closest("head, script, style")) record.texts.push(text);
    if (node.nodeType !== Node.ELEMENT_NODE) return;
    for (const found of [node, ...node.querySelectorAll("[data-testid]")]) {
      if (found.dataset?.testid) record.ids.push(found.dataset.testid);
    }
  };
  let isFrameAsked = false;
  const noteFrame = () => {
    isFrameAsked = false;
    for (const found of document.querySelectorAll("[data-testid]")) {
      const id = found.dataset.testid;
      if (!record.painted.includes(id) && found.checkVisibility()) record.painted.push(id);
    }
  };
  new MutationObserver((changes) => {
    if (!isFrameAsked) requestAnimationFrame(noteFrame);
    isFrameAsked = true;
    for (const change of changes) {
      if (change.type === "characterData") note(change.target);
      else change.addedNodes.forEach(note);
      for (const node of change.removedNodes) {
        const id = node.dataset?.testid;
        if (id) record.removed.push(id);
      }
    }
  }).observe(document, { childList: true, characterData: true, subtree: true });

  // For drivers without a console. All pages of a tab share one list.
  const lines = JSON.parse(sessionStorage.getItem("e2eConsole") ?? "[]");
  const keep = (level, source, message) => {
    lines.push({ level, source, message });
    sessionStorage.setItem("e2eConsole", JSON.stringify(lines));
  };
  // They have a name and a message, but in some engines no stack.
  const json = (value) => (value instanceof Error || value instanceof DOMException ? String(value) : JSON.stringify(value));
  const text = (value) => (typeof value === "string" ? value : String(value?.stack ?? json(value)));
  for (const [name, level] of [["error", "SEVERE"], ["warn", "WARNING"], ["info", "INFO"], ["log", "INFO"], ["debug", "DEBUG"]]) {
    const own = console[name];
    console[name] = (...values) => {
      keep(level, "console-api", values.map(text).join(" "));
      own.apply(console, values);
    };
  }
  addEventListener("error", (event) => keep("SEVERE", "javascript", String(event.message)));
  addEventListener("unhandledrejection", (event) => keep("SEVERE", "javascript", text(event.reason)));

  // The options of a story: the cookies that scripts see, and no Web Locks.
  const cookies = sessionStorage.getItem("e2eCookies");
  if (cookies !== null) {
    Object.defineProperty(Document.prototype, "cookie", { configurable: true, get: () => cookies, set: () => {} });
  }
  if (sessionStorage.getItem("e2eNoLocks")) delete Navigator.prototype.locks;

  addEventListener("securitypolicyviolation", (event) => {
    record.violations.push(`${event.effectiveDirective} ${event.blockedURI}`);
  });
  addEventListener("error", (event) => record.errors.push(String(event.message)));
  addEventListener("unhandledrejection", (event) => record.errors.push(String(event.reason)));
})();
