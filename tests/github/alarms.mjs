// publish --alarms against the fake: an issue for each broken metric, over its life; too many at
// once; two jobs at once; names that want to be more than names; faults.
//
//	node alarms.mjs GOBUDGET FOLDER      FOLDER is what setup made
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fake } from "./fake.mjs";
import { contains, equal, finish, lacks, ok, publish, scratch, sha, spec, sum } from "./lib.mjs";
import { names, twin } from "./names.mjs";

const nights = 20;
const night = (i) => ({ commit: sha(i + 1), time: 1760000000 + i * 86400, author: "Ann", subject: `Night ${i}` });

// One series: what it was, what it is, its budget, and whether trends calls it broken.
function series(test, { was = 9216, now = 12288, budget = null, broken = "grew", metric = "alloc_space", pkg = "example.com/shop/store", culprit = null, more = {} } = {}) {
  const points = Array.from({ length: nights }, (_, i) => [i, i < 15 ? was : now, budget]);
  const change = { kind: "step", from: sha(15), to: sha(16), told: sha(18), before: was, after: now, bisect: `gobudget bisect ${test}`, culprit };
  return { package: pkg, test, metric, unit: "bytes", over: broken === "over", broken, changes: was === now ? [] : [change], points, ...more };
}
const trends = (list, more = {}) => ({ version: 1, cut: null, environment: "go1.26 linux/amd64", other_environments: 0, whole: true, newest: 14, nights: Array.from({ length: nights }, (_, i) => night(i)), series: list, ...more });
const fine = (test, more = {}) => series(test, { was: 9216, now: 9216, broken: null, ...more });

async function on(name, body, options) {
  const github = await fake({ spec, ...options });
  try {
    await body(github, name);
    equal(`${name}: GitHub knows every request`, github.wrong, []);
    equal(`${name}: nobody else is asked`, github.elsewhere, []);
  } finally {
    await github.close();
  }
}
const go = (github, run, list, { args = [], ...more } = {}) =>
  publish(github, { event: { name: "schedule", payload: {} }, run, args: ["--alarms", ...args], report: Array.isArray(list) ? trends(list) : list, ...more });
const open = (github) => github.state.issues.filter((i) => i.state === "open");
const titles = (github) => open(github).map((i) => i.title);
const told = (job) => job.out.split("\n").filter((l) => l.startsWith("::warning title=gobudget publish::"));
const writes = (github) => github.requests.filter((r) => r.method !== "GET").length;

await on("an issue over its life", async (github, name) => {
  let job = await go(github, 1, [fine("TestCache"), fine("TestPage")]);
  equal(`${name}: all is well, exit`, job.status, 0);
  equal(`${name}: no issue`, github.state.issues.length, 0);
  contains(`${name}: the summary says so`, job.summary, "### gobudget: all is well");

  job = await go(github, 2, [series("TestCache", { budget: 10000, broken: "over" }), fine("TestPage")]);
  equal(`${name}: over, exit`, job.status, 1);
  equal(`${name}: its title`, titles(github), ["gobudget: alloc_space of TestCache (example.com/shop/store)"]);
  equal(`${name}: its label`, open(github)[0].labels.map((l) => l.name), ["gobudget"]);
  const { body, number } = open(github)[0];
  ok(`${name}: its marker comes first`, /^<!-- gobudget key=alarm-[0-9a-f]{8}-[0-9a-f]{24} run=2\.1 exit=1 head= digest=[0-9a-f]{16} text=[0-9a-f]{16} -->\n/.test(body), body);
  for (const part of ["over its budget", "**12.0 KiB** now, budget **10,000 B**", "+33.3%", "9,216 B &#8594; 12.0 KiB", "▁▁▁", "███", `https://github.com/octo/shop/commit/${sha(15)}`, `https://github.com/octo/shop/compare/${sha(15)}...${sha(16)}`, "Night 15", "which commit was it", "gobudget bisect TestCache example", "gobudget explain TestCache example", "raise the budget", "gobudget record --raise TestCache", "actions/runs/2"])
    contains(`${name}: it says ${part}`, body, part);
  contains(`${name}: the log leads there`, job.out, `opened: https://github.com/octo/shop/issues/${number}`);
  contains(`${name}: the summary`, job.summary, "**over** ");
  contains(`${name}: outputs`, job.output, "\nover\n");

  let before = github.requests.length;
  await go(github, 3, [series("TestCache", { budget: 10000, broken: "over" }), fine("TestPage")]);
  equal(`${name}: the same again, one request`, github.requests.slice(before).map((r) => r.method), ["GET"]);
  equal(`${name}: is left alone`, open(github)[0].body, body);

  await go(github, 4, [series("TestCache", { now: 13000, budget: 10000, broken: "over" }), series("TestPage")]);
  equal(`${name}: another metric, another issue`, titles(github).length, 2);
  contains(`${name}: the first is up to date`, open(github)[0].body, "12.7 KiB");
  before = github.requests.length;
  job = await go(github, 2, [series("TestCache", { budget: 10000, broken: "over" })]);
  contains(`${name}: an older run changes nothing`, open(github)[0].body, "12.7 KiB");

  job = await go(github, 5, [fine("TestCache", { budget: 10000 }), series("TestPage")]);
  equal(`${name}: grown alone is no failure`, job.status, 0);
  equal(`${name}: the first is closed by itself`, github.state.issues.map((i) => [i.number === number, i.state, i.state_reason ?? ""]), [[true, "closed", "completed"], [false, "open", ""]]);
  contains(`${name}: and says why`, github.state.issues[0].body, "good again");
  contains(`${name}: told`, job.out, "closed: https://github.com/octo/shop/issues/");

  job = await go(github, 6, trends([fine("TestOther")], { whole: false }));
  equal(`${name}: of a part nothing is closed`, open(github).length, 1);
  await go(github, 7, [series("TestPage", { broken: null })]);
  contains(`${name}: what has stood for long is closed`, github.state.issues[1].body, "has stood there for long");
  await go(github, 8, [series("TestPage")]);
  await go(github, 9, [fine("TestOther")]);
  equal(`${name}: what is measured no more is closed`, open(github).length, 0);
  contains(`${name}: and says so`, github.state.issues[2].body, "measured no more");
  await go(github, 10, [series("TestCache")]);
  equal(`${name}: a new one for the next time`, open(github).length, 1);
});

await on("too many at once", async (github, name) => {
  const all = Array.from({ length: 25 }, (_, i) => series(`Test${String(i).padStart(2, "0")}`));
  let job = await go(github, 1, all);
  equal(`${name}: ten and one`, open(github).length, 11);
  const shared = () => open(github).find((i) => i.title === "gobudget: more metrics that are broken");
  ok(`${name}: the worst have their own`, titles(github).includes("gobudget: alloc_space of Test09 (example.com/shop/store)"));
  contains(`${name}: the others share one`, shared().body, "15 more that are broken");
  contains(`${name}: which names them`, shared().body, "Test24");
  ok(`${name}: within a minute`, sum(job.waits) <= 60000, job.waits);
  let before = writes(github);
  await go(github, 1, all, { attempt: 2 });
  equal(`${name}: the same run again`, writes(github), before);
  github.skew = 86400;
  for (const issue of github.state.issues) issue.created_at = "2020-01-01T00:00:00Z";
  await go(github, 2, [...all, series("TestNew")]);
  equal(`${name}: the next night opens what is new alone`, open(github).length, 12);
  ok(`${name}: which has its own`, titles(github).some((t) => t.includes("TestNew")));
  await go(github, 3, all.slice(0, 20));
  contains(`${name}: what is good leaves the shared one`, shared().body, "10 more that are broken");
  equal(`${name}: and closes its own`, open(github).length, 11);
  await go(github, 4, all.slice(0, 10));
  equal(`${name}: nothing left to share`, open(github).length, 10);
  await go(github, 5, [fine("Test00")]);
  equal(`${name}: all are closed`, open(github).length, 0);
  await go(github, 6, all.slice(0, 3), { args: ["--most", "1"] });
  equal(`${name}: --most 1`, open(github).length, 2);
});

await on("how to go on", async (github, name) => {
  const time = series("BenchmarkB", { metric: "ns/op" });
  time.changes[0].bisect = null;
  await go(github, 1, trends([series("TestCache"), time], { environment: "go1.26 linux/amd64 gomaxprocs=2 -gcflags=-l -tags=a,b cgo race runtime accounting" }));
  const [cache, bench] = open(github).map((i) => i.body);
  contains(`${name}: with the flags of the nights`, cache, "--metric alloc&#95;space -- -race -tags&#61;a&#44;b\n");
  lacks(`${name}: a time is bisected by nobody`, bench, "gobudget bisect");
});

await on("closed by somebody", async (github, name) => {
  const all = [series("TestCache"), series("TestPage")];
  await go(github, 1, all);
  Object.assign(github.state.issues[0], { state: "closed", state_reason: "not_planned", closed_at: github.time() });
  const job = await go(github, 2, all);
  equal(`${name}: as not planned, it stays closed`, github.state.issues.map((i) => i.state), ["closed", "open"]);
  contains(`${name}: told`, job.out, "1 stays closed: somebody closed it as not planned");
  Object.assign(github.state.issues[1], { state: "closed", state_reason: "completed", closed_at: github.time() });
  await go(github, 3, all);
  equal(`${name}: as done, and it is not`, github.state.issues.map((i) => i.state), ["closed", "closed", "open"]);
  github.state.issues[0].closed_at = "2020-01-01T00:00:00Z";
  await go(github, 4, all);
  equal(`${name}: for a month`, github.state.issues.map((i) => i.state), ["closed", "closed", "open", "open"]);
});

await on("hundreds, worst first, end in a minute", async (github, name) => {
  const all = Array.from({ length: 3000 }, (_, i) => series(`Test${i}`, { metric: "goroutines" }));
  const job = await go(github, 1, all);
  equal(`${name}: eleven issues`, open(github).length, 11);
  for (const issue of open(github)) ok(`${name}: fits`, Buffer.byteLength(issue.body) <= 65000, Buffer.byteLength(issue.body));
  contains(`${name}: says that it is not all`, open(github).at(-1).body, "For want of room");
  ok(`${name}: the summary too`, Buffer.byteLength(job.summary) <= 1048576);
  ok(`${name}: nothing to tell`, told(job).length === 0, job.out);
});

await on("two jobs at once", async (github, name) => {
  const all = Array.from({ length: 13 }, (_, i) => series(`Test${String(i).padStart(2, "0")}`));
  let first = 0;
  github.hold = async (entry) => {
    if (entry.method === "GET" && first++ < 2) while (first < 2) await new Promise((done) => setTimeout(done, 5));
  };
  await Promise.all([go(github, 1, all), go(github, 2, all)]);
  github.hold = undefined;
  await go(github, 3, all);
  const keys = open(github).map((i) => /key=(\S+)/.exec(i.body)[1]);
  equal(`${name}: one for each`, keys.length, new Set(keys).size);
  equal(`${name}: ten and one`, keys.length, 11);
});

await on("two keys, and another's issues", async (github, name) => {
  github.issue("mine", "<!-- gobudget key=default run=1.1 exit=1 head= digest=0000000000000001 text=0000000000000001 -->\n", ["gobudget"]);
  await go(github, 1, [series("TestCache")], { args: ["--key", "linux"] });
  await go(github, 1, [series("TestCache")], { args: ["--key", "mac"] });
  equal(`${name}: one for each key`, titles(github), ["mine", "gobudget (linux): alloc_space of TestCache (example.com/shop/store)", "gobudget (mac): alloc_space of TestCache (example.com/shop/store)"]);
  await go(github, 2, [fine("TestCache")], { args: ["--key", "mac"] });
  equal(`${name}: closes its own alone`, titles(github).length, 2);
  const { body } = open(github)[1];
  github.state.issues.length = 0;
  github.issue("stolen", body, ["gobudget"], "mallory");
  await go(github, 3, [fine("TestCache")], { args: ["--key", "linux"] });
  equal(`${name}: a marker of somebody else's is not ours`, titles(github), ["stolen"]);
});

await on("a commit that is known", async (github, name) => {
  const culprit = { commit: sha(77), author: "Eve @octo/everyone", subject: "Leave room <b>", time: 1, evidence: "TestCache\n  1.2 KiB at store.go:7", why: null, left: 1, measured: 3 };
  await go(github, 1, [series("TestCache", { culprit }), series("TestDrift", { culprit: { ...culprit, commit: null, author: null, subject: null, evidence: null, why: "no time", left: 4 } })]);
  const [known, narrowed] = open(github).map((i) => i.body);
  contains(`${name}: it is named`, known, `commit/${sha(77)}`);
  contains(`${name}: with its lines`, known, "the lines that did it");
  lacks(`${name}: nobody has to look`, known, "which commit was it");
  contains(`${name}: as far as it got`, narrowed, "one of 4 commits");
});

await on("no result", async (github, name) => {
  let job = await go(github, 1, null);
  equal(`${name}: exit`, job.status, 3);
  equal(`${name}: an issue says so`, titles(github), ["gobudget: there is no result"]);
  job = await go(github, 2, {}, { text: '{"version": 1, "series": 3}' });
  equal(`${name}: broken, exit`, job.status, 2);
  contains(`${name}: and why`, open(github)[0].body, 'has no "newest"');
  await go(github, 3, [series("TestCache")]);
  equal(`${name}: closed by the next result`, titles(github), ["gobudget: alloc_space of TestCache (example.com/shop/store)"]);
  await go(github, 4, null);
  equal(`${name}: and closes nothing itself`, titles(github).length, 2);
});

for (const [kind, says] of [["403", "issues=write"], ["410", "Issues are disabled"], ["404", "404"]]) {
  await on(`final: ${kind}`, async (github, name) => {
    github.faults.push({ on: "POST .*issues$", kind, times: 99 });
    const job = await go(github, 1, Array.from({ length: 30 }, (_, i) => series(`Test${i}`)));
    equal(`${name}: exit`, job.status, 0);
    equal(`${name}: a few tries`, writes(github), 3);
    contains(`${name}: told`, told(job)[0] ?? "", says);
    contains(`${name}: the summary has it`, job.summary, "Test29");
  });
}
for (const kind of ["500-after", "reset-after", "truncated", "malformed"]) {
  await on(`done but not told: ${kind}`, async (github, name) => {
    github.faults.push({ on: "POST .*issues$", kind });
    const job = await go(github, 1, [series("TestCache"), series("TestPage")]);
    equal(`${name}: one for each`, open(github).length, 2);
    ok(`${name}: nothing to tell`, told(job).length === 0, job.out);
  });
}
await on("down", async (github, name) => {
  github.faults.push({ kind: "503", times: 999 });
  const job = await go(github, 1, [series("TestCache", { broken: "grew" })]);
  equal(`${name}: green stays green`, job.status, 0);
  ok(`${name}: within the cap`, sum(job.waits) <= 60000, job.waits);
});
await on("no token", async (github, name) => {
  const job = await go(github, 1, [series("TestCache", { budget: 1, broken: "over" })], { env: { GITHUB_TOKEN: "" } });
  equal(`${name}: exit`, job.status, 1);
  contains(`${name}: told`, told(job)[0] ?? "", "there is no token");
  contains(`${name}: the log has it`, job.out, "over: alloc_space of TestCache in example.com/shop/store: 12.0 KiB");
});
await on("hostile trends", async (github, name) => {
  const bad = [
    ["a metric of nobody", trends([series("T", { metric: "gold" })])],
    ["a night that is not", trends([series("T", { more: { points: [[99, 1, null]] } })])],
    ["a commit that is none", trends([series("T", { more: { changes: [{ kind: "step", from: "x".repeat(40), to: sha(16), told: sha(18), before: 1, after: 2, bisect: null, culprit: null }] } })])],
    ["over, and is not", trends([series("T", { broken: "over", budget: 99999 })])],
    ["no points", trends([series("T", { more: { points: [] } })])],
    ["another version", trends([], { version: 9 })],
  ];
  for (const [what, report] of bad) equal(`${name}: ${what}`, (await go(github, 1, report)).status, 2);
  equal(`${name}: one issue tells of it`, titles(github), ["gobudget: there is no result"]);
});

// ---- what GitHub makes of names

const unsafe = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;
const pages = [];
const page = (text) => {
  pages.push(join(scratch, `alarm${pages.length}.md`));
  writeFileSync(pages.at(-1), text);
  return pages.at(-1);
};
const all = [];
for (const [what, name] of names) {
  const bodies = async (n) => {
    const github = await fake({ spec });
    const culprit = { commit: sha(77), author: n, subject: n, time: 1, evidence: `${n}\n  at ${n}:7`, why: null, left: 1, measured: 3 };
    const list = trends([series(n, { pkg: `m/${n}`, budget: 1, broken: "over", culprit }), series(`${n}2`)]);
    for (const x of list.nights) x.subject = x.author = n;
    const job = await go(github, 1, list, { args: ["--most", "1"] });
    const result = { job, wrong: github.wrong, titles: titles(github), forms: [...open(github).map((i) => page(i.body)), page(job.summary)] };
    await github.close();
    return result;
  };
  all.push({ what, bad: await bodies(name), good: await bodies(twin(name)) });
}
const said = Object.fromEntries(execFileSync("ruby", [join(dirname(fileURLToPath(import.meta.url)), "render.rb"), ...pages], { encoding: "utf8", maxBuffer: 1 << 28, env: { ...process.env, RUBYOPT: "-W0", LC_ALL: "C.UTF-8" } })
  .trim().split("\n").map((line) => JSON.parse(line)).map((one) => [one.file, one]));
// Only a name that means nothing to a shell gets commands, so that others have less to fold.
const tags = (t) => Object.keys(t ?? {}).filter((k) => !["span", "details", "summary", "pre"].includes(k)).sort();
for (const { what, bad, good } of all) {
  equal(`${what}: exit`, bad.job.status, 1);
  equal(`${what}: GitHub knows every request`, bad.wrong, []);
  equal(`${what}: an own and a shared one`, [bad.forms.length, bad.titles.length], [3, 2]);
  ok(`${what}: titles are text`, bad.titles.every((t) => !unsafe.test(t) && [...t].length <= 256), JSON.stringify(bad.titles));
  ok(`${what}: so is the log`, !/[\u0000-\u0009\u000b-\u001f\u202a-\u202e\u2066-\u2069]/.test(bad.job.out), JSON.stringify(bad.job.out));
  for (const [i, path] of bad.forms.entries()) {
    const got = said[path];
    equal(`${what}, ${i}: elements`, tags(got.tags), tags(said[good.forms[i]].tags));
    equal(`${what}, ${i}: links`, got.links.filter((l) => !/^https:\/\/github\.com\/octo\/shop\/(actions\/runs\/1|commit\/[0-9a-f]{40}|compare\/[0-9a-f]{40}\.\.\.[0-9a-f]{40})$/.test(l)), []);
    equal(`${what}, ${i}: mentions`, got.mentions, []);
    equal(`${what}, ${i}: what GitHub would see besides`, got.hidden, []);
  }
}
finish();
