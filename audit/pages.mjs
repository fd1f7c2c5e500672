// Comes to each page as a visitor does, keeps its HTML for the Nu checker, and asks axe about it.
//   node pages.mjs ADDRESS VISITS.json FOLDER > found.json
import { readFileSync, writeFileSync } from "node:fs";
import axe from "axe-core";
import { launch } from "./browser.mjs";

const [address, plan, folder] = process.argv.slice(2);
const WIDTHS = [360, 1280];
const SCHEMES = ["light", "dark"];
// Everything but level AAA (three rules) and what axe itself has given up.
const RULES = {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice", "experimental"],
  resultTypes: ["violations", "incomplete"],
};

const COME = {
  link: (page, { url }) => page.goto(url),

  // The form as the page has it, filled and sent by somebody whose browser checks nothing.
  async submit(page, { url, form, fields }) {
    await page.goto(url);
    return answer(page, () => page.$eval(form, (form, fields) => {
      form.noValidate = true;
      for (const [name, value] of Object.entries(fields)) form.elements[name].value = value;
      form.requestSubmit();
    }, fields));
  },

  // A form of another site.
  elsewhere: (page, { url, fields }) => answer(page, () => page.evaluate((url, fields) => {
    const form = Object.assign(document.createElement("form"), { method: "post", action: url });
    for (const [name, value] of Object.entries(fields)) {
      form.append(Object.assign(document.createElement("textarea"), { name, value }));
    }
    document.body.append(form);
    form.submit();
  }, url, fields)),

  async given(page, { url, html, status }) {
    await page.setRequestInterception(true);
    page.on("request", request => request.url() === url
      ? request.respond({ status, contentType: "text/html; charset=utf-8", body: html })
      : request.continue());
    return page.goto(url);
  },
};

async function answer(page, act) {
  const [response] = await Promise.all([page.waitForNavigation(), act()]);
  return response;
}

// What fails, with where it does ("360 dark"), and the rules that could not decide.
async function look(page) {
  await page.evaluate(axe.source);
  const violations = {}, undecided = new Set();
  for (const width of WIDTHS) {
    for (const scheme of SCHEMES) {
      await page.setViewport({ width, height: 800 });
      await page.emulateMediaFeatures([
        { name: "prefers-color-scheme", value: scheme },
        { name: "prefers-reduced-motion", value: "reduce" },
      ]);
      const found = await page.evaluate(rules => axe.run(document, rules), RULES);
      for (const rule of found.violations) {
        for (const { target, html } of rule.nodes) {
          (violations[`${rule.id}: ${target.join(" ")}: ${html.slice(0, 120)}`] ??= []).push(`${width} ${scheme}`);
        }
      }
      found.incomplete.forEach(rule => undecided.add(rule.id));
    }
  }
  return { violations, undecided: [...undecided].sort() };
}

const browser = await launch();
const found = [];
for (const [number, visit] of JSON.parse(readFileSync(plan)).entries()) {
  const context = await browser.createBrowserContext();
  const page = await context.newPage();
  try {
    const response = await COME[visit.via](page, { ...visit, url: address + visit.path });
    const file = `${folder}/${number}.html`;
    writeFileSync(file, await response.buffer());
    const answered = { file, expected: visit.status, status: response.status() };
    found.push({ page: visit.page, language: visit.language, ...answered, ...await look(page) });
  } catch (error) {
    console.error(`${visit.page}, ${visit.language}`);
    throw error;
  }
  await context.close();
}
process.stdout.write(JSON.stringify({ axe: axe.version, chromium: await browser.version(), found }));
await browser.close();
