// What tests print is no command to the runner: each way to end the stop that action/measure puts
// around a measurement, tried from inside; and what a plain run step makes of the same.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { contains, equal, finish, ok } from "./check.mjs";
import { Log } from "./commands.mjs";
import { run, shell } from "./composite.mjs";
import { template } from "./expressions.mjs";

const { GOBUDGET, NODE_MODULES, PROJECT, TMPDIR } = process.env;
const temp = `${TMPDIR}/temp`, workspace = `${TMPDIR}/evil`;
mkdirSync(temp);
mkdirSync(workspace);
const place = (name, text) => writeFileSync(`${workspace}/${name}`, text);
place("go.mod", "module example.com/evil\n\ngo 1.21\n");
place("evil_test.go", `package evil

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"syscall"
	"testing"
)

const commands = "::error::EVIL\\n ::warning::EVIL\\n\\u00a0::notice::EVIL\\r::error::EVIL\\n##[error]EVIL\\na ##[add-mask]o\\n::set-output name=verdict::within\\n::add-mask::e\\n"

// Goes on printing when all the others have ended.
func TestMain(m *testing.M) {
	if os.Getenv("STAYS") != "" {
		os.Stdout.WriteString("staying\\n")
		for i := 0; i < 400; i++ {
			fmt.Fprint(os.Stdout, commands)
			fmt.Fprint(os.Stderr, commands)
			syscall.Select(0, nil, nil, nil, &syscall.Timeval{Usec: 10000})
		}
		os.Exit(0)
	}
	fmt.Print(commands)
	status := m.Run()
	fmt.Print(commands + "::stop-commands::evil\\n::evil::\\n::error::" + "EVIL, and no newline")
	os.Exit(status)
}

func TestWords(t *testing.T) {
	for _, word := range []string{"", "stop-commands", "pause-logging", "0", "%0A", strings.Repeat("0", 32)} {
		fmt.Printf("::%s::\\n%s", word, commands)
	}
}

// All that anybody can read of the ancestors, and of what they were started with.
func TestGuess(t *testing.T) {
	word := regexp.MustCompile("[0-9a-f]{32}|[0-9a-f-]{36}")
	for pid := "self"; pid != "" && pid != "0"; {
		for _, name := range []string{"environ", "cmdline"} {
			text, _ := os.ReadFile("/proc/" + pid + "/" + name)
			for _, w := range word.FindAllString(string(text), -1) {
				fmt.Printf("::%s::\\n%s", w, commands)
			}
		}
		status, _ := os.ReadFile("/proc/" + pid + "/status")
		_, rest, _ := strings.Cut(string(status), "PPid:\\t")
		pid, _, _ = strings.Cut(rest, "\\n")
	}
}

func TestStays(t *testing.T) {
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), "STAYS=1")
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	child.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
}

// Its name and what it says of itself are in the report.
func TestFails(t *testing.T) {
	t.Run("##[error]EVIL", func(t *testing.T) {
		done := make(chan bool)
		go func() { <-done }()
		t.Error("\\u2003::error::EVIL\\n::error::EVIL\\n##[error]EVIL")
	})
}
`);
mkdirSync(`${workspace}/broken`);
place("broken/broken.go", "package broken\n\n//line ::error::EVIL.go:1\nvar x int = `\n::error::EVIL\n##[error]EVIL`\n");

const log = new Log();
const environment = { ...process.env, RUNNER_TEMP: temp, GITHUB_ACTIONS: "true", GOBUDGET_CACHE: "off", GITHUB_EVENT_NAME: "push", GOBUDGET };
const { parse } = await import(pathToFileURL(`${NODE_MODULES}/yaml/dist/index.js`));
const action = parse(readFileSync(`${PROJECT}/action.yml`, "utf8"));
const inputs = Object.fromEntries(Object.entries(action.inputs).map(([name, input]) => [name, String(input.default)]));
const contexts = { inputs: { ...inputs, flags: "-v", args: "-v" }, steps: { install: { outputs: { gobudget: GOBUDGET, folder: temp } } } };
const given = Object.entries(action.runs.steps.find((step) => step.id === "measure").env).map(([name, value]) => [name, template(value, contexts)]);
const measure = (more = {}, to = log) =>
  run(shell(`exec "${PROJECT}/action/measure"`, "bash", temp), { cwd: workspace, log: to, env: { ...environment, ...Object.fromEntries(given), ...more } });
const status = await measure();
const text = log.text();
equal("the tests fail", status, 3);
for (const part of ["::stop-commands::evil", "EVIL, and no newline", "staying", "##[error]EVIL", "broken"]) contains(`the log has ${part}`, text, part);
equal("no test made an annotation", log.annotations, []);
equal("nor set an output", log.refused, []);
ok("nor masked what people read", !text.includes("***"), text.slice(0, 2000));
ok("commands are obeyed again afterwards", !log.stopped);
contains("the result is written", readFileSync(`${temp}/result.json`, "utf8"), "TestFails");

const words = [];
for (let i = 0; i < 2; i++) await measure({ GOBUDGET: "/bin/true" }, { line: (l) => /^::stop-commands::/.test(l) && words.push(l.slice(17)) });
ok("each run has a word of its own, of 128 bits", words.length === 2 && words[0] !== words[1] && words.every((w) => /^[0-9a-f]{32}$/.test(w)), words);

// In a step of the workflow's own nothing stops commands: the report has none all the same.
const plain = new Log();
await run(shell(`"$GOBUDGET" report -v "$RUNNER_TEMP/result.json"`, "bash", temp), { cwd: workspace, log: plain, env: environment });
contains("the report quotes what the test said", plain.text(), "::error::EVIL");
equal("and no line of it is a command", plain.annotations, []);
ok("nor masks anything", !plain.text().includes("***"), plain.text());
finish();
