// What the tests of publish share: results to publish, a job to publish in, assertions.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { tmpdir } from "node:os";

export const [program, folder] = process.argv.slice(2).map((word) => resolve(word));
export const spec = join(folder, "api.json");
export const scratch = mkdtempSync(join(tmpdir(), "gb-github-"));
process.on("exit", () => rmSync(scratch, { recursive: true, force: true }));

export const sha = (n) => n.toString(16).padStart(40, "0").replace(/^0/, "a");

// A report as check writes it, of so many tests over budget.
export function result({ over = 0, warn = 0, name = (i) => `TestLeak${i}`, exit = over ? 1 : 0, notes = [], output, wall = 1234 } = {}) {
  const verdict = (i, action) => ({
    package: "example.com/shop/store", test: name(i), metric: "goroutines", verdict: action === "fail" ? "over" : "grew", action, by: "budget",
    budget: 0, ceiling: 0, measured: 3 + i, recorded: 0, spread: 0, over_runs: 1, runs: 1,
    site: { func: `example.com/shop/store.${name(i)}`, file: "store/store_test.go", line: 10 + i },
  });
  const verdicts = [
    ...Array.from({ length: over }, (_, i) => verdict(i, "fail")),
    ...Array.from({ length: warn }, (_, i) => verdict(over + i, "warn")),
  ];
  const tests = verdicts.map((v) => ({ name: v.test, kind: "test", outcome: "pass", site: v.site, metrics: { goroutines: { in_order: { min: v.measured, max: v.measured, n: 1 } } } }));
  const troubles = output ? [{ kind: "fail", test: null, text: "a test failed", output, warning: false }] : [];
  const count = { packages: 1, tests: tests.length + 1, troubles: troubles.length, failing: over, warning: warn, within: 0, over, grew: warn, slack: 0, new: 0, gone: 0, waived: 0, incomparable: 0, left: 0, raised: 0, inherited: 0 };
  return {
    version: 1, gobudget: "0.1.0", module: "example.com/shop", command: "gobudget check ./...", exit_status: exit,
    environment: { go: "1.26", go_version: "go1.26.8", platform: "linux/amd64", gomaxprocs: 2, gcflags: "-l", tags: "", cgo: true, race: false, accounting: "runtime", why_fallback: null },
    runs: 1, filtered: false, compiled_only: false, interrupted: false, no_budgets: false, base: null, policy: null, wall_ms: wall, totals: count, notes, verdicts,
    packages: [{ path: "example.com/shop/store", module: "example.com/shop", dir: "store", passed: true, measured: true, wall_ms: 5, troubles, tests }],
  };
}

export const pull = (number, head, extra = {}) => ({
  number, state: "open", title: "a change",
  head: { sha: head, ref: "topic", repo: { id: 1 }, user: { login: "octo" } },
  base: { sha: sha(1), ref: "main", repo: { id: 1 } }, ...extra,
});

export const pullEvent = (number, head) => ({
  name: "pull_request",
  payload: { action: "synchronize", number, pull_request: pull(number, head), repository: { id: 1, full_name: "octo/shop" } },
});

let jobs = 0;

// One job: what it printed, its status, the files of the runner, the requests it made.
export function publish(github, { event = pullEvent(7, sha(7)), run = 100, attempt = 1, args = [], report = result(), text, env = {}, kill, timeout = "5s" } = {}) {
  const dir = mkdtempSync(join(scratch, `job${jobs++}-`));
  const file = (name) => join(dir, name);
  const read = (name) => (existsSync(file(name)) ? readFileSync(file(name), "utf8") : "");
  writeFileSync(file("event.json"), JSON.stringify(event.payload));
  if (report !== null) writeFileSync(file("result.json"), text ?? JSON.stringify(report));
  const child = spawn(program, ["publish", "--waits", file("waits"), "--timeout", timeout, ...args, file("result.json")], {
    cwd: dir,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      PATH: process.env.PATH, ASAN_OPTIONS: process.env.ASAN_OPTIONS ?? "", LC_ALL: "C.UTF-8", LLVM_PROFILE_FILE: "/dev/null",
      GITHUB_ACTIONS: "true", GITHUB_API_URL: github.url, GITHUB_SERVER_URL: "https://github.com", GITHUB_REPOSITORY: "octo/shop",
      GITHUB_RUN_ID: String(run), GITHUB_RUN_ATTEMPT: String(attempt), GITHUB_SHA: sha(999), GITHUB_REF: "refs/pull/7/merge",
      GITHUB_EVENT_NAME: event.name, GITHUB_EVENT_PATH: file("event.json"),
      GITHUB_STEP_SUMMARY: file("summary"), GITHUB_OUTPUT: file("output"), GITHUB_TOKEN: github.token, ...env,
    },
  });
  let out = "", err = "";
  child.stdout.on("data", (d) => (out += d));
  child.stderr.on("data", (d) => (err += d));
  if (kill) kill(child);
  return new Promise((done) =>
    child.on("close", (status, signal) =>
      done({
        status, signal, out, err, file,
        summary: read("summary"), output: read("output"),
        waits: read("waits").split("\n").filter(Boolean).map(Number),
        clean: () => rmSync(dir, { recursive: true, force: true }),
      })));
}

// ---- assertions, as tests/e2e/lib.sh prints them

let checks = 0, failures = 0;

export function ok(name, good, seen = "") {
  checks++;
  if (good) console.log(`ok ${name}`);
  else {
    failures++;
    console.log(`not ok ${name}`);
    for (const line of String(seen).split("\n").slice(0, 40)) console.log(`    ${line}`);
  }
  return good;
}

export const equal = (name, got, want) => ok(name, JSON.stringify(got) === JSON.stringify(want), `got ${JSON.stringify(got)}\nwant ${JSON.stringify(want)}`);
export const contains = (name, text, part) => ok(name, text.includes(part), `no "${part}" in:\n${text}`);
export const lacks = (name, text, part) => ok(name, !text.includes(part), text);

export function finish() {
  console.log(`1..${checks}`);
  process.exitCode = failures ? 1 : 0;
}

export const sum = (list) => list.reduce((a, b) => a + b, 0);
