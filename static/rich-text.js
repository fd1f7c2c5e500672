/* The rich-text editor in this house: its words in the reader's language, a link with nothing but its address, the
   language of what is written, and pastes from Word, Google Docs, LibreOffice and web pages tidied before they are read.
   Loaded by the editor itself (settings.DJANGO_PROSE_EDITOR_EXTENSIONS). The server cleans again what is stored. */

import { Extension, Link as BaseLink, Plugin, updateAttrsDialog } from "django-prose-editor/editor";

const gettext = window.gettext || ((words) => words);

/* --- Words --------------------------------------------------------------------------------------------------------- */

/* The names of the editor's buttons; it writes most of them in English itself. */
const BUTTONS = {
  paragraph: gettext("Paragraph"),
  heading2: gettext("Heading"),
  heading3: gettext("Small heading"),
  bulletList: gettext("Bulleted list"),
  orderedList: gettext("Numbered list"),
  orderedListProperties: gettext("List properties"),
  bold: gettext("Bold"),
  italic: gettext("Italic"),
  link: gettext("Insert a link"),
  unlink: gettext("Remove the link"),
  "history:undo": gettext("Undo"),
  "history:redo": gettext("Redo"),
};

/* What the dialog about a list asks for in the editor's own code: named here so that `make messages` collects it. */
const ASKED = [gettext("Start at"), gettext("List type"), gettext("Bullets"), gettext("Update"), gettext("Cancel")]; // eslint-disable-line no-unused-vars

function nameButtons(menu) {
  for (const item of menu.items("blockType lists nodes marks link history")) {
    const name = BUTTONS[item.name];
    if (!name) continue;
    item.button.title = name;
    item.button.setAttribute("aria-label", name);
    if (item.option) item.option.textContent = name;
  }
}

/* --- Links --------------------------------------------------------------------------------------------------------- */

/* “omep.org” → “https://omep.org”, “claire@omep.org” → “mailto:…”: without it a link would lead into our own site. */
function whole(address) {
  if (/^[^\s@/:]+@[^\s@/:]+\.[^\s@/:]+$/.test(address)) return `mailto:${address}`;
  return /^[^\s/:?#.]+(\.[^\s/:?#.]+)+([/:?#]|$)/.test(address) ? `https://${address}` : address;
}

const askAddress = updateAttrsDialog(
  { href: { type: "string", title: gettext("Address") } },
  { title: gettext("Link"), submitText: gettext("Update") },
);

export const Link = BaseLink.extend({
  addCommands() {
    return {
      ...this.parent?.(),
      addLink: () => ({ editor }) => {
        if (editor.state.selection.empty && !editor.isActive("link")) return false;
        askAddress(editor, editor.getAttributes("link")).then((answer) => {
          if (!answer) return;
          const href = whole(answer.href.trim());
          const chain = editor.chain().focus().extendMarkRange("link");
          (href ? chain.setLink({ href }) : chain.unsetLink()).run();
        });
        return true;
      },
    };
  },
});

/* --- What is pasted -------------------------------------------------------------------------------------------------- */

const BLOCKS =
  "address, article, aside, blockquote, body, dd, div, dl, dt, figure, figcaption, footer, h1, h2, h3, h4, h5, h6, header, hr, li, main, nav, ol, p, pre, section, table, ul";
const KEPT = { a: ["href"], ol: ["start", "type"] };
const shows = (node) => /[^\s\u200b\ufeff]/.test(node.textContent);
const isBlock = (node) => node?.nodeType === Node.ELEMENT_NODE && node.matches(BLOCKS);
const unwrap = (element) => element.replaceWith(...element.childNodes);

function rename(element, name) {
  const made = element.ownerDocument.createElement(name);
  made.append(...element.childNodes);
  element.replaceWith(made);
  return made;
}

/* Styles say what is a list, and what is bold. As styles, the security policy would refuse them and the browser complain;
   of handlers (onerror=…) too. */
function parse(html) {
  const quiet = html
    .replace(/<style\b[\s\S]*?<\/style\s*>/gi, "")
    .replace(/<[a-z](?:"[^"]*"|'[^']*'|[^"'>])*>/gi, (tag) => tag.replace(/\s(style|on\w+)\s*=/gi, " data-$1="));
  return new DOMParser().parseFromString(quiet, "text/html").body;
}

function styleOf(element, property) {
  const style = `;${element.dataset.style ?? ""}`;
  return new RegExp(`;\\s*${property}\\s*:\\s*([^;]+)`, "i").exec(style)?.[1].trim().toLowerCase() ?? "";
}

function dropNoise(body) {
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_COMMENT);
  const comments = [];
  while (walker.nextNode()) comments.push(walker.currentNode);
  for (const comment of comments) comment.remove();
  for (const each of body.querySelectorAll("script, style, meta, link, title, xml")) each.remove();
  for (const each of body.querySelectorAll("o\\:p")) if (!shows(each)) each.remove();
}

/* The sign or number before a line of one of Word's lists, which is taken away from the paragraph; or null. */
function takeMarker(paragraph) {
  const span = [...paragraph.querySelectorAll("span")].find((each) => styleOf(each, "mso-list") === "ignore");
  if (span) {
    span.remove();
    return span.textContent.trim();
  }
  const sign = /^\s*([·•o§▪●○■\uf000-\uf0ff–-]|\(?(?:\d{1,3}|[a-z]|[ivxlc]+)[.)])\s*\u00a0\s*/i.exec(paragraph.textContent);
  if (!sign) return null;
  const walker = paragraph.ownerDocument.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT);
  for (let left = sign[0].length; left && walker.nextNode();) {
    const taken = Math.min(left, walker.currentNode.length);
    walker.currentNode.deleteData(0, taken);
    left -= taken;
  }
  return sign[1];
}

/* An empty list as the marker of its first line demands: “·” → ul, “3.” → ol that starts at 3, “b)” → ol of letters. */
function listFor(marker, document) {
  const number = /^\(?(\d+|[a-z]|[ivxlc]+)[.)°]/i.exec(marker ?? "")?.[1];
  const list = document.createElement(number ? "ol" : "ul");
  if (Number(number) > 1) list.setAttribute("start", number);
  if (number && !Number(number)) {
    const roman = /^i$|^[ivxlc]{2,}$/i.test(number);
    const letter = roman ? "i" : "a";
    list.setAttribute("type", number === number.toLowerCase() ? letter : letter.toUpperCase());
  }
  return list;
}

/* Word writes its lists as paragraphs, one after another, each with its level and its sign. */
function makeLists(body) {
  let open = []; // the lists that the next line may belong to, the outermost first
  for (const paragraph of body.querySelectorAll("p, div")) {
    const level = Number(/level(\d)/.exec(styleOf(paragraph, "mso-list"))?.[1] ?? 0);
    const direct = [...paragraph.children].some((each) => styleOf(each, "mso-list") === "ignore");
    if (!level && !direct && !/^MsoList/.test(paragraph.className)) continue;
    const marker = takeMarker(paragraph);
    if (!level && marker === null) continue;
    const depth = level || 1;
    const fresh = listFor(marker, body.ownerDocument);
    if (paragraph.previousElementSibling !== open[0]?.list) open = [];
    while (open.at(-1)?.depth > depth) open.pop();
    if (open.at(-1)?.depth === depth && open.at(-1).list.localName !== fresh.localName) open.pop();
    if (open.at(-1)?.depth !== depth) {
      if (open.length) open.at(-1).list.lastElementChild.append(fresh);
      else paragraph.before(fresh);
      open.push({ depth, list: fresh });
    }
    const item = body.ownerDocument.createElement("li");
    open.at(-1).list.append(item);
    item.append(rename(paragraph, "p"));
  }
  // A numbered heading keeps its number, without the room after it.
  for (const span of body.querySelectorAll("span")) if (styleOf(span, "mso-list") === "ignore") span.replaceWith(`${span.textContent.trim()} `);
}

/* Google Docs wraps everything in a <b> that is not bold, and writes what is bold as a style. */
function makeMarks(body) {
  for (const element of body.querySelectorAll("b, strong, i, em, span, font")) {
    const weight = styleOf(element, "font-weight");
    const slant = styleOf(element, "font-style");
    const bold = /^(bold|bolder|[5-9]00)/.test(weight);
    const italic = /^(italic|oblique)/.test(slant);
    if (element.matches("b, strong") ? weight && !bold : element.matches("i, em") && slant && !italic) {
      unwrap(element);
    } else if (element.matches("span, font") && !element.querySelector(BLOCKS) && shows(element)) {
      for (const name of [bold && "strong", italic && "em"].filter(Boolean)) {
        const mark = body.ownerDocument.createElement(name);
        mark.append(...element.childNodes);
        element.append(mark);
      }
    }
  }
}

/* A row becomes a paragraph, its cells joined by dashes; what stands alone in its row stays as it is. */
function openTables(body) {
  for (const table of [...body.querySelectorAll("table")].reverse()) {
    const lines = table.caption ? [rename(table.caption, "p")] : [];
    for (const row of table.rows) {
      const cells = [...row.cells].filter(shows);
      if (cells.length === 1 && cells[0].querySelector(BLOCKS)) {
        lines.push(...cells[0].childNodes);
        continue;
      }
      const line = body.ownerDocument.createElement("p");
      for (const cell of cells) {
        for (const block of cell.querySelectorAll(`${BLOCKS}, br`)) {
          block.after(" ");
          unwrap(block);
        }
        if (line.hasChildNodes()) line.append(" – ");
        line.append(...cell.childNodes);
      }
      lines.push(line);
    }
    table.replaceWith(...lines);
  }
}

/* A break beside a block, or at a block's end, would be read as an empty paragraph; an empty block is room and no text. */
function dropEmpty(body) {
  const beside = (node, side) => {
    let next = node[side];
    while (next?.nodeType === Node.TEXT_NODE && !shows(next)) next = next[side];
    return next;
  };
  for (const each of body.querySelectorAll("br")) {
    const [before, after] = [beside(each, "previousSibling"), beside(each, "nextSibling")];
    if (isBlock(before) || isBlock(after) || (!after && isBlock(each.parentElement))) each.remove();
  }
  for (const each of [...body.querySelectorAll("p, h2, h3, li, ul, ol")].reverse()) if (!shows(each)) each.remove();
}

function tidy(html) {
  const body = parse(html);
  dropNoise(body);
  makeLists(body);
  makeMarks(body);
  openTables(body);
  for (const heading of body.querySelectorAll("h1, h4, h5, h6")) rename(heading, heading.localName === "h1" ? "h2" : "h3");
  for (const link of body.querySelectorAll("a[href^='#'], a[href^='file:']")) unwrap(link); // into the document itself
  dropEmpty(body);
  for (const element of body.querySelectorAll("*")) {
    for (const name of element.getAttributeNames()) {
      if (!KEPT[element.localName]?.includes(name)) element.removeAttribute(name);
    }
  }
  return body.innerHTML;
}

/* --- The extension --------------------------------------------------------------------------------------------------- */

export const House = Extension.create({
  name: "house",
  priority: 1, // last: the others have made their buttons by then

  addMenuItems({ menu }) {
    nameButtons(menu);
  },

  transformPastedHTML(html) {
    return /<[^>]*\sdata-pm-slice=/.test(html) ? html : tidy(html); // what was copied in an editor is clean
  },

  /* The box that is edited takes the place of a field, whose language it says to browsers and screen readers. */
  addProseMirrorPlugins() {
    const field = this.editor.options.element.querySelector("textarea");
    const attributes = { spellcheck: "true" };
    if (field?.lang) Object.assign(attributes, { lang: field.lang, dir: field.dir || "ltr" });
    return [new Plugin({ props: { attributes } })];
  },
});
