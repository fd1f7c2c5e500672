/* The event's form: a date read back while it is typed, rows moved by keyboard, a pasted list become rows.
   Without it everything can be saved all the same; the server checks and splits again. */
"use strict";
{
  const ready = (task) => (document.readyState === "loading" ? document.addEventListener("DOMContentLoaded", task) : task());

  /* --- The date in words ------------------------------------------------------------------------------------------ */

  const DATE_FIELDS = ["starts_at_0", "starts_at_1", "ends_at_0", "ends_at_1", "timezone", "all_day"];

  function readBack(words) {
    const output = document.getElementById("read-back");
    if (!output) return;
    const fields = DATE_FIELDS.map((name) => document.getElementById(`id_${name}`)).filter(Boolean);
    let asked = 0;
    let seen = "";
    async function ask() {
      const query = new URLSearchParams();
      for (const field of fields) {
        if (field.type !== "checkbox") query.set(field.name, field.value);
        else if (field.checked) query.set(field.name, "1");
      }
      if (query.toString() === seen) return;
      seen = query.toString();
      const number = ++asked;
      try {
        const answer = await fetch(`${output.dataset.url}?${query}`, { headers: { Accept: "text/html" } });
        if (!answer.ok) throw new Error(answer.statusText);
        const html = await answer.text();
        if (number === asked) output.innerHTML = html; // our own server's, escaped there
      } catch {
        if (number === asked) output.textContent = words.missing;
      }
    }
    for (const field of fields) field.addEventListener("change", ask);
    // The calendar and the clock of the admin set a value without saying so: look when the focus comes back.
    for (const field of fields) field.addEventListener("focus", ask);
    for (const field of fields) field.addEventListener("blur", ask);
    document.addEventListener("click", (event) => event.target.closest(".calendarbox, .clockbox, .datetimeshortcuts") && setTimeout(ask));
    // A form that came back with an error: the dates that stand there were typed, and nobody has read them back yet.
    if (!output.querySelector("strong") && document.getElementById("id_starts_at_0")?.value) ask();
  }

  /* --- Rows ------------------------------------------------------------------------------------------------------- */

  const rowsOf = (group) => [...group.querySelectorAll("tr.form-row:not(.empty-form), .inline-related[id]:not(.empty-form):not(.tabular)")];

  function number(group) {
    rowsOf(group).forEach((row, index) => {
      const place = row.querySelector("input._reorder_");
      if (place) place.value = index + 1;
    });
  }

  function move(group, row, step, words, said) {
    const rows = rowsOf(group);
    const other = rows[rows.indexOf(row) + step];
    if (!other) return;
    other.insertAdjacentElement(step < 0 ? "beforebegin" : "afterend", row);
    number(group);
    said.textContent = `${words.moved} ${rowsOf(group).indexOf(row) + 1}`;
  }

  function button(sign, direction) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "row-move";
    made.textContent = sign;
    made.dataset.direction = direction;
    return made;
  }

  function addButtons(group, row, words, said) {
    if (row.querySelector(".row-moves")) return;
    const place = row.querySelector("td.original, h3");
    if (!place) return;
    const both = document.createElement("span");
    both.className = "row-moves";
    const up = button("↑", "up");
    const down = button("↓", "down");
    up.addEventListener("click", () => { move(group, row, -1, words, said); up.focus(); });
    down.addEventListener("click", () => { move(group, row, 1, words, said); down.focus(); });
    both.append(up, down);
    place.append(both);
  }

  function linesOf(text) {
    const lines = text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
    return lines.map((line) => line.replace(/^\s*(?:[-–—−•‣◦▪■●○*·➢✓]|\(?\d{1,2}[.)°]|\(?(?:[a-z]|[ivx]{1,4})\))\s+/i, ""));
  }

  function pasteRows(group, event) {
    const field = event.target.closest("textarea[name*='-text_']");
    if (!field) return;
    const lines = linesOf(event.clipboardData.getData("text/plain"));
    if (lines.length < 2) return;
    event.preventDefault();
    const language = field.name.slice(field.name.lastIndexOf("-"));
    const add = () => group.querySelector(".add-row a, .add-row button, a.add-row")?.click();
    let rows = rowsOf(group);
    let index = rows.indexOf(field.closest(".form-row"));
    // Words that stand there already are kept: the list goes on where a cell of this language is empty.
    if (field.value.trim()) index += 1;
    for (const line of lines) {
      const empty = () => {
        rows = rowsOf(group);
        while (index < rows.length && rows[index].querySelector(`textarea[name$='${language}']`)?.value.trim()) index += 1;
        return rows[index];
      };
      if (!empty()) add();
      const cell = empty()?.querySelector(`textarea[name$='${language}']`);
      if (!cell) return;
      cell.value = line;
      cell.dispatchEvent(new Event("change", { bubbles: true }));
    }
    number(group);
  }

  /* --- Names for those who hear the form ---------------------------------------------------------------------------- */

  /* The rich-text box takes the place of a labelled field and has no name of its own. It comes a moment later. */
  function nameRichText() {
    const name = () => {
      for (const box of document.querySelectorAll(".prose-editor [role='textbox']:not([aria-label])")) {
        const field = box.closest(".prose-editor").parentElement.querySelector("textarea[id]");
        const label = field && document.querySelector(`label[for="${field.id}"]`);
        if (label) box.setAttribute("aria-label", label.textContent.trim().replace(/\s*:$/, ""));
      }
    };
    name();
    new MutationObserver(name).observe(document.body, { childList: true, subtree: true });
  }

  /* “Move strategy 2 up” and “Delete strategy 2”; where the heading of the column is hidden, the box says “Delete”. */
  function nameButtons(group, words) {
    const name = document.getElementById("editors-words").getAttribute(`data-name-${group.id.replace(/-group$/, "")}`);
    rowsOf(group).forEach((row, index) => {
      const label = words.row.replace("{row}", name).replace("{number}", index + 1);
      const say = (element, sentence) => element.setAttribute("aria-label", sentence.replace("{row}", label));
      for (const made of row.querySelectorAll(".row-move")) {
        say(made, words[made.dataset.direction]);
        made.title = made.getAttribute("aria-label");
      }
      for (const box of row.querySelectorAll("td.delete input[type=checkbox], span.delete input[type=checkbox]")) {
        say(box, words.deleteRow);
        if (box.labels.length) continue;
        const word = document.createElement("label");
        word.htmlFor = box.id;
        word.className = "delete-word";
        word.textContent = words.delete;
        box.after(word);
      }
    });
  }

  ready(() => {
    nameRichText();
    const holder = document.getElementById("editors-words");
    if (!holder) return;
    const words = holder.dataset;
    const said = document.getElementById("editors-said");
    readBack(words);
    for (const group of document.querySelectorAll(".inline-group")) {
      const isOrdered = group.querySelector("input._reorder_");
      const all = () => {
        if (isOrdered) rowsOf(group).forEach((row) => addButtons(group, row, words, said));
        nameButtons(group, words);
      };
      all();
      // Rows come, go and change places: by our buttons, by dragging, by Django's script.
      const rows = group.querySelector(".empty-form")?.parentElement;
      if (rows) new MutationObserver(all).observe(rows, { childList: true });
      if (isOrdered) group.addEventListener("paste", (event) => pasteRows(group, event));
    }
  });
}
