/* What scripts add: uploads that start by themselves, answers kept while typing, shortcuts on the
   staff's desk. Every page works without this file; nothing here decides anything. */
"use strict";

(() => {
  const HOUR = new Intl.DateTimeFormat("fr-FR", { hour: "numeric", minute: "2-digit", timeZone: "Europe/Paris" });
  const TYPING_PAUSE = 1200;

  function make(tag, properties = {}, ...children) {
    const node = Object.assign(document.createElement(tag), properties);
    node.append(...children);
    return node;
  }

  /** Screen readers say this once; nothing moves on the screen. */
  function announce(text) {
    const region = document.getElementById("announce");
    if (region) region.textContent = text;
  }

  /** « 21 h 04 », with no-break spaces. */
  function hourNow() {
    const [hour, minute] = HOUR.formatToParts(new Date()).filter((part) => /\d/.test(part.value)).map((part) => part.value);
    return `${Number(hour)}\u00a0h\u00a0${minute}`;
  }

  // ---- One act, one sending -------------------------------------------------------------------

  /** The button says « Envoi… » and a second press does nothing. It is not disabled: a disabled
      button would not send its own name and value. */
  function markBusy(form, button) {
    form.dataset.sending = "yes";
    if (!button) return;
    button.dataset.words = button.innerHTML;
    button.setAttribute("aria-busy", "true");
    button.textContent = "Envoi…";
  }

  function markReady(form) {
    delete form.dataset.sending;
    for (const button of form.querySelectorAll("[data-words]")) {
      button.innerHTML = button.dataset.words;
      button.removeAttribute("aria-busy");
      delete button.dataset.words;
    }
  }

  function submitterOf(event) {
    const button = event.submitter || event.target.querySelector("button[type=submit]");
    return button && button.tagName === "BUTTON" ? button : null;
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || "noGuard" in form.dataset) return;
    if (form.dataset.sending) { event.preventDefault(); return; }
    const saving = keepers.get(form);
    if (saving && saving.isPending()) {
      event.preventDefault();
      const button = submitterOf(event);
      markBusy(form, button);
      saving.settle().then(() => { markReady(form); form.requestSubmit(button); });
      return;
    }
    if (saving) saving.stop();
    // After the form data is built, so that the pressed button is still in it.
    setTimeout(() => markBusy(form, submitterOf(event)));
  });

  // A page found again with the back button must not stay « Envoi… ».
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(markReady));

  // ---- Answers kept while typing --------------------------------------------------------------

  const keepers = new WeakMap();

  /** Keep what is typed in a question page: the same fields, the header X-Autosave, a status in
      words. A failure is an alert with a way to try again; what is typed stays in the page. */
  function keep(form) {
    const state = form.querySelector("[data-save-state]");
    const failure = form.querySelector("[data-save-error]");
    let timer = 0;
    let running = null;
    let again = false;
    let stopped = false;

    async function send() {
      clearTimeout(timer);
      timer = 0;
      if (running) { again = true; return running; }
      running = attempt();
      await running;
      running = null;
      if (again && !stopped) { again = false; return send(); }
      return null;
    }

    async function attempt() {
      state.textContent = "Enregistrement…";
      try {
        const answer = await fetch(form.dataset.autosave, {
          method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin",
          headers: { "X-Autosave": "1", Accept: "application/json" }, redirect: "manual",
        });
        // A redirection leads to the sign-in page: what was sent is not kept.
        if (answer.type === "opaqueredirect") throw new Error("401");
        if (!answer.ok) throw new Error(String(answer.status));
        const said = (answer.headers.get("content-type") || "").includes("json") ? await answer.json() : {};
        if (said.version !== undefined && form.elements.version) form.elements.version.value = said.version;
        if (stopped) return;
        state.textContent = `Enregistré à ${said.saved_at || hourNow()}`;
        failure.replaceChildren();
      } catch (error) {
        if (stopped) return;
        state.textContent = "";
        const retry = make("button", { type: "button", className: "btn btn-secondary btn-small", textContent: "Réessayer" });
        retry.addEventListener("click", send);
        failure.replaceChildren(make("p", { textContent: reason(error) }), retry);
      }
    }

    function reason(error) {
      if (error.message === "409") return "Ces réponses ont changé ailleurs, dans un autre onglet ou par un autre parent. Rechargez la page pour voir les deux.";
      if (/^(401|403)$/.test(error.message)) return "Vous n’êtes plus connecté. Ouvrez un autre onglet, connectez-vous, puis réessayez : vos réponses restent ici.";
      if (/^\d+$/.test(error.message)) return "Vos réponses ne sont pas encore enregistrées : le portail a un problème. Elles restent dans cette page.";
      return "Vos réponses ne sont pas encore enregistrées : pas de connexion. Elles restent dans cette page.";
    }

    form.addEventListener("input", () => {
      stopped = false;
      clearTimeout(timer);
      timer = setTimeout(send, TYPING_PAUSE);
    });

    keepers.set(form, {
      // A sending under way is awaited, so that it cannot arrive after the submitted answers.
      isPending: () => running !== null,
      settle: async () => { clearTimeout(timer); timer = 0; again = false; await running; running = null; },
      stop: () => { stopped = true; clearTimeout(timer); timer = 0; },
    });
  }

  // ---- Parts of a page renewed in place -------------------------------------------------------

  /** Put the element with this id, as the server draws it now, in place of the one shown. */
  function renew(html, id) {
    const old = document.getElementById(id);
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById(id);
    if (!old || !fresh) return null;
    const held = old.contains(document.activeElement) ? document.activeElement : null;
    const open = [...old.querySelectorAll("details")].map((details) => details.open);
    old.replaceWith(document.adoptNode(fresh));
    fresh.querySelectorAll("details").forEach((details, index) => { details.open = details.open || Boolean(open[index]); });
    start(fresh);
    if (held) refocus(fresh, held);
    return fresh;
  }

  /** The focus stays where it was: on the same control, else on the card itself. */
  function refocus(card, held) {
    const address = held.getAttribute("href");
    const same = (held.id && document.getElementById(held.id))
      || (address && [...card.querySelectorAll("a")].find((link) => link.getAttribute("href") === address));
    if (same) { same.focus({ preventScroll: true }); return; }
    card.tabIndex = -1;
    card.focus({ preventScroll: true });
  }

  function sayState(card) {
    const badge = card.querySelector("[data-announce]");
    if (badge) announce(`${badge.dataset.announce} ${badge.innerText.trim()}`);
  }

  /** Ask again, less and less often, while a document is being checked. */
  function poll(card) {
    const id = card.id;
    let wait = 1000;

    async function ask() {
      const shown = document.getElementById(id);
      if (shown !== card) return;
      if (document.hidden || isInUse(card)) { setTimeout(ask, wait); return; }
      try {
        const answer = await fetch(card.dataset.poll, { credentials: "same-origin", headers: { "X-Fragment": "1" } });
        if (answer.ok) {
          const html = await answer.text();
          const fresh = new DOMParser().parseFromString(html, "text/html").getElementById(id);
          if (fresh && stateOf(fresh) !== stateOf(card) && !isInUse(card)) {
            const refusal = card.querySelector(".upload .field-error");
            const now = renew(html, id);
            if (now && refusal) sayAgain(now, refusal);
            if (now) sayState(now);
            return;
          }
        }
      } catch { /* the next time will tell */ }
      wait = Math.min(wait * 1.5, 10000);
      setTimeout(ask, wait);
    }

    setTimeout(ask, wait);
  }

  /** What the card says, without what changes at each drawing (tokens, ids of acts) and without
      what only the answer to a sending says. */
  function stateOf(card) {
    const copy = card.cloneNode(true);
    copy.querySelectorAll(".upload .field-error").forEach((node) => node.remove());
    return copy.textContent.replace(/\s+/g, " ") + Boolean(card.dataset.poll);
  }

  /** Why files were refused stays to be read while the others are being checked. */
  function sayAgain(card, refusal) {
    const field = card.querySelector(".upload input[type=file]");
    if (!field || card.querySelector(".upload .field-error")) return;
    field.before(refusal);
    field.closest("form").classList.add("has-error");
    field.setAttribute("aria-invalid", "true");
    field.setAttribute("aria-describedby", `${field.getAttribute("aria-describedby")} ${refusal.id}`);
  }

  const isInUse = (card) => Boolean(card.querySelector("form[data-sending]"))
    || [...card.querySelectorAll("input[type=file]")].some((field) => field.files.length > 0);

  // ---- Documents ------------------------------------------------------------------------------

  /** Send as soon as files are chosen, with a bar, a percentage in words, cancel and retry. */
  function upload(form) {
    const id = form.dataset.upload;
    const field = form.querySelector("input[type=file]");
    const button = form.querySelector(".upload-send");
    const place = form.querySelector("[data-upload-progress]");
    button.hidden = true;
    field.addEventListener("change", () => { if (field.files.length) send(); });
    form.addEventListener("submit", (event) => { event.preventDefault(); if (field.files.length) send(); });

    function send() {
      if (form.dataset.sending) return;
      form.dataset.sending = "yes";
      const names = [...field.files].map((file) => file.name);
      const what = names.length === 1 ? `« ${names[0]} »` : `${names.length} fichiers`;
      const request = new XMLHttpRequest();
      const bar = make("progress", { className: "bar", max: 100, value: 0 });
      bar.setAttribute("aria-label", `Envoi de ${what}`);
      const words = make("p", { textContent: `Envoi de ${what} : 0 %` });
      const cancel = make("button", { type: "button", className: "btn btn-secondary btn-small", textContent: "Annuler l’envoi" });
      cancel.addEventListener("click", () => request.abort());
      const body = new FormData(form);
      field.disabled = true;
      show(words, bar, cancel);
      announce(`Envoi de ${what}`);

      request.upload.addEventListener("progress", (event) => {
        if (!event.lengthComputable) return;
        const percent = Math.floor((event.loaded / event.total) * 100);
        bar.value = percent;
        words.textContent = percent < 100 ? `Envoi de ${what} : ${percent}\u00a0%` : "Fichier arrivé, la mairie le garde…";
      });
      request.addEventListener("load", () => {
        delete form.dataset.sending;
        const isHere = form.contains(document.activeElement) || document.activeElement === document.body;
        const card = renew(request.responseText, id);
        if (!card) { failed(sentence(request.responseURL.includes("/connexion") ? 401 : request.status)); return; }
        const refused = card.querySelector(".upload .field-error");
        if (request.status < 400 && !refused) {
          const kept = make("p", { className: "quiet", textContent: `Gardé à ${hourNow()} : ${what}` });
          (card.querySelector("[data-upload-progress]") || place).replaceWith(kept);
          announce(`Gardé : ${what}`);
        } else {
          announce(refused ? refused.innerText : sentence(request.status));
        }
        const next = card.querySelector("input[type=file]");
        if (isHere && next) next.focus({ preventScroll: true });
      });
      request.addEventListener("error", () => failed("L’envoi s’est arrêté : pas de connexion. Vos autres documents sont gardés."));
      request.addEventListener("abort", () => { reset(); field.value = ""; show(); announce("Envoi annulé"); field.focus(); });
      request.open("POST", form.action);
      request.setRequestHeader("X-Fragment", "1");
      request.send(body);
    }

    function sentence(status) {
      if (status === 413) return "Ce fichier est trop lourd. Il n’a pas été gardé.";
      if (status === 401 || status === 403) return "Vous n’êtes plus connecté. Connectez-vous dans un autre onglet, puis réessayez.";
      return "Le portail n’a pas pu garder ce fichier. Vos autres documents sont gardés.";
    }

    function failed(text) {
      reset();
      const alert = make("p", { className: "field-error", textContent: text });
      alert.setAttribute("role", "alert");
      const retry = make("button", { type: "button", className: "btn btn-secondary btn-small", textContent: "Réessayer" });
      retry.addEventListener("click", send);
      show(alert, retry);
      retry.focus();
    }

    function reset() {
      delete form.dataset.sending;
      field.disabled = false;
    }

    function show(...nodes) {
      place.replaceChildren(...nodes);
      place.hidden = nodes.length === 0;
    }
  }

  // ---- Shortcuts of the staff's desk ----------------------------------------------------------

  const SWITCH = "raccourcis";
  const shortcutsOn = () => localStorage.getItem(SWITCH) !== "non";

  const TICKED = /^(checkbox|radio|button|submit|file)$/;

  /** A box that has just been ticked keeps the focus: no letter is lost in it. */
  function isTyping(target) {
    if (target.tagName === "INPUT") return !TICKED.test(target.type);
    return target.isContentEditable || /^(TEXTAREA|SELECT)$/.test(target.tagName);
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.repeat || event.isComposing) return;
    if (isTyping(event.target) || !shortcutsOn()) return;
    const control = [...document.querySelectorAll("[data-key]")].find((node) => node.dataset.key === event.key && !node.disabled);
    if (!control) return;
    event.preventDefault();
    control.focus();
    control.click();
  });

  /** A checkbox with data-shortcuts-switch turns the shortcuts on and off, for this browser. */
  function shortcutsSwitch(box) {
    box.checked = shortcutsOn();
    box.addEventListener("change", () => {
      localStorage.setItem(SWITCH, box.checked ? "oui" : "non");
      announce(box.checked ? "Raccourcis activés" : "Raccourcis désactivés");
    });
  }

  // ---- The end of the session -----------------------------------------------------------------

  /** Say so five minutes before, and once it is over. The server's answer counts, not this clock:
      another tab may have gone on. To ask does not prolong anything. */
  function watchSession(form) {
    const SOON = 300;
    const words = form.querySelector("p");
    const button = form.querySelector("span");
    let ends = Date.now() + form.dataset.sessionEnd * 1000;
    let timer = 0;

    async function ask(method) {
      const body = method === "POST" ? new URLSearchParams(new FormData(form)) : undefined;
      const answer = await fetch(form.action, { method, body, credentials: "same-origin", redirect: "manual" });
      if (answer.status !== 200 && answer.status !== 401 && answer.status !== 403) throw new Error(String(answer.status));
      ends = Date.now() + (answer.status === 200 ? (await answer.json()).seconds : 0) * 1000;
    }

    function show() {
      const left = (ends - Date.now()) / 1000;
      const minutes = Math.max(1, Math.round(left / 60));
      button.hidden = left > SOON || left < 1;
      if (left > SOON) words.textContent = "";
      else if (left < 1) words.textContent = "Votre session est terminée. Rien n’est perdu : ce que vous enverrez vous attendra après votre connexion.";
      else words.textContent = `Votre session se termine dans ${minutes}\u00a0minute${minutes > 1 ? "s" : ""}.`;
      clearTimeout(timer);
      if (left >= 1) timer = setTimeout(look, 1000 * Math.min(left > SOON ? left - SOON : 60, Math.max(left, 1) + 1));
    }

    async function look() {
      // Without a connection this clock has to do.
      if (ends - Date.now() <= SOON * 1000) await ask("GET").catch(() => {});
      show();
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask("POST").then(show, () => { words.textContent = "Pas de connexion. Réessayez."; });
    });
    document.querySelectorAll("[data-session-words]").forEach((node) => node.remove());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
    show();
  }

  // ---- Everything starts here, again for each part renewed ------------------------------------

  function start(root) {
    const all = (selector) => [...(root.matches && root.matches(selector) ? [root] : []), ...root.querySelectorAll(selector)];
    all("form[data-autosave]").forEach(keep);
    all("form[data-upload]").forEach(upload);
    all("[data-poll]").forEach(poll);
    all("[data-shortcuts-switch]").forEach(shortcutsSwitch);
    all("[data-session-end]").forEach(watchSession);
  }

  start(document);
  if (document.querySelector("[data-print]")) print();
  const summary = document.getElementById("error-summary");
  if (summary) summary.focus();
  // The back button leads to the page and what was kept of it, not to « Envoyer de nouveau ? ».
  if (summary && document.querySelector("form[data-autosave]")) history.replaceState(null, "", location.href);
})();
