// publish against the fake: the comment over a change's life, every other channel, every fault.
//
//	node publish.mjs GOBUDGET FOLDER      FOLDER is what setup made
import { existsSync, readFileSync } from "node:fs";
import { fake } from "./fake.mjs";
import { contains, equal, finish, lacks, ok, publish, pull, pullEvent, result, sha, spec, sum } from "./lib.mjs";
import { certificates, proxy } from "./way.mjs";

const open = async (options) => {
  const github = await fake({ spec, ...options });
  github.state.pulls.push(pull(7, sha(7)));
  return github;
};

// Runs a case, and looks at what no case may do.
async function on(name, body, options) {
  const github = await open(options);
  try {
    await body(github, name);
    equal(`${name}: GitHub knows every request`, github.wrong, []);
    equal(`${name}: nobody else is asked`, github.elsewhere, []);
  } finally {
    await github.close();
  }
}

const told = (job) => job.out.split("\n").filter((l) => l.startsWith("::warning title=gobudget publish::"));
const ours = (github) => github.state.comments.filter((c) => c.user.login === github.login);
const one = (name, github, part) => {
  const list = ours(github);
  ok(`${name}: one comment`, list.length === 1, JSON.stringify(list));
  contains(`${name}: it says ${part}`, list[0]?.body ?? "", part);
};

await on("the comment over a change's life", async (github, name) => {
  github.comment(7, "looks good", "mona");
  let job = await publish(github, { report: result() });
  equal(`${name}: all is well, exit`, job.status, 0);
  equal(`${name}: silent`, ours(github).length, 0);
  contains(`${name}: the summary is written`, job.summary, "### gobudget: ok");

  job = await publish(github, { run: 101, report: result({ over: 2 }) });
  equal(`${name}: over, exit`, job.status, 1);
  one(name, github, "### gobudget: FAIL");
  ok(`${name}: its marker comes first`, /^<!-- gobudget key=default run=101\.1 exit=1 head=[0-9a-f]{40} digest=[0-9a-f]{16} text=[0-9a-f]{16} -->\n/.test(ours(github)[0].body), ours(github)[0].body);
  contains(`${name}: it leads to the run`, ours(github)[0].body, "https://github.com/octo/shop/actions/runs/101");
  contains(`${name}: outputs`, job.output, "\nover\n");
  contains(`${name}: the comment's address is an output`, job.output, "#issuecomment-");
  const { id, body } = ours(github)[0];

  const before = github.requests.length;
  job = await publish(github, { run: 102, report: result({ over: 2, wall: 99999 }) });
  equal(`${name}: the same again, one request`, github.requests.slice(before).map((r) => r.method), ["GET"]);
  equal(`${name}: is left alone`, ours(github)[0].body, body);

  job = await publish(github, { run: 103, report: result({ over: 1 }) });
  one(name, github, "1 over");
  job = await publish(github, { run: 50, report: result({ over: 9 }) });
  one(name, github, "1 over");
  contains(`${name}: an older run is told`, job.out, "a newer run has written");
  equal(`${name}: and ends as it found`, job.status, 1);

  job = await publish(github, { run: 104, report: result() });
  equal(`${name}: mended, exit`, job.status, 0);
  one(name, github, "### gobudget: ok");
  equal(`${name}: still the same one`, ours(github)[0].id, id);
  equal(`${name}: others stand as they did`, github.state.comments[0].body, "looks good");
});

await on("a commit that is no longer the head", async (github, name) => {
  const job = await publish(github, { event: pullEvent(7, sha(6)), report: result({ over: 1 }) });
  contains(`${name}: told`, job.out, "the branch has moved on");
  equal(`${name}: no comment`, ours(github).length, 0);
  equal(`${name}: exit`, job.status, 1);
  github.faults.push({ on: "GET .*pulls", kind: "403" });
  await publish(github, { event: pullEvent(7, sha(6)), report: result({ over: 1 }) });
  one(name, github, "1 over");
});

await on("two jobs of one run under one key", async (github, name) => {
  await publish(github, { report: result({ over: 1 }) });
  let job = await publish(github, { report: result(), args: ["--comment", "always"] });
  one(name, github, "1 over");
  contains(`${name}: green does not hide red`, job.out, "give each job its own --key");
  equal(`${name}: and is green itself`, job.status, 0);
  job = await publish(github, { attempt: 2, report: result() });
  one(`${name}: another attempt`, github, "### gobudget: ok");
});

await on("two keys", async (github, name) => {
  await publish(github, { args: ["--key", "linux"], report: result({ over: 1 }) });
  await publish(github, { args: ["--key", "mac"], report: result({ over: 2 }) });
  await publish(github, { run: 101, args: ["--key", "linux"], report: result({ over: 3 }) });
  equal(`${name}: two comments`, ours(github).length, 2);
});

await on("always and never", async (github, name) => {
  await publish(github, { args: ["--comment", "never"], report: result({ over: 1 }) });
  equal(`${name}: never`, github.requests.length, 0);
  await publish(github, { args: ["--comment", "always"], report: result() });
  one(name, github, "### gobudget: ok");
});

await on("pages", async (github, name) => {
  github.page = 10;
  for (let i = 0; i < 35; i++) github.comment(7, `talk ${i}`, "mona");
  await publish(github, { report: result({ over: 1 }) });
  for (let i = 0; i < 15; i++) github.comment(7, `more ${i}`, "mona");
  await publish(github, { run: 101, report: result({ over: 2 }) });
  one(name, github, "2 over");
});

await on("somebody else's marker", async (github, name) => {
  await publish(github, { run: 900, report: result({ over: 1 }) });
  const stolen = ours(github)[0].body;
  github.state.comments.length = 0;
  github.comment(7, stolen, "mallory");
  await publish(github, { run: 100, report: result({ over: 1 }) });
  one(name, github, "1 over");
  equal(`${name}: theirs is left`, github.state.comments[0].user.login, "mallory");
});

await on("a token of a person", async (github, name) => {
  await publish(github, { report: result({ over: 1 }) });
  await publish(github, { run: 101, report: result({ over: 2 }) });
  one(name, github, "2 over");
  equal(`${name}: by that person`, ours(github)[0].user.login, "mona");
}, { token: "ghp_0123456789abcdefghij", login: "mona" });

await on("a token of an app", async (github, name) => {
  for (let run = 100; run < 103; run++) await publish(github, { run, report: result({ over: run - 99 }) });
  one(name, github, "3 over");
  const before = github.requests.length;
  await publish(github, { run: 103, args: ["--author", "our-app[bot]"], report: result() });
  one(name, github, "### gobudget: ok");
  ok(`${name}: named, it needs no more requests than others`, github.requests.length - before === 3, JSON.stringify(github.requests.slice(before)));
}, { login: "our-app[bot]" });

await on("Enterprise: a base with a path, its own description", async (github, name) => {
  await publish(github, { report: result({ over: 1 }), args: ["--check-run", "--status"] });
  one(name, github, "1 over");
  equal(`${name}: check`, github.state.checks.length, 1);
}, { base: "/api/v3", spec: spec.replace("api.json", "ghes.json") });

await on("a large result", async (github, name) => {
  const job = await publish(github, { report: result({ over: 3000, name: (i) => `Test${"@".repeat(150)}${i}` }) });
  equal(`${name}: exit`, job.status, 1);
  const { body } = ours(github)[0];
  ok(`${name}: fits`, Buffer.byteLength(body) <= 65000, Buffer.byteLength(body));
  ok(`${name}: every tag is closed`, body.split("<details>").length === body.split("</details>").length);
  contains(`${name}: says that it is not all`, body, "For want of room");
  ok(`${name}: so does the summary`, Buffer.byteLength(job.summary) <= 1048576, job.summary.length);
  equal(`${name}: ten annotations`, job.out.match(/^::error /gm)?.length, 10);
  contains(`${name}: the tenth says how many more`, job.out, "and 2991 more");
});

await on("hostile names", async (github, name) => {
  const evil = "@octo/everyone ##[set-env name=A]b ::error::x | <img src=x> --> `a` [l](http://x) \u202e\u200b\n::warning::y";
  const job = await publish(github, { report: result({ over: 2, name: (i) => evil + i, notes: [evil], output: evil }), args: ["--check-run"] });
  const { body } = ours(github)[0];
  for (const part of ["@octo", "<img", "`a`", "](http", "\u202e", "\u200b"]) lacks(`${name}: no ${JSON.stringify(part)} in the comment`, body, part);
  equal(`${name}: one marker`, body.match(/<!--/g).length, 1);
  const stopped = job.out.replace(/::stop-commands::([0-9a-f-]+)\n[\s\S]*?::\1::\n/g, "");
  const commands = stopped.split("\n").filter((l) => /^\s*::/.test(l));
  ok(`${name}: no command but ours`, commands.every((l) => /^::(error|warning) title=/.test(l)), commands.join("\n"));
  ok(`${name}: none of the older form outside of ours`, job.out.split("\n").every((l) => /^::(error|warning) title=/.test(l) || !l.includes("##[")), job.out);
  lacks(`${name}: no line end inside an annotation`, stopped, "\n::warning::y");
});

await on("secrets in a test's output", async (github, name) => {
  const secrets = ["ghp_abcdefghijklmnopqrstuvwxyz0123456789", "AKIAABCDEFGHIJKLMNOP", github.token.repeat(1)];
  const job = await publish(github, { report: result({ exit: 3, output: `token ${secrets.join(" and ")} end` }) });
  const seen = job.out + job.err + job.summary + job.output + JSON.stringify(github.state);
  for (const secret of secrets) lacks(`${name}: ${secret.slice(0, 6)}`, seen, secret);
  contains(`${name}: what stands around stays`, job.summary, "end");
  equal(`${name}: exit`, job.status, 3);
}, { token: "ghs_thisIsTheTokenOfThisVeryJob0123456789" });

await on("no result", async (github, name) => {
  await publish(github, { report: result({ over: 1 }) });
  let job = await publish(github, { run: 101, report: null });
  equal(`${name}: exit`, job.status, 3);
  one(name, github, "could not measure");
  contains(`${name}: verdict`, job.output, "\nunmeasured\n");
  job = await publish(github, { run: 102, text: '{"version": 1, "gobudget": ' });
  equal(`${name}: half a file, exit`, job.status, 2);
  one(name, github, "there is no result of this run");
  job = await publish(github, { run: 103, text: "[]" });
  equal(`${name}: another file, exit`, job.status, 2);
  contains(`${name}: told`, job.err, "is no report of gobudget");
});

// ---- events

const runEvent = (head, extra = {}) => ({
  name: "workflow_run",
  payload: {
    action: "completed", repository: { id: 1 },
    workflow_run: { id: 100, run_attempt: 1, event: "pull_request", head_sha: head, head_branch: "topic", head_repository: { id: 55, full_name: "mona/shop", owner: { login: "mona" } }, pull_requests: [], ...extra },
  },
});
const forked = (number, head, extra = {}) => pull(number, head, { head: { sha: head, ref: "topic", repo: { id: 55 }, user: { login: "mona" } }, ...extra });

await on("workflow_run of a fork", async (github, name) => {
  github.state.pulls.push(forked(8, sha(8)), forked(9, sha(9), { state: "closed" }));
  let job = await publish(github, { event: runEvent(sha(8)), run: 5000, report: result({ over: 1 }) });
  equal(`${name}: exit`, job.status, 1);
  one(name, github, "1 over");
  equal(`${name}: on its pull request`, ours(github)[0].issue, 8);
  contains(`${name}: of the run that measured`, ours(github)[0].body, "run=100.1");
  contains(`${name}: it leads there`, ours(github)[0].body, "/actions/runs/100");
  job = await publish(github, { event: runEvent(sha(9)), report: result({ over: 2 }) });
  contains(`${name}: a closed one is none`, job.out, "no open pull request");
  job = await publish(github, { event: runEvent(sha(8), { head_repository: { id: 56, owner: { login: "mona" } } }), report: result({ over: 2 }) });
  contains(`${name}: nor one of another repository`, job.out, "no open pull request");
  job = await publish(github, { event: runEvent(sha(8), { head_repository: null }), report: result({ over: 2 }) });
  contains(`${name}: nor one whose fork is gone`, job.out, "no open pull request");
  github.state.pulls.push(forked(10, sha(8)));
  job = await publish(github, { event: runEvent(sha(8)), report: result({ over: 2 }) });
  contains(`${name}: nor one of two`, job.out, "no open pull request");
  one(name, github, "1 over");
});

for (const [event, payload] of [
  ["push", { after: sha(3), before: "0".repeat(40) }],
  ["merge_group", { merge_group: { head_sha: sha(3), base_sha: sha(2) } }],
  ["schedule", { schedule: "0 3 * * *" }],
  ["workflow_dispatch", { inputs: {} }],
]) {
  await on(event, async (github, name) => {
    const job = await publish(github, { event: { name: event, payload }, report: result({ over: 1 }), args: ["--status"] });
    equal(`${name}: exit`, job.status, 1);
    equal(`${name}: no comment`, github.state.comments.length, 0);
    const at = ["schedule", "workflow_dispatch"].includes(event) ? sha(999) : sha(3);
    equal(`${name}: the status stands at its commit`, github.state.statuses.map((s) => s.sha), [at]);
  });
}

// ---- channels

await on("check run", async (github, name) => {
  const report = result({ over: 130, warn: 5 });
  const args = ["--check-run", "--comment", "never"];
  let job = await publish(github, { report, args });
  const check = github.state.checks[0];
  equal(`${name}: failed and complete`, [check.status, check.conclusion, check.head_sha], ["completed", "failure", sha(7)]);
  equal(`${name}: all annotations`, check.annotations.length, 135);
  equal(`${name}: in three requests`, github.requests.filter((r) => r.method !== "GET").length, 3);
  equal(`${name}: the worst first`, check.annotations[0].annotation_level, "failure");
  equal(`${name}: at the line`, [check.annotations[4].path, check.annotations[4].start_line], ["store/store_test.go", 14]);
  await publish(github, { report, args });
  equal(`${name}: told again it makes none`, [github.state.checks.length, check.annotations.length], [1, 135]);
  // Killed between two requests: it goes on where it was.
  github.state.checks.length = 0;
  github.hold = async (entry) => entry.method === "PATCH" && new Promise((done) => setTimeout(done, 3000));
  job = await publish(github, { report, args, kill: (child) => {
    const timer = setInterval(() => {
      if (!github.requests.some((r) => r.method === "POST" && r.status === 201 && github.state.checks.length === 1 && github.busy)) return;
      clearInterval(timer);
      child.kill("SIGKILL");
    }, 10);
  } });
  equal(`${name}: killed`, job.signal, "SIGKILL");
  github.hold = undefined;
  while (github.busy) await new Promise((done) => setTimeout(done, 20));
  await publish(github, { report, args });
  equal(`${name}: run again there is one, whole`, github.state.checks.map((c) => [c.status, c.annotations.length]), [["completed", 135]]);
});

await on("annotations stand below --dir", async (github, name) => {
  const job = await publish(github, { report: result({ over: 1 }), args: ["--dir", "services/shop", "--comment", "never"] });
  contains(name, job.out, "::error title=over: store.TestLeak0,file=services/shop/store/store_test.go,line=10::".replace("over: ", "over%3A "));
});

await on("status", async (github, name) => {
  const args = ["--status", "--comment", "never"];
  await publish(github, { report: result({ over: 1 }), args });
  await publish(github, { report: result({ over: 1 }), args });
  await publish(github, { report: result(), args });
  await publish(github, { report: null, args });
  equal(name, github.state.statuses.map((s) => [s.state, s.context]), [["failure", "gobudget"], ["success", "gobudget"], ["error", "gobudget"]]);
});

await on("issue", async (github, name) => {
  const event = { name: "schedule", payload: {} };
  const args = ["--issue"];
  const go = (run, report) => publish(github, { event, run, report, args });
  github.state.pulls.push(pull(11, sha(11), { labels: [{ name: "gobudget" }], body: "<!-- gobudget key=default run=1.1 exit=0 head= digest=0000000000000000 text=0000000000000000 -->", user: { login: github.login } }));
  await go(1, result());
  equal(`${name}: none while all is well`, github.state.issues.length, 0);
  await go(2, result({ over: 1 }));
  await go(3, result({ over: 2 }));
  equal(`${name}: one, with its label`, github.state.issues.map((i) => [i.state, i.labels[0].name]), [["open", "gobudget"]]);
  contains(`${name}: brought up to date`, github.state.issues[0].body, "2 over");
  const job = await go(4, result());
  equal(`${name}: closed by itself`, github.state.issues.map((i) => [i.state, i.state_reason]), [["closed", "completed"]]);
  contains(`${name}: and says why`, github.state.issues[0].body, "### gobudget: ok");
  contains(`${name}: told`, job.out, "/issues/");
  await go(5, result({ over: 1 }));
  equal(`${name}: a new one for the next time`, github.state.issues.map((i) => i.state), ["closed", "open"]);
  github.issue("twin", github.state.issues[1].body, ["gobudget"]);
  await go(6, result({ over: 3 }));
  equal(`${name}: one too many is closed`, github.state.issues.map((i) => i.state), ["closed", "open", "closed"]);
});

// ---- the way there

await on("a token that nobody sees", async (github, name) => {
  let environ = "", cmdline = "", pid;
  github.hold = async () => {
    if (!existsSync(`/proc/${pid}/environ`)) return;
    environ = readFileSync(`/proc/${pid}/environ`, "latin1");
    cmdline = readFileSync(`/proc/${pid}/cmdline`, "latin1");
  };
  const job = await publish(github, { report: result({ over: 1 }), env: { RUNNER_DEBUG: "1", ACTIONS_STEP_DEBUG: "true", GH_TOKEN: "ghs_theOtherToken0123456789" }, kill: (child) => (pid = child.pid) });
  one(name, github, "1 over");
  for (const [where, text] of Object.entries({ environ, cmdline, log: job.out + job.err, summary: job.summary, outputs: job.output, comment: ours(github)[0].body })) {
    lacks(`${name}: ${where}`, text, github.token);
    lacks(`${name}: ${where}, the other`, text, "theOtherToken");
  }
}, { token: "ghs_thisIsTheTokenOfThisVeryJob0123456789" });

const tls = certificates();
for (const [name, env, good] of [
  ["a certificate of nobody we know", {}, false],
  ["SSL_CERT_FILE", { SSL_CERT_FILE: tls.ca }, true],
  ["CURL_CA_BUNDLE", { CURL_CA_BUNDLE: tls.ca }, true],
  ["GIT_SSL_CAINFO", { GIT_SSL_CAINFO: tls.ca }, true],
]) {
  await on(`https: ${name}`, async (github) => {
    const job = await publish(github, { report: result({ over: 1 }), env });
    equal(`${name}: exit`, job.status, 1);
    if (good) one(name, github, "1 over");
    else contains(`${name}: told, with the way out`, told(job)[0] ?? "", "SSL_CERT_FILE");
    if (!good) equal(`${name}: nothing was sent`, github.requests.length, 0);
  }, { tls });
}

await on("a proxy", async (github, name) => {
  const way = await proxy(github);
  const env = { SSL_CERT_FILE: tls.ca, HTTPS_PROXY: way.url, http_proxy: way.url };
  await publish(github, { report: result({ over: 1 }), env: { ...env, GITHUB_API_URL: `https://api.corp.test:${new URL(github.origin).port}` } });
  one(name, github, "1 over");
  ok(`${name}: asked for the way only`, way.asked.length > 0 && way.asked.every((l) => /^CONNECT api\.corp\.test:\d+$/.test(l)), way.asked);
  lacks(`${name}: which is all that it sees`, way.seen, github.token);
  way.asked.length = 0;
  await publish(github, { run: 101, report: result({ over: 2 }), env: { ...env, NO_PROXY: "localhost,.other.test" } });
  one(`${name}, none for this host`, github, "2 over");
  equal(`${name}: NO_PROXY`, way.asked, []);
  await way.close();
}, { tls });

await on("a proxy of what is not encrypted", async (github, name) => {
  const way = await proxy(github);
  await publish(github, { report: result({ over: 1 }), env: { http_proxy: way.url, ALL_PROXY: way.url } });
  one(name, github, "1 over");
  equal(`${name}: never asked`, way.asked, []);
  await way.close();
});

// ---- faults: one comment, the right status, and the reason in the log

for (const [kind, says] of [["401", "the token is wrong"], ["403", "issues=write; pull_requests=write"], ["404", "404"], ["410", "Issues are disabled"], ["422", "Validation Failed"]]) {
  await on(`final: ${kind}`, async (github, name) => {
    github.faults.push({ on: "POST .*comments$", kind });
    const job = await publish(github, { report: result({ over: 1 }) });
    equal(`${name}: exit`, job.status, 1);
    equal(`${name}: not tried again`, github.requests.filter((r) => r.method === "POST").length, 1);
    equal(`${name}: told once`, told(job).length, 1);
    contains(`${name}: with the reason`, told(job)[0] ?? "", says);
    contains(`${name}: the summary has the verdict`, job.summary, "1 over");
    contains(`${name}: and that there is no comment`, job.summary, "comment&#58; POST");
    equal(`${name}: no waiting`, sum(job.waits), 0);
  });
}

for (const [fault, waits] of [
  [{ kind: "403-primary", wait: 5 }, 5000], [{ kind: "403-secondary", wait: 3 }, 3000], [{ kind: "429", wait: 2 }, 2000], [{ kind: "429-bare" }, 60000], [{ kind: "403-secondary", bare: true }, 60000],
  [{ kind: "500" }, 1000], [{ kind: "502", times: 3 }, 14000], [{ kind: "408" }, 1000], [{ kind: "reset" }, 1000], [{ kind: "truncated" }, 1000], [{ kind: "malformed" }, 1000], [{ kind: "slow" }, 1000],
]) {
  for (const write of [false, true]) {
    await on(`passing: ${fault.kind} of ${write ? "a write" : "the list"}`, async (github, name) => {
      github.skew = 7200; // its clock is ahead of ours
      github.faults.push({ ...fault, on: write ? "POST .*comments$" : "GET .*comments$" });
      const job = await publish(github, { report: result({ over: 1 }), timeout: fault.kind === "slow" ? "1s" : "30s" });
      equal(`${name}: exit`, job.status, 1);
      one(name, github, "1 over");
      ok(`${name}: nothing to tell`, told(job).length === 0, job.out);
      ok(`${name}: waits ${waits}`, Math.abs(sum(job.waits) - waits) <= 2100 && sum(job.waits) <= 60000, job.waits);
    });
  }
}

for (const kind of ["500-after", "reset-after", "truncated", "malformed"]) {
  await on(`done but not told: ${kind}`, async (github, name) => {
    github.faults.push({ on: "POST .*comments$", kind });
    const job = await publish(github, { report: result({ over: 1 }) });
    one(name, github, "1 over");
    equal(`${name}: sent once`, github.requests.filter((r) => r.method === "POST").length, 1);
    ok(`${name}: nothing to tell`, told(job).length === 0, job.out);
  });
}

await on("longer than a minute", async (github, name) => {
  github.faults.push({ kind: "403-primary", wait: 900, times: 99 });
  const job = await publish(github, { report: result({ over: 1 }), args: ["--check-run", "--status"] });
  equal(`${name}: exit`, job.status, 1);
  equal(`${name}: does not wait at all`, sum(job.waits), 0);
  contains(`${name}: told`, told(job)[0] ?? "", "API rate limit exceeded");
  contains(`${name}: the summary has the verdict`, job.summary, "1 over");
});

await on("down", async (github, name) => {
  github.faults.push({ kind: "503", times: 999 });
  const job = await publish(github, { report: result(), args: ["--check-run", "--status", "--issue"] });
  equal(`${name}: green stays green`, job.status, 0);
  ok(`${name}: within the cap`, sum(job.waits) <= 60000, job.waits);
});

await on("oversized", async (github, name) => {
  github.faults.push({ on: "GET .*comments$", kind: "oversized" });
  const job = await publish(github, { report: result({ over: 1 }) });
  equal(`${name}: exit`, job.status, 1);
  contains(`${name}: told`, told(job)[0] ?? "", "too large");
});

for (const kind of ["redirect", "next-elsewhere"]) {
  await on(`another origin: ${kind}`, async (github, name) => {
    github.faults.push({ on: "GET .*comments$", kind });
    const job = await publish(github, { report: result({ over: 1 }) });
    equal(`${name}: exit`, job.status, 1);
    contains(`${name}: told`, told(job)[0] ?? "", "another origin");
    equal(`${name}: no comment then`, ours(github).length, 0);
  });
}

await on("a comment deleted before the update", async (github, name) => {
  await publish(github, { report: result({ over: 1 }) });
  github.faults.push({ on: "PATCH .*comments", kind: "404" });
  const gone = ours(github)[0];
  github.hold = async (entry) => {
    if (entry.method === "PATCH") github.state.comments.splice(github.state.comments.indexOf(gone), 1);
  };
  await publish(github, { run: 101, report: result({ over: 2 }) });
  one(name, github, "2 over");
});

await on("interrupted", async (github, name) => {
  let child;
  github.faults.push({ on: "GET .*comments$", kind: "slow" });
  github.hold = async () => child.kill("SIGINT");
  const job = await publish(github, { report: result({ over: 1 }), timeout: "60s", kill: (c) => (child = c) });
  equal(`${name}: exit`, job.status, 3);
  contains(`${name}: told`, job.err, "interrupted");
  equal(`${name}: nothing was written`, github.state.comments.length, 0);
});

await on("no token", async (github, name) => {
  const job = await publish(github, { report: result({ over: 1 }), env: { GITHUB_TOKEN: "" }, args: ["--check-run", "--status"] });
  equal(`${name}: exit`, job.status, 1);
  equal(`${name}: told once`, told(job).length, 1);
  contains(`${name}: how to give one`, told(job)[0] ?? "", "GITHUB_TOKEN");
});

await on("no summary either", async (github, name) => {
  github.faults.push({ kind: "403", times: 9 });
  const job = await publish(github, { report: result({ over: 1 }), args: ["--no-summary"] });
  contains(`${name}: the log has it all`, job.out, "TestLeak0");
  equal(`${name}: exit`, job.status, 1);
});

finish();
