// A second opinion on what publish sends: its requests to the fake are kept, and sent once more,
// byte for byte, to Prism, which validates them by GitHub's own description in a way that is not ours.
//
//	node prism.mjs GOBUDGET FOLDER MODULES      FOLDER is what setup made, MODULES has Prism
import { spawn } from "node:child_process";
import { request } from "node:http";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { fake } from "./fake.mjs";
import { equal, finish, folder, ok, publish, pull, result, sha, spec } from "./lib.mjs";
import { load } from "./openapi.mjs";

const api = load(spec);
const kept = [];

// Runs a case, and keeps what it sent.
async function on(name, body, options) {
  const github = await fake({ spec, ...options });
  try {
    github.numbered = false;
    await body(github);
    equal(`${name}: GitHub knows every request`, github.wrong, []);
    for (const r of github.requests) kept.push({ ...r, name, id: api.find(r.method, r.path).operation?.id ?? "?" });
  } finally {
    await github.close();
  }
}

const over = result({ over: 2, warn: 1 });

await on("a pull request", async (github) => {
  github.state.pulls.push(pull(7, sha(7)));
  github.page = 3;
  for (let i = 0; i < 4; i++) github.comment(7, `talk ${i}`, "mona");
  await publish(github, { report: over });
  await publish(github, { run: 101, report: result({ over: 1, name: (i) => `Test"<&\u202e\u00e9${i}` }) });
  github.comment(7, github.state.comments.at(-1).body);
  await publish(github, { run: 102, report: result() }); // and takes the twin away
});

await on("a token of a person", async (github) => {
  github.state.pulls.push(pull(7, sha(7)));
  await publish(github, { report: over });
}, { token: "ghp_0123456789abcdefghij", login: "mona" });

await on("check run and status", async (github) => {
  github.state.pulls.push(pull(7, sha(7)));
  const args = ["--check-run", "--status", "--comment", "never"];
  await publish(github, { report: result({ over: 60 }), args });
  await publish(github, { run: 101, report: result(), args });
  await publish(github, { run: 102, report: null, args });
});

await on("an issue", async (github) => {
  const nightly = { event: { name: "schedule", payload: {} }, args: ["--issue"] };
  await publish(github, { ...nightly, run: 1, report: over });
  await publish(github, { ...nightly, run: 2, report: result({ over: 1 }) });
  await publish(github, { ...nightly, run: 3, report: result() });
});

await on("alarms", async (github) => {
  const points = (now) => Array.from({ length: 20 }, (_, i) => [i, i < 15 ? 9216 : now, 10000]);
  const change = { kind: "step", from: sha(15), to: sha(16), told: sha(18), before: 9216, after: 12288, bisect: "gobudget bisect TestCache", culprit: null };
  const series = (now, broken) => ({ package: "example.com/shop/store", test: "TestCache", metric: "alloc_space", unit: "bytes", over: now > 10000, broken, changes: broken ? [change] : [], points: points(now) });
  const nights = Array.from({ length: 20 }, (_, i) => ({ commit: sha(i + 1), time: 1760000000 + i * 86400, author: "Ann", subject: `Night ${i}` }));
  for (const [run, list] of [[series(12288, "over")], [series(9216, null)]].entries())
    await publish(github, { event: { name: "schedule", payload: {} }, run: run + 1, args: ["--alarms"], report: { version: 1, cut: null, environment: "go1.26 linux/amd64", other_environments: 0, whole: true, newest: 14, nights, series: list } });
});

await on("after a fork's run", async (github) => {
  github.state.pulls.push(pull(8, sha(8), { head: { sha: sha(8), ref: "topic", repo: { id: 55 }, user: { login: "mona" } } }));
  const workflow_run = { id: 100, run_attempt: 1, event: "pull_request", head_sha: sha(8), head_branch: "topic", head_repository: { id: 55, owner: { login: "mona" } }, pull_requests: [] };
  await publish(github, { event: { name: "workflow_run", payload: { action: "completed", workflow_run, repository: { id: 1, full_name: "octo/shop" } } }, run: 5000, report: over });
});

// ---- Prism

const server = createServer();
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const { port } = server.address();
await new Promise((done) => server.close(done));
const prism = spawn(process.execPath, [join(resolve(process.argv[4]), "@stoplight/prism-cli/dist/index.js"), "mock", "--errors", "--host", "127.0.0.1", "--port", String(port), join(folder, "excerpt.json")], { stdio: ["ignore", "pipe", "pipe"] });
process.on("exit", () => prism.kill("SIGKILL"));
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => process.exit(130));
let log = "";
await new Promise((done) => {
  for (const pipe of [prism.stdout, prism.stderr]) pipe.on("data", (d) => {
    log = (log + d).slice(-10000);
    if (/is listening/.test(log)) done();
  });
  prism.on("exit", done);
  setTimeout(done, 120000).unref();
});

// { status, text }; without an answer the status is 0.
const ask = ({ method, path, query = "", headers, text }) =>
  new Promise((done) => {
    const q = request({ host: "127.0.0.1", port, method, path: path + query, headers, setHost: false, timeout: 20000 }, (r) => {
      let seen = "";
      r.on("data", (d) => (seen += d));
      r.on("end", () => done({ status: r.statusCode, text: seen }));
    });
    q.on("timeout", () => q.destroy(new Error("no answer")));
    q.on("error", (e) => done({ status: 0, text: e.message }));
    q.end(text);
  });

if (ok("Prism has started", /is listening/.test(log), log)) {
  // A 500 tells what is wrong: of GitHub's own examples some do not fit its schemas.
  const example = ({ status, text }) => status === 500 && JSON.parse(text).validation?.every((v) => v.location[0] === "response");
  for (const [i, r] of kept.entries()) {
    const answer = await ask(r);
    ok(`${r.name}: ${i} ${r.id}`, (answer.status >= 200 && answer.status < 300) || example(answer), `${r.method} ${r.path}${r.query} ${r.text.slice(0, 500)}\n${answer.status} ${answer.text}`);
  }
  const sent = [...new Set(kept.map((r) => r.id))].sort();
  equal("all that publish asks for was asked", sent, [
    "checks/create", "checks/list-for-ref", "checks/update", "issues/create", "issues/create-comment", "issues/delete-comment", "issues/list-comments", "issues/list-for-repo",
    "issues/update", "issues/update-comment", "pulls/get", "pulls/list", "repos/create-commit-status", "repos/list-commit-statuses-for-ref", "users/get-authenticated",
  ]);

  // It can say no: what was sent, each time with one thing wrong.
  const first = (id) => kept.find((r) => r.id === id);
  const body = (id, change) => {
    const r = first(id);
    const text = JSON.stringify({ ...JSON.parse(r.text), ...change });
    const length = r.headers.findIndex((word) => word.toLowerCase() === "content-length") + 1;
    return { ...r, text, headers: r.headers.with(length, String(Buffer.byteLength(text))) };
  };
  for (const [what, r, status] of [
    ["a comment that is a number", body("issues/create-comment", { body: 12 }), 422],
    ["a comment of another name", body("issues/update-comment", { body: undefined, text: "hello" }), 422],
    ["a check run without its name", body("checks/create", { name: undefined }), 422],
    ["a conclusion that there is not", body("checks/update", { status: "completed", conclusion: "red" }), 422],
    ["a state that there is not", body("repos/create-commit-status", { state: "red" }), 422],
    ["an issue without its title", body("issues/create", { title: undefined }), 422],
    ["labels that are no list", body("issues/create", { labels: { name: "gobudget" } }), 422],
    ["an issue's state that there is not", body("issues/update", { state: "done" }), 422],
    ["a page that is no number", { ...first("issues/list-comments"), query: "?per_page=many" }, 422],
    ["a path that there is not", { ...first("issues/list-comments"), path: "/repos/octo/shop/issues/7/remarks" }, 404],
    ["a method that there is not", { ...first("issues/list-comments"), method: "DELETE" }, 405],
  ]) {
    const answer = await ask(r);
    equal(`it refuses ${what}`, answer.status, status);
  }
}
prism.kill("SIGKILL");
finish();
