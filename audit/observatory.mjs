// MDN's HTTP Observatory, told of a site on this machine: its own scan knows no ports and no pages but the first.
//   NODE_EXTRA_CA_CERTS=certificate.pem node observatory.mjs HOST HTTPS_PORT HTTP_PORT PATH … > found.json
import { ALL_TESTS } from "@mdn/mdn-http-observatory/src/constants.js";
import { MINIMUM_SCORE_FOR_EXTRA_CREDIT } from "@mdn/mdn-http-observatory/src/grader/charts.js";
import { getGradeForScore, getScoreModifier } from "@mdn/mdn-http-observatory/src/grader/grader.js";
import { retrieve } from "@mdn/mdn-http-observatory/src/retriever/retriever.js";
import { existsSync, readFileSync, writeFileSync } from "node:fs";

const [host, httpsPort, httpPort, ...paths] = process.argv.slice(2);
const HERE = "node_modules/@mdn/mdn-http-observatory";
const { version } = JSON.parse(readFileSync(`${HERE}/package.json`));

// The list of hosts that browsers know for https, which its installation would fetch. A site on this machine is not on it.
const PRELOADED = `${HERE}/conf/hsts-preload.json`;
if (!existsSync(PRELOADED)) writeFileSync(PRELOADED, "{}");

// As its scan adds up: what is lost counts in any case, what is won only for who has lost little.
function graded(results) {
  const points = results.map(each => getScoreModifier(each.result));
  const lost = points.filter(each => each < 0).reduce((sum, each) => sum + each, 100);
  const all = points.reduce((sum, each) => sum + each, 100);
  return getGradeForScore(lost >= MINIMUM_SCORE_FOR_EXTRA_CREDIT ? all : lost);
}

const found = [];
for (const path of paths) {
  const asked = await retrieve(host, { httpsPort, httpPort, path });
  if (!asked.responses.https?.verified) throw new Error(`${path} did not answer by https`);
  const results = ALL_TESTS.map(test => test(asked));
  const { grade, score } = graded(results);
  const tests = results.map(each => [each.constructor.name, each.pass, each.result, getScoreModifier(each.result)]);
  found.push({ path, status: asked.responses.auto.status, grade, score, tests });
}
process.stdout.write(JSON.stringify({ version, found }));
