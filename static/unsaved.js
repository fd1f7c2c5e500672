/* Typed words of the admin's forms are not lost: the browser asks before it leaves a form with words that are not saved,
   and this tab keeps them until they are, so that the form offers them when it opens again. Other tabs and the server
   never see them; passwords and files are not kept. */
"use strict";
{
  const { person, saved } = document.currentScript.dataset; // the account; whether this page only comes after a save
  const PATH = location.pathname;
  const PREFIX = "unsaved:";
  const SENT = `${PREFIX}sent`;
  const OWNER = `${PREFIX}owner`;
  const SKIPPED = ["password", "file", "submit", "button", "image", "reset"];
  const FRAME = /-(?:TOTAL|INITIAL)_FORMS$|^[^-]+-\d+-id$|^opened$/; // kept beside the words, to know their rows again
  const IN_ROW = /^(.+)-(\d+)-([^-]+)$/;

  // A browser may refuse to store, or be full: then the question before leaving has to do.
  const store = {
    get: (key) => { try { return JSON.parse(sessionStorage.getItem(key)); } catch { return null; } },
    set: (key, value) => { try { sessionStorage.setItem(key, JSON.stringify(value)); } catch { /* not kept */ } },
    remove: (key) => { try { sessionStorage.removeItem(key); } catch { /* nothing was kept */ } },
    clear: () => { try { Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX)).forEach(store.remove); } catch { /* the same */ } },
  };

  /* --- What a form holds -------------------------------------------------------------------------------------------- */

  // As the page opened: how many rows each group has, and the place of each row (a hidden field forgets what it was).
  const totals = {};
  const places = {};

  const isChoice = (field) => field.type === "checkbox" || field.type === "radio";
  const isPlace = (field) => field.classList.contains("_reorder_");

  function isKept(field) {
    if (!field.name || SKIPPED.includes(field.type) || field.name.includes("__prefix__")) return false;
    return field.type !== "hidden" || isPlace(field) || FRAME.test(field.name);
  }

  /* {name: values}, as they stand now or as the server sent them. */
  function values(form, sent) {
    const found = {};
    for (const field of form.elements) {
      if (!isKept(field)) continue;
      const list = (found[field.name] ??= []);
      if (isChoice(field)) {
        if (sent ? field.defaultChecked : field.checked) list.push(field.value);
      } else if (field.options) {
        const options = [...field.options];
        const chosen = options.filter((option) => (sent ? option.defaultSelected : option.selected));
        if (!chosen.length && !field.multiple && options.length) chosen.push(options[0]);
        list.push(...chosen.map((option) => option.value));
      } else if (isPlace(field)) list.push(sent ? (places[field.name] ?? "") : field.value);
      else list.push(sent && field.type !== "hidden" ? field.defaultValue : field.value);
    }
    return found;
  }

  const same = (one, other) => JSON.stringify((one || [""]).map((each) => each.trim())) === JSON.stringify((other || [""]).map((each) => each.trim()));

  /* What was typed or chosen in it, and what tells its rows. */
  function changes(form) {
    const sent = values(form, true);
    const now = Object.entries(values(form, false));
    const found = Object.fromEntries(now.filter(([name, list]) => !FRAME.test(name) && !same(list, sent[name])));
    const frame = Object.fromEntries(now.filter(([name]) => FRAME.test(name)));
    return { found, frame };
  }

  /* --- Putting back ------------------------------------------------------------------------------------------------- */

  /* The name that a kept field has in today's form: rows are known by their id, new ones come after those. */
  function nameNow(form, kept, name) {
    const row = IN_ROW.exec(name);
    if (!row || !(`${row[1]}-TOTAL_FORMS` in kept)) return name;
    const [, prefix, index, field] = row;
    const id = kept[`${prefix}-${index}-id`]?.[0];
    if (id) {
      const there = [...form.elements].find((each) => /-\d+-id$/.test(each.name) && each.name.startsWith(`${prefix}-`) && each.value === id);
      return there ? there.name.replace(/id$/, field) : null;
    }
    if (Number(index) >= Number(kept[`${prefix}-TOTAL_FORMS`][0])) return null; // its row was taken away again
    return `${prefix}-${Number(index) - Number(kept[`${prefix}-INITIAL_FORMS`][0]) + totals[`${prefix}-TOTAL_FORMS`]}-${field}`;
  }

  function addRows(form, kept) {
    for (const name of Object.keys(kept)) {
      const prefix = /^(.+)-TOTAL_FORMS$/.exec(name)?.[1];
      const group = prefix && document.getElementById(`${prefix}-group`);
      if (!group) continue;
      const added = Number(kept[name][0]) - Number(kept[`${prefix}-INITIAL_FORMS`]?.[0]);
      const total = form.elements[name];
      for (let left = added - (Number(total.value) - totals[name]); left > 0; left -= 1) group.querySelector(".add-row a, .add-row button, a.add-row")?.click();
    }
  }

  function orderRows(form) {
    const number = (place) => Number(place.value) || Infinity;
    for (const group of form.querySelectorAll(".inline-group")) {
      const all = [...group.querySelectorAll("input._reorder_:not([name*=__prefix__])")].sort((one, other) => (number(one) > number(other) ? 1 : -1));
      for (const place of all) group.querySelector(".empty-form")?.before(place.closest("tr.form-row, .inline-related[id]"));
    }
  }

  function put(field, list) {
    if (isChoice(field)) field.checked = list.includes(field.value);
    else if (field.options) for (const option of field.options) option.selected = list.includes(option.value);
    else field.value = list[0] ?? "";
    const box = field.closest(".prose-editor")?.querySelector("[role=textbox]");
    box?.editor?.commands.setContent(field.value); // the editor of rich text shows what its hidden field holds
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function putBack(form, kept) {
    addRows(form, kept);
    const typed = changes(form).found;
    for (const [name, list] of Object.entries(kept)) {
      if (FRAME.test(name)) continue;
      const now = nameNow(form, kept, name);
      if (!now || now in typed) continue; // what was typed since is not written over
      for (const field of [...form.elements].filter((each) => each.name === now && isKept(each))) put(field, list);
    }
    orderRows(form);
    // Whoever has saved meanwhile is told of, as if the form had stood open all the time.
    const opened = form.elements.opened;
    if (opened && kept.opened?.[0]) opened.value = kept.opened[0];
  }

  function differs(form, kept) {
    const sent = values(form, true);
    return Object.entries(kept).some(([name, list]) => {
      const now = FRAME.test(name) ? null : nameNow(form, kept, name);
      if (!now) return false;
      return now in sent ? !same(list, sent[now]) : IN_ROW.test(now) && !(now.replace(/[^-]+$/, "id") in sent) && list.some((each) => each.trim());
    });
  }

  /* --- One form ----------------------------------------------------------------------------------------------------- */

  function watch(form) {
    const key = PREFIX + PATH;
    const cameBack = Boolean(form.querySelector("[data-came-back]"));
    for (const field of form.elements) {
      if (field.name?.endsWith("-TOTAL_FORMS")) totals[field.name] = Number(field.value);
      if (isPlace(field)) places[field.name] = field.value;
    }
    let kept = store.get(key) || {}; // what was kept and does not stand in the form: grows with what is typed
    let leaving = false;
    let timer = 0;

    function keep() {
      clearTimeout(timer);
      const { found, frame } = changes(form);
      if (Object.keys(found).length || Object.keys(kept).length) store.set(key, cameBack ? { ...kept, ...frame, ...found } : { ...frame, ...kept, ...found });
      else store.remove(key);
    }
    function later() {
      clearTimeout(timer);
      timer = setTimeout(() => { if (!leaving) keep(); }, 400); // what was sent is not kept a second time
    }

    // The calendar, the clock and buttons of rows change a field without saying so: look after a click, too.
    for (const name of ["input", "change", "click", "formset:added", "formset:removed"]) form.addEventListener(name, later);
    form.addEventListener("submit", () => {
      keep();
      leaving = true;
      store.set(SENT, PATH);
    });
    window.addEventListener("pageshow", () => { leaving = false; });
    window.addEventListener("beforeunload", (event) => {
      if (leaving) return;
      const dirty = Object.keys(changes(form).found).length > 0;
      if (!dirty && !cameBack) return;
      keep();
      event.preventDefault();
      event.returnValue = true;
    });

    if (cameBack) return;
    if (!differs(form, kept)) {
      kept = {};
      store.remove(key);
      return;
    }
    offer((what, region) => {
      if (what === "back") putBack(form, kept);
      kept = {};
      keep();
      region.replaceChildren();
      if (what !== "back") return;
      const done = document.createElement("p");
      done.textContent = region.dataset.done;
      region.append(done);
      region.focus();
    });
  }

  function offer(answer) {
    const region = document.getElementById("unsaved");
    if (!region) return;
    region.append(region.querySelector("template").content.cloneNode(true));
    region.tabIndex = -1;
    region.addEventListener("click", (event) => {
      const what = event.target.closest("[data-do]")?.dataset.do;
      if (what) answer(what, region);
    });
  }

  /* --- Every page of the admin -------------------------------------------------------------------------------------- */

  // After signing out, and for another account, nothing is left. A session that ended by itself keeps it all.
  if (!person && PATH.endsWith("/logout/")) store.clear();
  if (person) {
    if (store.get(OWNER) && store.get(OWNER) !== person) store.clear();
    store.set(OWNER, person);
  }

  const sent = store.get(SENT);
  if (sent && (saved !== undefined || document.querySelector(".messagelist .success"))) {
    store.remove(PREFIX + sent);
    store.remove(SENT);
  }
  const form = document.querySelector("#content-main form[method=post][id$=_form]");
  if (form && !form.elements._popup) watch(form);
}
