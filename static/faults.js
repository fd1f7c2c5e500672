/* Leads to a field of the admin's form: from the list of what is to be put right, and from what a language lacks.
   Without it the links are plain links, and lead to every field that can be seen. */
"use strict";
{
  const BOXES = "input:not([type=hidden]), select, textarea, [role=textbox]";

  function lead(id) {
    const goal = document.getElementById(id);
    if (!goal) return false;
    for (let part = goal.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
    // Rich text: the field itself is hidden behind its editor.
    const editor = goal.closest(".prose-editor");
    const box = editor ? editor.querySelector("[role=textbox]") : goal.matches(BOXES) ? goal : goal.querySelector(BOXES);
    (editor || goal).scrollIntoView({ block: "start" });
    box?.focus({ preventScroll: true });
    return true;
  }

  /* The title in the language that the row is written in; in other forms the first box for words. */
  function firstWords(form) {
    const language = form.querySelector("[name=source_language]:checked")?.value;
    const boxes = [...form.querySelectorAll("fieldset.module :is(input:not([type]), input[type=text], input[type=email], input[type=url], textarea)")];
    const seen = boxes.filter((box) => box.offsetParent && !box.disabled && !box.readOnly);
    return seen.find((box) => language && box.name.endsWith(`_${language}`)) || seen[0];
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest(".faults a[href^='#'], a[href^='#id_']");
    if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey && lead(link.hash.slice(1))) event.preventDefault();
  });

  const cameBack = document.querySelector("[data-came-back]");
  const form = document.querySelector("#content-main form[id$=_form]");
  if (cameBack) cameBack.focus();
  else if (form?.querySelector("#editors-words[data-add]") && document.activeElement === document.body) firstWords(form)?.focus();
}
