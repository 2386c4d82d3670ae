// The token is in no log, no child's environment, no argv, no report: looked at from outside
// (strace), and from inside a test, which reads what its ancestors were started with.
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { contains, equal, finish, ok } from "./check.mjs";
import { Log } from "./commands.mjs";
import { run, runAction, shell } from "./composite.mjs";
import { event } from "./events.mjs";
import { processEnvironment, release, sh } from "./place.mjs";

const { GOBUDGET, PROJECT, TMPDIR } = process.env;
const TOKEN = "ghs_0penSesame", JOBS = "ghs_0fTheJobItself";
const secrets = ["GITHUB_TOKEN", "GH_TOKEN", "ACTIONS_RUNTIME_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
  "ACTIONS_ID_TOKEN_REQUEST_URL", "INPUT_TOKEN", "GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STATE", "GITHUB_STEP_SUMMARY"];

// Of each ancestor, up to the runner: the names of what it was started with.
const spy = `package spy

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestSpy(t *testing.T) {
	var seen strings.Builder
	for pid := "self"; pid != ""; {
		environ, err := os.ReadFile("/proc/" + pid + "/environ")
		if err != nil {
			break
		}
		comm, _ := os.ReadFile("/proc/" + pid + "/comm")
		if strings.TrimSpace(string(comm)) == "node" || strings.HasPrefix(string(comm), "MainThread") {
			break
		}
		for _, entry := range strings.Split(string(environ), "\\x00") {
			fmt.Fprintf(&seen, "%s %s\\n", strings.TrimSpace(string(comm)), entry)
		}
		status, _ := os.ReadFile("/proc/" + pid + "/status")
		_, rest, _ := strings.Cut(string(status), "PPid:\\t")
		pid, _, _ = strings.Cut(rest, "\\n")
	}
	os.WriteFile("seen", []byte(seen.String()), 0o600)
	fmt.Println("::set-output name=verdict::within")
	fmt.Println("##[add-mask]o")
	fmt.Print("::error::" + "from a test, and no newline")
}
`;

const server = await release(TMPDIR, PROJECT, GOBUDGET);
const temp = `${TMPDIR}/job/_temp`, workspace = `${TMPDIR}/job/spy`;
mkdirSync(temp, { recursive: true });
mkdirSync(workspace);
writeFileSync(`${workspace}/go.mod`, "module example.com/spy\n\ngo 1.21\n");
writeFileSync(`${workspace}/spy_test.go`, spy);
sh(workspace, "git", "init", "-q", "-b", "main");
sh(workspace, "git", "add", "-A");
sh(workspace, "git", "commit", "-qm", "Look around");
const head = sh(workspace, "git", "rev-parse", "HEAD");

const log = new Log(); // nothing is masked
const e = event("push", { base: head, head, merge: head, number: 2 }, { temp, workspace, server: server.url, api: "http://127.0.0.1:9" });
const hidden = Object.fromEntries(secrets.map((name) => [name, JOBS]));
const result = await runAction(server.action, { flags: "-v", packages: ".", "check-run": "true", status: "true" }, {
  ...e, log, temp, workspace, token: TOKEN,
  runner: { os: "Linux", arch: "X64", temp },
  processEnv: processEnvironment(server),
  env: { ...e.env, ...hidden, RUNNER_TEMP: temp, RUNNER_DEBUG: "1" },
  trace: `${TMPDIR}/trace`,
});
server.close();
const { measure, report } = result.steps;

const seen = readFileSync(`${workspace}/seen`, "utf8");
ok("a test sees what its ancestors were started with", /^measure .*PATH=|^bash PATH=/m.test(seen) && /^gobudget /m.test(seen), seen);
for (const name of secrets) ok(`no ancestor of a test has ${name}`, !new RegExp(` ${name}=.`, "m").test(seen), seen);
ok("nor a token by another name", !seen.includes(TOKEN) && !seen.includes(JOBS), seen);
for (const name of ["GOBUDGET_FLAGS", "GOBUDGET_CLEAN"])
  ok(`a test's own environment has no ${name}`, !new RegExp(`^spy\\.test ${name}=`, "m").test(seen), seen);

// strace -f -v: every program that was started, with what it was given.
const starts = (id) => readFileSync(`${TMPDIR}/trace.${id}`, "utf8").split("\n").filter((line) => line.includes("execve(") && line.endsWith(" = 0"));
const argv = (line) => /execve\("[^"]*", \[(.*?)\], \[/.exec(line)?.[1] ?? "";
for (const id of ["install", "measure", "report"]) {
  const lines = starts(id);
  ok(`${id}: programs were seen`, lines.length > 1, lines.join("\n"));
  ok(`${id}: the token is in no argv`, !lines.some((line) => argv(line).includes("ghs_")), lines.map(argv).filter((a) => a.includes("ghs_")).join("\n"));
}
ok("install: no program has the token", !starts("install").some((line) => line.includes(TOKEN)));
const tests = starts("measure").filter((line) => !/execve\("[^"]*\/(bash|env|measure)"/.test(line));
ok("measure: go was started", tests.some((line) => line.includes('"test"')), tests.map(argv).join("\n"));
const leaks = tests.filter((line) => line.includes("ghs_"));
ok("measure: no program after the shell has a token", leaks.length === 0, leaks.map(argv).join("\n"));
// The shell, by way of its own file, and publish.
const holders = starts("report").filter((line) => line.includes(TOKEN)).map((line) => /execve\("[^"]*\/([^"]*)"/.exec(line)[1]);
equal("report: who has the token", holders, ["bash", "report", "bash", "gobudget"]);
ok("report: nothing has the job's own", !starts("report").slice(3).some((line) => line.includes(`TOKEN=${JOBS}`) && !line.includes("ACTIONS_")));

const text = log.text();
ok("the log has no token", !text.includes("ghs_"), text);
equal("the log has no refused command of a test's", log.refused, []);
ok("nor an annotation", !log.annotations.some((a) => a.message.includes("from a test")), JSON.stringify(log.annotations));
ok("commands are obeyed again afterwards", !log.stopped);
contains("what the test printed is there as it is", measure.log, "::set-output name=verdict::within");
for (const step of [measure, report]) ok(`${step.id}: neither summary nor outputs have a token`, !`${step.summary}${step.rawOutputs}`.includes("ghs_"));
equal("measure wrote no output", measure.outputs, {});

function* files(folder) {
  for (const name of readdirSync(folder)) {
    const path = `${folder}/${name}`;
    if (statSync(path).isDirectory()) yield* files(path);
    else yield path;
  }
}
const written = [...files(temp)].filter((path) => [TOKEN, JOBS].some((token) => readFileSync(path, "latin1").includes(token)));
equal("no file has a token", written, []);
// A plain run step: the shell is the workflow's own and has what the job gave it; all from gobudget
// on has not.
const plain = new Log();
await run(shell(`"$PROGRAM" check . || :`, "bash", temp), {
  cwd: workspace, log: plain,
  env: { ...processEnvironment(server), ...e.env, ...hidden, GITHUB_TOKEN: JOBS, INPUT_TOKEN: "", PROGRAM: GOBUDGET, RUNNER_TEMP: temp },
});
const there = readFileSync(`${workspace}/seen`, "utf8").split("\n");
ok("a run step's shell has the token", there.some((line) => line === `bash GITHUB_TOKEN=${JOBS}`), there.join("\n"));
const below = there.filter((line) => !line.startsWith("bash "));
ok("gobudget, go and the test are among what is looked at", ["gobudget ", "go ", "spy.test "].every((name) => below.some((line) => line.startsWith(name))), below.join("\n"));
equal("and none of them has it", below.filter((line) => line.includes(JOBS)), []);

equal("neither GITHUB_ENV nor GITHUB_PATH is written", result.results.map((r) => r.others).join(""), "");
finish();
