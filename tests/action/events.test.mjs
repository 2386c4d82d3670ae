// The action, whole, under every event it may be started by: measured or refused, told where it can
// be told, and red or green as it came out.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { contains, equal, finish, lacks, ok } from "./check.mjs";
import { Log } from "./commands.mjs";
import { runAction } from "./composite.mjs";
import { event } from "./events.mjs";
import { checkout, processEnvironment, release, repository, sh } from "./place.mjs";
import { fake } from "../github/fake.mjs";

const { GOBUDGET, PROJECT, TMPDIR, NODE_MODULES, FAKE_GITHUB } = process.env;
const { toCommandProperties } = createRequire(import.meta.url)(`${NODE_MODULES}/@actions/core/lib/utils.js`);
const { issueCommand } = createRequire(import.meta.url)(`${NODE_MODULES}/@actions/core/lib/command.js`);
const { prepareKeyValueMessage } = createRequire(import.meta.url)(`${NODE_MODULES}/@actions/core/lib/file-command.js`);
const TOKEN = "ghs_theWriting0ne";
const place = repository(TMPDIR, GOBUDGET);
const server = await release(TMPDIR, PROJECT, GOBUDGET);
let n = 0;

async function github(commits, may) {
  const api = await fake({ spec: `${FAKE_GITHUB}/api.json`, token: TOKEN });
  api.repository = "octo-org/shelf";
  api.permissions = { comments: may, checks: may, statuses: may, issues: may };
  api.state.pulls.push({
    number: commits.number, state: "open", title: "a change", user: { login: "octo" },
    head: { sha: commits.head, ref: "feature", repo: { id: 2, full_name: "stranger/shelf" }, user: { login: "stranger" }, label: "stranger:feature" },
    base: { sha: commits.base, ref: "main", repo: { id: 1, full_name: "octo-org/shelf" } },
  });
  return api;
}

const slow = `package slow

import (
	"fmt"
	"os"
	"testing"
	"time"
)

func TestSlow(t *testing.T) {
	os.WriteFile("pid", []byte(fmt.Sprint(os.Getpid())), 0o600)
	time.Sleep(time.Hour)
}
`;

// Cancels the job as soon as the slow test runs.
function cancelOnce(stop, workspace) {
  const timer = setInterval(() => {
    if (!existsSync(`${workspace}/slow/pid`)) return;
    clearInterval(timer);
    stop.abort();
  }, 50);
}

async function play(kind, commits, inputs = {}, { api, env = {}, prepare = () => {}, stop } = {}) {
  const top = `${TMPDIR}/a job's ${++n}`; // a self-hosted runner may stand anywhere
  const temp = `${top}/_temp`, workspace = `${top}/shelf`;
  mkdirSync(temp, { recursive: true });
  const own = api ?? (await github(commits, true));
  const e = event(kind, commits, { temp, workspace, server: server.url, api: own.url });
  if (!api) own.permissions = { comments: e.writes, checks: e.writes, statuses: e.writes, issues: e.writes };
  e.env.GITHUB_RUN_ID = String(4242 + n);
  checkout(place.bare, e.sha, workspace);
  prepare(workspace);
  const log = new Log([TOKEN]);
  if (stop) cancelOnce(stop, workspace);
  const result = await runAction(server.action, inputs, {
    ...e, log, temp, workspace, token: TOKEN, processEnv: processEnvironment(server), cancelled: stop?.signal,
    runner: { os: "Linux", arch: "X64", temp },
    env: { ...e.env, RUNNER_TEMP: temp, RUNNER_OS: "Linux", RUNNER_ARCH: "X64", ...env },
  });
  if (!api) await own.close();
  return { ...result, log, api: own, workspace, ran: existsSync(`${workspace}/tests-ran`) };
}

const status = (r) => [r.conclusion, r.outputs["exit-status"], r.outputs.verdict];
const seen = (r) => `${r.log.text()}\n${JSON.stringify(r.outputs)}`;

// Byte for byte what GitHub's own library would have written.
function oracle(name, r) {
  const raw = r.steps.report.stdout.split("\n").filter((line) => /^::(error|warning|notice)( |::)/.test(line));
  const wrong = [];
  for (const line of raw) {
    const log = new Log();
    log.line(line);
    const { level, message, ...props } = log.annotations[0];
    const written = [];
    const write = process.stdout.write;
    process.stdout.write = (text) => written.push(text);
    try {
      const known = { title: props.title, file: props.file, line: props.line, endLine: props.endLine, col: props.col, endColumn: props.endColumn };
      const all = toCommandProperties({ ...known, startLine: props.line });
      issueCommand(level, Object.fromEntries(Object.entries(props).map(([k]) => [k, all[k] ?? props[k]])), message);
    } finally {
      process.stdout.write = write;
    }
    if (written.join("") !== `${line}\n`) wrong.push(`${line}\n${written.join("")}`);
  }
  ok(`${name}: ${raw.length} annotations as @actions/core writes them`, raw.length > 0 && wrong.length === 0, wrong.join("\n"));
}

// Delimiters are random, all else is the same.
function outputsOracle(name, r) {
  const raw = r.steps.report.rawOutputs.replace(/^exit-status=\d\n/m, "");
  const plain = (text) => text.replace(/ghadelimiter_[0-9a-f-]+/g, "WORD");
  const want = ["verdict", "over", "report", "comment-url"].map((key) => `${prepareKeyValueMessage(key, r.outputs[key])}\n`).join("");
  equal(`${name}: outputs as @actions/core writes them`, plain(raw), plain(want));
  const words = raw.match(/<<ghadelimiter_[0-9a-f-]+/g) ?? [];
  ok(`${name}: each with a word of its own`, words.length === 4 && new Set(words).size === 4, raw);
}

// What measures, and finds a change that is over.
for (const [kind, comments] of [
  ["pull_request", 1], ["fork", 0], ["deleted_fork", 0], ["dependabot", 0], ["merge_group", 0], ["push", 0],
  ["push_new_branch", 0], ["schedule", 0], ["workflow_dispatch", 0],
]) {
  const r = await play(kind, place.over);
  ok(`${kind}: measured`, r.ran, seen(r));
  ok(`${kind}: over, and red`, status(r).join() === "failure,1,over", seen(r));
  equal(`${kind}: the measuring step is not what fails`, [r.steps.measure.outcome, r.steps.measure.conclusion], ["failure", "success"]);
  equal(`${kind}: comments`, r.api.state.comments.length, comments);
  equal(`${kind}: nothing that GitHub would refuse`, r.api.wrong, []);
  ok(`${kind}: the summary says it`, /gobudget: .*FAIL/.test(r.summary) && r.summary.includes("TestShelf"), r.summary);
  ok(`${kind}: the guilty line`, r.log.annotations.some((a) => a.level === "error" && a.file === "shelf.go" && a.line === "9"), JSON.stringify(r.log.annotations, null, 1));
  ok(`${kind}: the report`, JSON.parse(readFileSync(r.outputs.report, "utf8")).exit_status === 1);
  ok(`${kind}: how many`, Number(r.outputs.over) > 0, r.outputs.over);
  oracle(kind, r);
  outputsOracle(kind, r);
  lacks(`${kind}: the token is in no log`, r.log.text(), TOKEN);
  const base = { pull_request: "HEAD^1", merge_group: "merge_group", push: "push" }[kind];
  if (base) contains(`${kind}: the base`, r.steps.measure.log, base);
}

// The same pull request, mended: the same comment turns green.
{
  const api = await github(place.over, true);
  const red = await play("pull_request", place.over, {}, { api });
  const [comment] = api.state.comments;
  equal("a red one", [red.conclusion, api.state.comments.length], ["failure", 1]);
  contains("its address is handed on", red.outputs["comment-url"], String(comment.id));
  const green = await play("pull_request", { ...place.within, number: place.over.number }, {}, { api });
  ok("mended, it is green", status(green).join() === "success,0,within", seen(green));
  equal("in the same comment", api.state.comments.map((c) => c.id), [comment.id]);
  contains("which says so", api.state.comments[0].body, "gobudget: ok");
  equal("nothing that GitHub would refuse", api.wrong, []);
  await api.close();
}

// Nothing is measured where a stranger's tests would find secrets.
for (const kind of ["pull_request_target", "workflow_run"]) {
  const r = await play(kind, place.over);
  ok(`${kind}: nothing was run`, !r.ran, seen(r));
  ok(`${kind}: red`, status(r).join() === "failure,2,broken", seen(r));
  contains(`${kind}: and why`, r.summary.replaceAll("&#95;", "_"), `tests are not run under ${kind}`);
}
{
  const r = await play("pull_request_target", place.within, { trusted: "true" });
  ok("unless somebody says so", r.ran && status(r).join() === "success,0,within", seen(r));
}

// The second of two workflows publishes what the first measured, and finds the pull request itself.
{
  const first = await play("fork", place.over, { comment: "never", token: "" });
  ok("without a token nothing is asked of GitHub", first.api.requests.length === 0 && first.conclusion === "failure", seen(first));
  const r = await play("workflow_run", place.over, { results: "result.json", annotations: "false" }, {
    prepare: (workspace) => writeFileSync(`${workspace}/result.json`, readFileSync(first.outputs.report)),
  });
  ok("a result of another workflow is published", status(r).join() === "failure,1,over", seen(r));
  equal("as a comment", r.api.state.comments.map((c) => c.issue ?? c.number ?? place.over.number), [place.over.number]);
  equal("nothing is measured then", [r.steps.measure.outcome, r.ran], ["skipped", false]);
  equal("nothing that GitHub would refuse", r.api.wrong, []);
}

// What cannot be measured is never a pass, and is told.
for (const [name, inputs, want, says] of [
  ["a flag go test does not know", { flags: "-nonsense" }, "failure,3,unmeasured", ""],
  ["an option check does not know", { args: "--nonsense" }, "failure,2,broken", "unknown"],
  ["a quote that does not end", { flags: "-run 'Test" }, "failure,3,unmeasured", "input flags has a quote that does not end"],
  ["a switch that is none", { "measure-base": "perhaps" }, "failure,3,unmeasured", "input measure-base must be true or false"],
  ["a folder that is not there", { "working-directory": "no/such" }, "failure,3,unmeasured", "no folder"],
  ["results that are not there", { results: "none/*.json" }, "failure,3,unmeasured", "no result"],
  ["a version that is not known", { version: "9.9.9" }, "failure,3,unmeasured", "knows no release"],
  ["a switch of the report", { summary: "ja" }, "failure,2,unmeasured", "input summary must be true or false"],
]) {
  const r = await play("pull_request", place.within, inputs);
  ok(`${name}: red`, status(r).join() === want, `${seen(r)}\n${status(r)}`);
  contains(`${name}: says why`, r.log.text() + r.summary, says);
}

// A module below the top: lines are named from there.  Two of them in a job: two comments.
{
  const api = await github(place.over, true);
  const prepare = (workspace) => sh(workspace, "sh", "-c", "mkdir svc && mv go.mod *.go names budgets .gitignore svc/");
  for (const key of ["a", "b"]) {
    const r = await play("pull_request", place.over, { "working-directory": "./svc/", key }, { api, prepare });
    ok(`module ${key} below the top: over`, status(r).join() === "failure,1,over", seen(r));
    ok(`module ${key}: the guilty line`, r.log.annotations.some((a) => a.file === "svc/shelf.go" && a.line === "9"), JSON.stringify(r.log.annotations));
  }
  equal("each has its comment", api.state.comments.length, 2);
  await api.close();
}

// A job that is cancelled while tests run: it ends soon, nothing is told, no process and no file stays.
{
  const api = await github(place.over, true);
  const stop = new AbortController();
  const r = await play("pull_request", place.over, { packages: "./slow" }, {
    api, stop,
    prepare: (workspace) => {
      mkdirSync(`${workspace}/slow`);
      writeFileSync(`${workspace}/slow/slow_test.go`, slow);
    },
  });
  equal("cancelled: measuring is interrupted, and nothing follows", [r.steps.measure.status !== 0, r.steps.report.outcome], [true, "skipped"]);
  equal("cancelled: nothing is told", [api.requests.length, r.summary], [0, ""]);
  equal("cancelled: no test goes on", readFileSync(`${r.workspace}/slow/pid`, "utf8").split("\n").filter((pid) => pid && existsSync(`/proc/${pid}`)), []);
  equal("cancelled: the work tree is as it was", sh(r.workspace, "git", "status", "--short").split("\n").filter((line) => !line.includes("slow/")), []);
  await api.close();
}

// Words reach go test as they were meant, and nothing is expanded.
{
  const r = await play("pull_request", place.within, { packages: ". ./names", flags: "-run 'TestShelf|TestN[o]ne' -tags=\"a b\" -v", args: "--repeats 0", affected: "true" });
  contains("the command is shown", r.steps.measure.log, "[command]gobudget check --json");
  contains("words stay together", r.steps.measure.log, String.raw`--repeats 0 . ./names -- -run TestShelf\|TestN\[o\]ne -tags=a\ b -v`);
  const hostile = await play("pull_request", place.within, { base: "$(touch pwned)", packages: "`touch pwned` ;touch pwned", flags: "$(touch pwned)" });
  ok("nothing of an input is run", !existsSync(`${hostile.workspace}/pwned`) && hostile.conclusion === "failure", seen(hostile));
}
server.close();
finish();
