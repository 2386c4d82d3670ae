// composite - runs a composite action as the runner does: conditions, environment, files, outputs.
//
// No INPUT_ variables arrive, `required` is not enforced, `shell: bash` is
// bash --noprofile --norc -e -o pipefail FILE, and a step that fails with continue-on-error is a
// success to those that follow.
import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { Files } from "./commands.mjs";
import { condition, template } from "./expressions.mjs";

const { parse } = await import(pathToFileURL(`${process.env.NODE_MODULES}/yaml/dist/index.js`));

// Lines of both streams, as they come; standard output whole to `raw`.  Resolves to the exit status.
export function run(argv, { cwd, env, log, signal, raw = () => {} }) {
  return new Promise((resolve, reject) => {
    const child = spawn(argv[0], argv.slice(1), { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    let left = 3;
    let status = 0;
    const done = () => --left === 0 && resolve(status);
    for (const stream of [child.stdout, child.stderr]) {
      let rest = "";
      stream.setEncoding("utf8");
      stream.on("data", (chunk) => {
        if (stream === child.stdout) raw(chunk);
        const lines = (rest + chunk).split(/\r\n|\n|\r(?=[^\n])/); // as .NET reads lines
        rest = lines.pop();
        for (const line of lines) log.line(line);
      });
      stream.on("end", () => {
        if (rest) log.line(rest);
        done();
      });
    }
    child.on("error", reject);
    child.on("exit", (code, killed) => {
      status = killed ? 128 + 15 : code;
      done();
    });
    signal?.addEventListener("abort", () => child.kill("SIGINT"));
  });
}

export function shell(text, name, temp) {
  const file = `${temp}/${randomBytes(8).toString("hex")}.sh`;
  writeFileSync(file, text);
  if (name !== "bash") throw new Error(`no shell "${name}" here`);
  return ["bash", "--noprofile", "--norc", "-e", "-o", "pipefail", file];
}

// { conclusion, outputs, steps, summary, files } of the action in `folder`.
// `job` has: github, runner, env, processEnv, workspace, temp, log, token, cancelled (AbortSignal),
// trace (strace writes what was started to TRACE.STEP).
export async function runAction(folder, inputs, job) {
  const action = parse(readFileSync(`${folder}/action.yml`, "utf8"));
  const { github, runner, temp, log } = job;
  const steps = {};
  const results = [];
  let failed = false;
  const functions = {
    always: () => true,
    success: () => !failed && !job.cancelled?.aborted,
    failure: () => failed,
    cancelled: () => Boolean(job.cancelled?.aborted),
  };
  const contexts = { github: { ...github, action_path: folder, token: job.token }, runner, env: job.env, steps };
  contexts.inputs = {};
  for (const [name, input] of Object.entries(action.inputs))
    contexts.inputs[name] = inputs[name] !== undefined ? String(inputs[name]) : template(input.default, contexts);
  for (const name of Object.keys(inputs))
    if (!(name in action.inputs)) log.line(`::warning::Unexpected input(s) '${name}'`);

  for (const step of action.runs.steps) {
    const result = { id: step.id, outcome: "skipped", conclusion: "skipped", outputs: {}, summary: "", stdout: "" };
    results.push(result);
    if (step.id) steps[step.id] = result;
    if (!condition(step.if, contexts, functions)) continue;
    if (!step.shell) throw new Error(`step ${step.id} has no shell`);
    if (/\$\{\{/.test(step.run)) throw new Error(`step ${step.id} has an expression in its run`);
    const files = new Files(temp);
    const env = { ...job.processEnv, ...job.env, ...files.env, GITHUB_ACTION_PATH: folder, GITHUB_ACTION: step.id };
    for (const [name, value] of Object.entries(step.env ?? {})) env[name] = template(value, contexts);
    result.env = env;
    const before = log.lines.length;
    const argv = shell(step.run, step.shell, temp);
    if (job.trace)
      argv.unshift("strace", "-D", "-f", "-v", "-s", "100000", "-e", "trace=execve", "-e", "signal=none", "-o", `${job.trace}.${step.id}`);
    const status = await run(argv, { cwd: job.workspace, env, log, signal: job.cancelled, raw: (text) => (result.stdout += text) });
    // strace is nobody's parent, and may end a moment later.
    const ended = (text) => new RegExp(`^${/^\d+/.exec(text)?.[0]} +\\+\\+\\+`, "m").test(text);
    for (let tries = 0; job.trace && !ended(readFileSync(`${job.trace}.${step.id}`, "utf8")); tries++) {
      if (tries === 1000) throw new Error(`strace of ${step.id} does not end`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    result.log = log.lines.slice(before).join("\n");
    result.status = status;
    Object.assign(result, files.read());
    result.outcome = status === 0 ? "success" : "failure";
    result.conclusion = status !== 0 && String(step["continue-on-error"]) === "true" ? "success" : result.outcome;
    if (result.conclusion === "failure") {
      failed = true;
      log.line(`##[error]Process completed with exit code ${status}.`);
    }
  }
  const outputs = {};
  for (const [name, output] of Object.entries(action.outputs)) outputs[name] = template(output.value, contexts);
  return { conclusion: failed ? "failure" : "success", outputs, steps, results, summary: results.map((r) => r.summary).join("") };
}
