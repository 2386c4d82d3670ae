// The workflows of action/examples, run: each under the events that start it.
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { contains, equal, finish, ok } from "./check.mjs";
import { processEnvironment, release, repository, sh } from "./place.mjs";
import { TOKEN, runWorkflow } from "./workflow.mjs";
import { fake } from "../github/fake.mjs";

const { GOBUDGET, PROJECT, TMPDIR, FAKE_GITHUB } = process.env;
const place = repository(TMPDIR, GOBUDGET);
const server = await release(TMPDIR, PROJECT, GOBUDGET);
server.state.repositories = { "octo-org/shelf": place.bare };
server.state.token = TOKEN;
let n = 0;

async function stage() {
  const top = `${TMPDIR}/stage${++n}`;
  mkdirSync(top);
  const github = await fake({ spec: `${FAKE_GITHUB}/api.json`, token: TOKEN });
  github.repository = "octo-org/shelf";
  for (const c of [place.over, place.within])
    github.state.pulls.push({
      number: c.number, state: "open", title: "a change", user: { login: "octo" },
      head: { sha: c.head, ref: "feature", repo: { id: 2 }, user: { login: "stranger" } },
      base: { sha: c.base, ref: "main", repo: { id: 1 } },
    });
  return { top, bare: place.bare, action: server.action, artifacts: `${top}/artifacts`, processEnv: processEnvironment(server),
    server: server.url, api: github.url, github, env: { GITHUB_RUN_ID: String(100 + n) } };
}

const play = (name, kind, commits, on) => runWorkflow(`${PROJECT}/action/examples/${name}.yml`, kind, commits, on);
const logs = (r) => Object.values(r.jobs).flat().map((j) => j.log.text()).join("\n");
const colours = (r) => Object.fromEntries(Object.entries(r.jobs).map(([id, all]) => [id, all.map((j) => (j.conclusion === "success" ? "green" : "red")).join(" ")]));

async function look(name, kind, commits, colour, comments, on) {
  const at = on ?? (await stage());
  const r = await play(name, kind, commits, at);
  const title = `${name}.yml, ${kind}, ${commits === place.over ? "over" : "within"}`;
  ok(`${title}: ${JSON.stringify(colour)}`, JSON.stringify(colours(r)) === JSON.stringify(colour), `${JSON.stringify(colours(r))}\n${logs(r)}`);
  equal(`${title}: comments`, at.github.state.comments.length, comments);
  equal(`${title}: nothing that GitHub would refuse`, at.github.wrong, []);
  ok(`${title}: the token is in no log`, !logs(r).includes(TOKEN));
  if (!on) await at.github.close();
  return r;
}

await look("minimal", "pull_request", place.over, { budget: "red" }, 1);
await look("minimal", "push", place.within, { budget: "green" }, 0);
{
  const at = await stage();
  const r = await look("full", "pull_request", place.over, { budget: "red" }, 1, at);
  equal("full.yml: a check run and a status", [at.github.state.checks.length, at.github.state.statuses.length], [1, 1]);
  contains("full.yml: under the race detector", logs(r), "--memory 4GiB ./... -- -race -tags=integration");
  await at.github.close();
}
{
  const at = await stage();
  const first = await look("fork-measure", "fork", place.over, { measure: "red" }, 0, at);
  equal("fork-measure.yml asks GitHub nothing", at.github.requests.length, 0);
  ok("fork-measure.yml: it is told in the log", first.jobs.measure[0].actions[0].summary.includes("TestShelf"));
  await look("fork-publish", "workflow_run", place.over, { publish: "green" }, 1, at);
  contains("fork-publish.yml: the comment", at.github.state.comments[0].body, "TestShelf");
  rmSync(at.artifacts, { recursive: true });
  at.top += "/again";
  mkdirSync(at.top);
  await look("fork-publish", "workflow_run", place.over, { publish: "green" }, 1, at);
  contains("fork-publish.yml: without an artifact the comment no longer says what it said", at.github.state.comments[0].body, "could not measure");
  await at.github.close();
}
await look("merge-queue", "merge_group", place.over, { budget: "red" }, 0);
await look("merge-queue", "pull_request", place.within, { budget: "green" }, 0);
{
  const r = await look("sharded", "pull_request", place.over, { measure: "red green green green", report: "red" }, 1);
  const [report] = r.jobs.report[0].actions;
  equal("sharded.yml: over in one part is over", [report.outputs["exit-status"], report.outputs.verdict], ["1", "over"]);
  await look("sharded", "pull_request", place.within, { measure: "green green green green", report: "green" }, 0);
}
for (const [title, lost] of [["one part", ["budget-2"]], ["all of them", ["budget-0", "budget-1", "budget-2", "budget-3"]]]) {
  const at = await stage();
  at.before = (id) => id === "report" && lost.forEach((name) => rmSync(`${at.artifacts}/${name}`, { recursive: true }));
  const r = await look("sharded", "pull_request", place.within, { measure: "green green green green", report: "red" }, 1, at);
  const [report] = r.jobs.report[0].actions;
  equal(`sharded.yml: without ${title} nothing is a pass`, [report.outputs["exit-status"], report.outputs.verdict], ["3", "unmeasured"]);
  contains("and the comment says so", at.github.state.comments[0].body, "could not measure");
  await at.github.close();
}
{
  const at = await stage();
  const notes = () => sh(place.bare, "git", "for-each-ref", "--format=%(refname)", "refs/notes").split("\n").filter(Boolean);
  const kept = () => sh(place.bare, "git", "notes", "--ref", "gobudget", "list").split("\n").map((l) => l.split(" ")[1]).sort();
  equal("nightly.yml: there are no notes", notes(), []);
  const first = await look("nightly", "schedule", place.over, { budget: "red" }, 0, at);
  const open = () => at.github.state.issues.filter((i) => i.state === "open").map((i) => i.title).sort();
  ok("nightly.yml: it knows of no night", logs(first).includes("no night is known yet"), logs(first));
  equal("nightly.yml: an issue for each metric", open(), ["gobudget: alloc_objects of TestShelf (example.com/shelf)", "gobudget: alloc_space of TestShelf (example.com/shelf)", "gobudget: goroutines of TestShelf (example.com/shelf)"]);
  contains("nightly.yml: which says by how much", at.github.state.issues[0].body, "over its budget");
  equal("nightly.yml: the night is kept", [notes(), kept()], [["refs/notes/gobudget"], [place.over.head]]);
  ok("nightly.yml: by who has the token alone", server.state.refused === 0, server.state.refused);
  const [action] = first.jobs.budget[0].actions;
  ok("nightly.yml: the step that measures has no token", !JSON.stringify(action.steps.measure.env).includes(TOKEN));
  contains("nightly.yml: the page is an artifact", readFileSync(`${at.artifacts}/trends/trends.html`, "utf8"), "TestShelf");
  contains("nightly.yml: the summary tells both", action.summary, "### gobudget: broken metrics");
  at.top += "/again";
  mkdirSync(at.top);
  rmSync(at.artifacts, { recursive: true });
  at.env = { GITHUB_RUN_ID: "999" };
  const second = await look("nightly", "schedule", place.within, { budget: "green" }, 0, at);
  ok("nightly.yml: now it knows one", !logs(second).includes("no night is known yet"), logs(second));
  equal("nightly.yml: they are closed again", [at.github.state.issues.length, open()], [3, []]);
  equal("nightly.yml: both nights are kept", kept(), [place.over.head, place.within.head].sort());
  await at.github.close();
}
equal("an event that is not named starts nothing", await play("merge-queue", "push", place.over, { top: TMPDIR }), null);
server.close();
finish();
