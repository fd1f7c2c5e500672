// Lighthouse with its own phone settings (simulated throttling), each run in a Chromium that was never here before.
//   node lighthouse.mjs RUNS ADDRESS … > found.json
import lighthouse from "lighthouse";
import { launch } from "./browser.mjs";

const [runs, ...addresses] = process.argv.slice(2);
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];

// A busy machine may keep a browser from painting in time: such a run says nothing, and is made again.
async function run(address, tries = 4) {
  const browser = await launch();
  try {
    const port = Number(new URL(browser.wsEndpoint()).port);
    const { lhr } = await lighthouse(address, { port, logLevel: "error", onlyCategories: CATEGORIES });
    const weighty = CATEGORIES.flatMap(name => lhr.categories[name].auditRefs).filter(each => each.weight > 0);
    const counted = weighty.map(each => lhr.audits[each.id]);
    const broken = lhr.runtimeError?.message ?? counted.find(each => each.errorMessage)?.errorMessage;
    if (broken && tries > 1) return await run(address, tries - 1);
    if (broken) throw new Error(`${address}: ${broken}`);
    const low = counted.filter(each => each.score !== null && each.score < 1);
    return {
      scores: CATEGORIES.map(name => Math.round(lhr.categories[name].score * 100)),
      paint: lhr.audits["largest-contentful-paint"].numericValue,
      shift: lhr.audits["cumulative-layout-shift"].numericValue,
      low: low.map(each => `${each.id} ${each.displayValue ?? ""}`.trim()),
      version: lhr.lighthouseVersion,
    };
  } finally {
    await browser.close();
  }
}

const found = [];
for (const address of addresses) {
  const each = [];
  for (let number = 0; number < runs; number++) each.push(await run(address));
  found.push(each);
}
process.stdout.write(JSON.stringify(found));
