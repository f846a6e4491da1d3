// What the pages do where scripts run: they show what changed without being loaded again, and find anything by Ctrl-K.
// Nothing needs it: whatever is here can be had by links and forms.
"use strict";
(() => {
  const line = document.getElementById("live");
  if (!line) return;
  const main = document.getElementById("main");
  let pulse = document.body.dataset.pulse, busy = false, again = false, later = 0;

  const say = (text) => { if (line.textContent !== text) line.textContent = text; };
  const words = { received: "came in", read: "was read" };
  const told = (change) => change.entry ? `${change.entry} ${words[change.kind] || "changed"}.` : "";

  // Whether somebody writes or marks something here, which is not taken away.
  const inUse = () => {
    const at = document.activeElement;
    const chosen = getSelection();
    return main.contains(at) && at.matches("input, textarea, select") || chosen && !chosen.isCollapsed && main.contains(chosen.anchorNode)
      || [...main.querySelectorAll("textarea, input:not([type=hidden])")].some((field) => field.type === "checkbox" || field.type === "radio" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
  };
  // By what an element is found again in the page that takes the place of this one.
  const name = (at) => !main.contains(at) ? null : at.id ? `#${CSS.escape(at.id)}` : at.getAttribute("href") ? `a[href="${CSS.escape(at.getAttribute("href"))}"]` : at.tagName === "SUMMARY" ? `details:nth-of-type(${[...main.querySelectorAll("details")].indexOf(at.parentNode) + 1}) > summary` : null;

  const show = async () => {
    if (busy) { again = true; return; }
    busy = true;
    try {
      const got = await fetch(location.href, { headers: { accept: "text/html" } });
      if (got.redirected && new URL(got.url).pathname === "/login") { say("You are logged out. Load the page again to log in."); return; }
      if (!got.ok) return;
      const next = new DOMParser().parseFromString(await got.text(), "text/html");
      const fresh = next.getElementById("main");
      if (!fresh) return;
      pulse = next.body.dataset.pulse;
      for (const part of ["header.top", "footer"]) {
        const [old, now] = [document.querySelector(part), next.querySelector(part)];
        if (old && now && !old.contains(document.activeElement)) old.replaceChildren(...now.childNodes);
      }
      if (!("live" in main.dataset)) { return; }
      if (inUse()) { say(`${line.textContent.replace(/ Load the page.*/, "")} Load the page again to see it.`); return; }
      const [focus, open] = [name(document.activeElement), [...main.querySelectorAll("details")].map((d) => d.open)];
      main.replaceChildren(...fresh.childNodes);
      main.querySelectorAll("details").forEach((d, n) => { if (n in open) d.open = open[n]; });
      const at = focus && main.querySelector(focus);
      if (at) at.focus({ preventScroll: true });
    } catch {
      // The next change shows it.
    } finally {
      busy = false;
      if (again) { again = false; soon(); }
    }
  };
  const soon = () => { clearTimeout(later); later = setTimeout(show, 100); };

  const heard = (message) => {
    if (message.change) { const text = told(message.change); if (text) say(text); return; }
    if (message.pulse && message.pulse !== pulse) { pulse = message.pulse; soon(); }
    if (message.ended) soon();
  };

  // One stream for all open pages: whoever has the lock listens, and tells the others.
  const all = "BroadcastChannel" in window ? new BroadcastChannel("docket-live") : null;
  if (all) all.onmessage = (event) => heard(event.data);
  const tell = (message) => { heard(message); if (all) all.postMessage(message); };
  const listen = () => new Promise(() => {
    const begin = () => {
      const stream = new EventSource("/live");
      stream.addEventListener("pulse", (event) => tell({ pulse: event.data }));
      stream.addEventListener("change", (event) => tell({ change: JSON.parse(event.data) }));
      stream.onerror = () => { if (stream.readyState === EventSource.CLOSED) { tell({ ended: true }); setTimeout(begin, 10000); } };
    };
    begin();
  });
  if (all && navigator.locks) navigator.locks.request("docket-live", listen); else listen();
  // Ctrl-K: whatever the page “Find” finds, as one types.
  const opener = document.querySelector("a[aria-keyshortcuts='Control+K']");
  let dialog = null, asking = 0;
  const open = () => {
    if (!dialog) {
      dialog = document.createElement("dialog");
      dialog.setAttribute("aria-label", "Find");
      dialog.innerHTML = '<form method="dialog"><label for="k">A state, a number or a page</label><input id="k" type="search" dir="auto" autocomplete="off"></form><ul class="found"></ul>';
      document.body.append(dialog);
      const [field, list] = [dialog.querySelector("input"), dialog.querySelector("ul")];
      const find = async () => {
        const asked = ++asking, to = new URL(opener.href);
        to.searchParams.set("q", field.value);
        try {
          const got = await fetch(to);
          const found = new DOMParser().parseFromString(await got.text(), "text/html").getElementById("found");
          if (asked === asking && found) list.replaceChildren(...found.childNodes);
        } catch {
          // What stands there stays.
        }
      };
      field.addEventListener("input", find);
      dialog.addEventListener("submit", (event) => { event.preventDefault(); const first = list.querySelector("a"); if (first) location.href = first.href; });
      dialog.addEventListener("keydown", (event) => {
        if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
        event.preventDefault();
        const all = [field, ...list.querySelectorAll("a")];
        all[(all.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : all.length - 1)) % all.length].focus();
      });
      find();
    }
    dialog.showModal();
    dialog.querySelector("input").select();
  };
  if (opener) document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") { event.preventDefault(); open(); }
  });

  // Spans of time go on although nothing happens.
  setInterval(() => { if (!document.hidden) soon(); }, 60000);
})();
