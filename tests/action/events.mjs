// events - what GitHub hands to a job, for each event, about a repository of ours.
//
// The payloads are real ones (@octokit/webhooks-examples) with our commits put in; there is none
// of a fork's pull request, of Dependabot's, nor of a schedule: those are derived.
import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";

const require = createRequire(`${process.env.NODE_MODULES}/x.js`);
const examples = require("@octokit/webhooks-examples");

export const REPOSITORY = "octo-org/shelf";
const zeros = "0".repeat(40);

function example(name, action) {
  const all = examples.find((event) => event.name === name).examples;
  return structuredClone(action ? all.find((e) => e.action === action) : all[0]);
}

function repository(payload, full = REPOSITORY) {
  return { ...payload.repository, full_name: full, name: full.split("/")[1], default_branch: "main", fork: false };
}

function pull(commits, change = () => {}) {
  const payload = example("pull_request", "synchronize");
  const p = payload.pull_request;
  payload.number = p.number = commits.number;
  payload.repository = repository(payload);
  payload.before = zeros;
  payload.after = commits.head;
  p.base = { ...p.base, ref: "main", sha: commits.base, repo: payload.repository };
  p.head = { ...p.head, ref: "feature", sha: commits.head, repo: payload.repository };
  p.merge_commit_sha = commits.merge;
  change(payload);
  return payload;
}

const fork = (payload) => {
  payload.pull_request.head.repo = { ...payload.repository, id: 2, full_name: "stranger/shelf", fork: true };
  payload.pull_request.head.label = "stranger:feature";
};

const merge = (c) => ({ sha: c.merge, ref: `refs/pull/${c.number}/merge`, baseRef: "main", headRef: "feature" });

// Each: payload and where GITHUB_SHA and GITHUB_REF stand.  commits: base, head, merge, number.
const kinds = {
  pull_request: (c) => ({ name: "pull_request", payload: pull(c), ...merge(c), writes: true }),
  fork: (c) => ({ name: "pull_request", payload: pull(c, fork), ...merge(c), actor: "stranger" }),
  deleted_fork: (c) => ({
    name: "pull_request",
    payload: pull(c, (p) => (p.pull_request.head.repo = null)),
    ...merge(c),
    actor: "ghost",
  }),
  dependabot: (c) => ({
    name: "pull_request",
    payload: pull(c, (p) => (p.pull_request.user = { ...p.pull_request.user, login: "dependabot[bot]", type: "Bot" })),
    ...merge(c),
    actor: "dependabot[bot]",
  }),
  pull_request_target: (c) => ({
    name: "pull_request_target",
    payload: pull(c, fork),
    sha: c.base,
    ref: "refs/heads/main",
    baseRef: "main",
    headRef: "feature",
    writes: true,
  }),
  merge_group: (c) => {
    const payload = example("merge_group");
    payload.repository = repository(payload);
    payload.merge_group = { ...payload.merge_group, base_sha: c.base, head_sha: c.merge, head_ref: `refs/heads/gh-readonly-queue/main/pr-${c.number}-${c.base}` };
    return { name: "merge_group", payload, sha: c.merge, ref: payload.merge_group.head_ref, writes: true };
  },
  push: (c) => {
    const payload = example("push");
    Object.assign(payload, { repository: repository(payload), before: c.base, after: c.head, ref: "refs/heads/main" });
    return { name: "push", payload, sha: c.head, ref: "refs/heads/main", writes: true };
  },
  push_new_branch: (c) => {
    const payload = example("push");
    Object.assign(payload, { repository: repository(payload), before: zeros, after: c.head, ref: "refs/heads/feature", created: true });
    return { name: "push", payload, sha: c.head, ref: "refs/heads/feature", writes: true };
  },
  schedule: (c) => ({
    name: "schedule",
    payload: { schedule: "23 3 * * *", repository: repository(example("push")), workflow: ".github/workflows/budget.yml" },
    sha: c.head,
    ref: "refs/heads/main",
    writes: true,
  }),
  workflow_dispatch: (c) => {
    const payload = example("workflow_dispatch");
    payload.repository = repository(payload);
    return { name: "workflow_dispatch", payload, sha: c.head, ref: "refs/heads/main", writes: true };
  },
  // Of a fork's pull request: pull_requests is [].
  workflow_run: (c) => {
    const payload = example("workflow_run", "completed");
    payload.repository = repository(payload);
    Object.assign(payload.workflow_run, {
      event: "pull_request",
      head_sha: c.head,
      head_branch: "feature",
      head_repository: { ...payload.repository, id: 2, full_name: "stranger/shelf", owner: { ...payload.repository.owner, login: "stranger" } },
      pull_requests: [],
      conclusion: "failure",
    });
    return { name: "workflow_run", payload, sha: c.base, ref: "refs/heads/main", writes: true };
  },
};

export const eventKinds = Object.keys(kinds);

// { github, env, sha, writes } of a job.  `where`: temp, workspace, server, api.
export function event(kind, commits, where) {
  const e = kinds[kind](commits);
  const path = `${where.temp}/event.json`;
  writeFileSync(path, JSON.stringify(e.payload, null, 2));
  const github = {
    event_name: e.name,
    event: e.payload,
    event_path: path,
    sha: e.sha,
    ref: e.ref,
    ref_name: e.ref.replace(/^refs\/(heads|pull|tags)\//, ""),
    base_ref: e.baseRef ?? "",
    head_ref: e.headRef ?? "",
    repository: REPOSITORY,
    repository_owner: REPOSITORY.split("/")[0],
    actor: e.actor ?? "octocat",
    run_id: "4242",
    run_number: "7",
    run_attempt: "1",
    workflow: "budget",
    job: "gobudget",
    server_url: where.server,
    api_url: where.api,
    workspace: where.workspace,
    action_repository: "gobudget/gobudget",
    action_ref: "v0",
  };
  const env = { CI: "true", GITHUB_ACTIONS: "true" };
  for (const [key, value] of Object.entries(github))
    if (typeof value === "string") env[`GITHUB_${key.toUpperCase()}`] = value;
  return { github, env, sha: e.sha, writes: Boolean(e.writes) };
}
