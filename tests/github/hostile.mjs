// Names that want to be more than names, through every form of the report: what GitHub makes of
// each has to be what it makes of a harmless name of the same shape.
//
//	node hostile.mjs GOBUDGET FOLDER      FOLDER is what setup made
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync, existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { fake } from "./fake.mjs";
import { equal, finish, ok, program, publish, pull, scratch, sha, spec } from "./lib.mjs";
import { names, twin } from "./names.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const corpus = join(here, "..", "fuzz", "corpus", "report", "base.json");
// Whatever a stranger has a hand in.  The others are words of ours, which the reader knows by heart.
const free = new Set(["anchor", "author", "base", "chain", "command", "created_by", "dir", "expr", "file", "func", "gcflags", "go_version", "module", "name", "notes", "output", "package", "path", "policy", "reason", "says", "source", "state", "subject", "tags", "test", "text", "to", "why", "why_fallback"]);

// A report of everything that a report may hold, its strings led by the name and ended by it.
function report(name) {
  const r = JSON.parse(readFileSync(corpus, "utf8"));
  const over = r.verdicts[0];
  const at = { package: over.package, test: over.test, site: over.site, metric: "goroutines", measured: 3, over_runs: 1, runs: 1, budget: 1, ceiling: 1, recorded: 1, spread: 0, budget_at: { file: "budgets/a.json", line: 3 } };
  r.verdicts.push(
    { ...at, metric: "alloc_space", verdict: "waived", action: "ignore", by: "waiver", waiver: { until: "2030-01-01", ceiling: 5, reason: "why not" } },
    { ...at, metric: "alloc_objects", verdict: "raised", action: "warn", by: "budget", at_base: 1, needs: "reason", reason: "because" },
    { package: over.package, test: "TestGone", verdict: "gone", action: "fail", by: "budget" },
    { package: over.package, test: "TestNew", verdict: "new", action: "warn", by: "budget" },
  );
  r.packages[0].troubles.push(
    { kind: "fail", test: "TestBroken", text: "a test failed", output: "first\nsecond\nthird", warning: false },
    { kind: "build", test: null, text: "it did not build", output: "x.go:1: no", warning: false },
  );
  r.environment.gcflags = "-l";
  r.environment.tags = "x";
  r.commits = {
    more: 0,
    columns: [{ package: over.package, test: over.test, metric: "goroutines" }],
    list: [1, 2].map((n) => ({ commit: sha(n), author: "mona", subject: "change it", raised: 1, lowered: 0, added: 0, removed: 0, measured: [n] })),
  };
  const each = (value, key) => {
    if (typeof value === "string") return free.has(key) ? `${name}${value}${name}` : value;
    if (Array.isArray(value)) return value.map((v) => each(v, key));
    if (!value || typeof value !== "object") return value;
    return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, each(v, k)]));
  };
  return each(r, "");
}

const event = (name) => {
  const ref = { label: `octo:${name}`, ref: name };
  const one = pull(7, sha(7));
  const payload = { ...one, title: name, body: name, user: { login: name }, head: { ...one.head, ...ref }, base: { ...one.base, ...ref } };
  return { name: "pull_request", payload: { action: "synchronize", number: 7, pull_request: payload, repository: { id: 1, full_name: "octo/shop" } } };
};

let files = 0;
const keep = (text, kind) => {
  const path = join(scratch, `page${files++}.${kind}`);
  writeFileSync(path, text);
  return path;
};

// Every form of one report: { markdown: [[what, path]], pages, xml, commands, ... }.
async function forms(name) {
  const github = await fake({ spec });
  github.state.pulls.push(pull(7, sha(7)));
  const branch = name.replaceAll("\0", "");
  const job = await publish(github, {
    report: report(name), event: event(name), args: ["--check-run", "--status", "--issue", "--comment", "always"],
    env: { GITHUB_HEAD_REF: branch, GITHUB_BASE_REF: branch, GITHUB_REF_NAME: branch, GITHUB_ACTOR: branch, GITHUB_WORKFLOW: branch, GITHUB_JOB: branch },
  });
  const file = (kind) => join(dirname(job.file("x")), `again.${kind}`);
  const result = { job, wrong: github.wrong, markdown: [], state: github.state, file };
  const add = (what, text) => text && result.markdown.push([what, keep(text, "md")]);
  add("summary", job.summary);
  for (const c of github.state.comments) add("comment", c.body);
  for (const c of github.state.checks) add("check run", c.output?.summary);
  for (const i of github.state.issues) add("issue", i.body);
  await github.close();
  try {
    result.text = execFileSync(program, ["report", "-v", job.file("result.json"), ...["json", "markdown", "html", "junit", "sarif"].flatMap((k) => [`--${k}`, file(k)])],
      { encoding: "utf8", env: { PATH: process.env.PATH, LC_ALL: "C.UTF-8", GITHUB_ACTIONS: "true", ASAN_OPTIONS: process.env.ASAN_OPTIONS ?? "" }, stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 28 });
  } catch (e) {
    result.text = e.stdout;
    result.status = e.status;
    result.said = e.stderr;
  }
  if (existsSync(file("markdown"))) add("file", readFileSync(file("markdown"), "utf8"));
  result.page = existsSync(file("html")) && keep(readFileSync(file("html")), "html");
  result.xml = existsSync(file("junit")) && keep(readFileSync(file("junit")), "xml");
  return result;
}

// What the runner would obey, of what stands in a log: where nothing stops it.
function commands(log) {
  const seen = [];
  let stop = null;
  for (const line of log.split(/\r\n|[\n\r]/)) {
    const text = line.trimStart();
    if (stop) {
      if (text === `::${stop}::`) stop = null;
    } else if (text.startsWith("::stop-commands::")) stop = text.slice("::stop-commands::".length);
    else if (text.startsWith("::")) seen.push(text);
    else if (/##\[/.test(line)) seen.push(line);
  }
  return { seen, stop };
}

const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/;
const each = (tags, but = ["span"]) => Object.fromEntries(Object.entries(tags ?? {}).filter(([t]) => !but.includes(t)).sort());
const whole = (path) => JSON.parse(readFileSync(path, "utf8"));
const fields = (output) => [...output.matchAll(/^([\w-]+)<<(ghadelimiter_[0-9a-f-]+)\n([\s\S]*?)\n\2\n/gm)].map((m) => m[1]);

const all = [];
for (const [what, name] of names) all.push({ what, bad: await forms(name), good: await forms(twin(name)) });

const pages = all.flatMap(({ bad, good }) => [bad, good].flatMap((f) => [...f.markdown.map(([, path]) => path), f.page, f.xml].filter(Boolean)));
const said = Object.fromEntries(execFileSync("ruby", [join(here, "render.rb"), ...pages], { encoding: "utf8", maxBuffer: 1 << 28, env: { ...process.env, RUBYOPT: "-W0", LC_ALL: "C.UTF-8" } })
  .trim().split("\n").map((line) => JSON.parse(line)).map((one) => [one.file, one]));

for (const { what, bad, good } of all) {
  equal(`${what}: exit`, [bad.job.status, bad.status, bad.said], [1, 1, ""]);
  equal(`${what}: forms`, bad.markdown.map(([k]) => k), ["summary", "comment", "check run", "issue", "file"]);
  equal(`${what}: GitHub knows every request`, bad.wrong, []);
  for (const [i, [form, path]] of bad.markdown.entries()) {
    const got = said[path], want = said[good.markdown[i]?.[1]];
    equal(`${what}, ${form}: elements`, each(got.tags), each(want?.tags));
    equal(`${what}, ${form}: nothing for the sanitiser`, each(got.parsed, []), each(got.tags, []));
    equal(`${what}, ${form}: links`, got.links.filter((l) => !/^https:\/\/github\.com\/octo\/shop\/actions\/runs\/100$/.test(l)), []);
    equal(`${what}, ${form}: mentions`, got.mentions, []);
    equal(`${what}, ${form}: what GitHub would see besides`, got.hidden, []);
  }
  equal(`${what}, page: elements`, each(said[bad.page]?.tags, []), each(said[good.page]?.tags, []));
  equal(`${what}, page: what it fetches, what it runs`, said[bad.page]?.sources, said[good.page]?.sources);
  equal(`${what}, JUnit: parses`, said[bad.xml]?.error, undefined);
  equal(`${what}, JUnit: elements`, each(said[bad.xml]?.tags, []), each(said[good.xml]?.tags, []));
  try {
    equal(`${what}, SARIF: results`, whole(bad.file("sarif")).runs[0].results.length, whole(good.file("sarif")).runs[0].results.length);
    equal(`${what}, JSON: verdicts`, whole(bad.file("json")).verdicts.length, whole(bad.job.file("result.json")).verdicts.length);
  } catch (e) {
    ok(`${what}, SARIF and JSON: parse`, false, e.message);
  }
  ok(`${what}, text: nothing but text`, !unsafe.test(bad.text), JSON.stringify(bad.text.split("\n").filter((l) => unsafe.test(l)).slice(0, 3)));
  equal(`${what}, text: commands`, commands(bad.text).seen, commands(good.text).seen);
  const log = commands(bad.job.out + bad.job.err), mine = commands(good.job.out + good.job.err);
  const heads = (c) => c.seen.map((l) => l.replace(/^(::\w+)[\s\S]*$/, "$1"));
  equal(`${what}, log: commands`, heads(log), heads(mine));
  equal(`${what}, log: what stopped them has ended`, log.stop, null);
  ok(`${what}, log: nothing but text`, !unsafe.test(bad.job.out + bad.job.err), JSON.stringify(log.seen.filter((l) => unsafe.test(l))));
  equal(`${what}, outputs`, fields(bad.job.output), fields(good.job.output));
  const plain = [...bad.state.checks.flatMap((c) => [c.name, c.output?.title, ...(c.annotations ?? c.output?.annotations ?? []).flatMap((a) => [a.title, a.message])]), ...bad.state.statuses.flatMap((s) => [s.context, s.description]), ...bad.state.issues.map((i) => i.title)];
  ok(`${what}: titles and annotations are text`, plain.every((t) => !unsafe.test(t ?? "")), JSON.stringify(plain.filter((t) => unsafe.test(t ?? ""))));
}
// No name can have one, and no reader is to end at it.
const nul = await publish({ url: "http://127.0.0.1:1", token: "" }, { report: report("a\0b"), args: ["--comment", "never"] });
equal("NUL: no result", [nul.status, /\\u0000 is not accepted/.test(nul.err)], [2, true]);
finish();
