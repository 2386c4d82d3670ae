// workflow - runs a workflow file: jobs, matrix, needs, permissions, artifacts; and in its steps our
// action, for real.  checkout, setup-go and the artifact actions do here what they do there.
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { Log } from "./commands.mjs";
import { run as runProgram, runAction, shell } from "./composite.mjs";
import { condition, template } from "./expressions.mjs";
import { event } from "./events.mjs";
import { checkout } from "./place.mjs";

const { parse } = await import(pathToFileURL(`${process.env.NODE_MODULES}/yaml/dist/index.js`));

export const TOKEN = "ghs_s3cr3tOfTheJob";

// What a token may write: what the job asks for, and nothing where the event gives it nothing.
function rights(workflow, job, e) {
  const asked = job.permissions ?? workflow.permissions ?? {};
  const may = (name) => e.writes && asked[name] === "write";
  return { comments: may("pull-requests"), checks: may("checks"), statuses: may("statuses"), issues: may("issues") };
}

function* combinations(matrix) {
  const [key, ...rest] = Object.keys(matrix);
  if (key === undefined) {
    yield {};
    return;
  }
  const others = Object.fromEntries(rest.map((k) => [k, matrix[k]]));
  for (const value of matrix[key]) for (const combination of combinations(others)) yield { [key]: value, ...combination };
}

const uses = {
  checkout(step, run) {
    if (String(step.with["persist-credentials"]) !== "false") throw new Error("credentials are left in the clone");
    checkout(run.stage.bare, run.job.sha, run.job.workspace);
  },
  "setup-go"(step, run) {
    const file = `${run.job.workspace}/${step.with["go-version-file"]}`;
    if (!existsSync(file)) throw new Error(`The specified go version file at: ${file} does not exist`);
  },
  "upload-artifact"(step, run) {
    const into = `${run.stage.artifacts}/${step.with.name}`;
    if (/[\\/:*?"<>|]/.test(step.with.name)) throw new Error(`an artifact cannot be named ${step.with.name}`);
    if (existsSync(into)) throw new Error(`there is an artifact ${step.with.name} already`);
    mkdirSync(into, { recursive: true });
    cpSync(step.with.path, `${into}/${step.with.path.split("/").pop()}`);
  },
  "download-artifact"(step, run) {
    const path = `${run.job.workspace}/${step.with.path}`;
    mkdirSync(path, { recursive: true });
    // One by its name goes into the folder itself, those of a pattern into folders of their own.
    if (step.with.name) cpSync(`${run.stage.artifacts}/${step.with.name}`, path, { recursive: true });
    else if (existsSync(run.stage.artifacts)) cpSync(run.stage.artifacts, path, { recursive: true });
  },
};

// A step of the workflow's own, with the environment that it names.
async function runShell(step, run) {
  const env = { ...run.job.processEnv, ...run.job.env };
  for (const [name, value] of Object.entries(step.env ?? {})) env[name] = template(value, run.contexts);
  if (/\$\{\{/.test(step.run)) throw new Error("a step has an expression in its run");
  const status = await runProgram(shell(step.run, "bash", run.job.temp), { cwd: run.job.workspace, env, log: run.job.log });
  return { conclusion: status === 0 ? "success" : "failure", outputs: {} };
}

async function runStep(step, run) {
  if (step.run) return runShell(step, run);
  const [, owner, name] = /^([^/]+)\/([^@]+)@/.exec(step.uses);
  const inputs = {};
  for (const [key, value] of Object.entries(step.with ?? {})) inputs[key] = template(value, run.contexts);
  if (owner === "gobudget") {
    const result = await runAction(run.stage.action, inputs, { ...run.job, cancelled: undefined });
    run.actions.push(result);
    return result;
  }
  try {
    uses[name]({ with: inputs }, run);
    return { conclusion: "success", outputs: {} };
  } catch (error) {
    run.job.log.line(`##[error]${error.message}`);
    return { conclusion: "failure", outputs: {} };
  }
}

// stage: bare, action, artifacts, top, processEnv, env, server, api, github (the fake; its permissions
// are set), before(id): called before each job.
async function runJob(workflow, id, job, kind, commits, stage, needs, matrix, index) {
  const top = `${stage.top}/${id}-${index}`;
  const temp = `${top}/_temp`, workspace = `${top}/shelf`;
  mkdirSync(temp, { recursive: true });
  mkdirSync(workspace, { recursive: true });
  const e = event(kind, commits, { temp, workspace, server: stage.server, api: stage.api });
  const log = new Log([TOKEN]);
  const run = {
    stage, actions: [],
    job: { ...e, log, temp, workspace, token: TOKEN, processEnv: stage.processEnv,
      runner: { os: "Linux", arch: "X64", temp },
      env: { ...e.env, ...stage.env, RUNNER_TEMP: temp, RUNNER_OS: "Linux", RUNNER_ARCH: "X64" } },
  };
  if (stage.github) stage.github.permissions = rights(workflow, job, e);
  const steps = {};
  run.contexts = { github: { ...e.github, token: TOKEN }, needs, matrix, strategy: { "job-index": index }, steps, env: {}, runner: run.job.runner };
  let failed = false;
  const functions = { always: () => true, success: () => !failed, failure: () => failed, cancelled: () => false };
  for (const step of job.steps) {
    if (!condition(step.if, run.contexts, functions)) continue;
    const { conclusion, outputs } = await runStep(step, run);
    if (step.id) steps[step.id] = { outcome: conclusion, conclusion, outputs };
    if (conclusion === "failure" && !step["continue-on-error"]) failed = true;
  }
  return { conclusion: failed ? "failure" : "success", log, actions: run.actions, temp, workspace };
}

// { jobs: { id: [{ conclusion, log, actions }] } }; null: this event does not start it.
export async function runWorkflow(file, kind, commits, stage) {
  const workflow = parse(readFileSync(file, "utf8"));
  const name = kind === "fork" || kind === "deleted_fork" || kind === "dependabot" ? "pull_request" : kind.replace(/_new_branch$/, "");
  if (!(name in workflow.on)) return null;
  const jobs = {};
  for (const [id, job] of Object.entries(workflow.jobs)) {
    const needs = {};
    for (const other of [job.needs ?? []].flat()) {
      const bad = jobs[other].find((r) => r.conclusion !== "success");
      needs[other] = { result: bad ? bad.conclusion : "success", outputs: {} };
    }
    stage.before?.(id);
    const all = Object.values(needs).every((n) => n.result === "success");
    const functions = { always: () => true, success: () => all, failure: () => !all, cancelled: () => false };
    const { github } = event(kind, commits, { temp: stage.top, workspace: stage.top, server: stage.server, api: stage.api });
    jobs[id] = [];
    if (!condition(job.if, { github, needs }, functions)) continue;
    let index = 0;
    for (const matrix of combinations(job.strategy?.matrix ?? {}))
      jobs[id].push(await runJob(workflow, id, job, kind, commits, stage, needs, matrix, index++));
  }
  return { jobs };
}
