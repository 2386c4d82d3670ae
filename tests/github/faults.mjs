// publish under 200 schedules of faults, drawn from a seed: what must hold, holds.
//
//	node faults.mjs GOBUDGET FOLDER [SEED [COUNT]]
//
// A schedule is a pull request's life in a few jobs, with faults in between, in three kinds:
// one job after the other; jobs killed at any moment; two jobs at once.  After each job:
//  - its exit status is the report's own, it waited a minute at most, and nobody but GitHub's
//    origin was asked for anything
//  - one after the other: never two comments of ours; the comment says what the newest run said,
//    or the job's log says why it does not
//  - after a last job without faults there is one comment, and it is right
import { fake } from "./fake.mjs";
import { equal, finish, ok, publish, pull, result, sha, spec, sum } from "./lib.mjs";

const [first, count] = [Number(process.argv[4] ?? 1), Number(process.argv[5] ?? 200)];
const AT_ONCE = 4;

const kinds = ["401", "403", "403-primary", "403-secondary", "404", "410", "422", "429", "429-bare", "408", "500", "502", "503", "reset", "redirect", "redirect-loop", "500-after", "reset-after", "truncated", "malformed", "oversized", "slow", "next-elsewhere"];
const places = ["", "GET ", "POST ", "PATCH ", "DELETE ", "comments$"];

// mulberry32: the same seed, the same schedule.
function random(seed) {
  let a = seed >>> 0;
  const next = () => {
    a = (a + 0x6d2b79f5) | 0;
    let t = Math.imul(a ^ (a >>> 15), 1 | a);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  const below = (n) => Math.floor(next() * n);
  return { below, pick: (list) => list[below(list.length)], chance: (p) => next() < p };
}

const ours = (github) => github.state.comments.filter((c) => c.user.login === github.login);
const told = (job) => job.out.includes("::warning title=gobudget publish::comment: ");

async function schedule(seed) {
  const r = random(seed);
  const mode = ["one by one", "killed", "at once"][seed % 3];
  const github = await fake({ spec });
  const wrong = [];
  const want = (good, what) => good || wrong.push(what);
  let newest = { run: 0, over: 0 };
  let excused = false; // the newest run said why it could not tell
  let run = 100;
  let jobs = 0;

  github.state.pulls.push(pull(7, sha(7)));
  github.skew = r.pick([0, 0, -86400, 86400]);
  github.page = r.pick([100, 3]);
  for (let i = r.below(8); i > 0; i--) github.comment(7, `talk ${i}`, "mona");

  const faults = () => {
    github.faults.length = 0;
    for (let i = r.below(5); i > 0; i--)
      github.faults.push({ kind: r.pick(kinds), on: r.pick(places), skip: r.below(3), times: 1 + r.below(4), wait: r.pick([1, 5, 30, 90]), bare: r.chance(0.5) });
  };
  const one = async (options) => {
    const over = r.chance(0.3) ? 0 : 1 + r.below(9);
    const mine = { run: r.chance(0.15) ? run * 10 - 50 + jobs++ : ++run * 10, over };
    if (mine.run > newest.run) {
      newest = mine;
      excused = false;
      github.state.pulls[0].head.sha = sha(mine.run);
    }
    const event = { name: "pull_request", payload: { number: 7, repository: { id: 1 }, pull_request: pull(7, sha(mine.run)) } };
    const job = await publish(github, { event, run: mine.run, report: result({ over }), timeout: "250ms", ...options });
    if (!job.signal) want(job.status === (over ? 1 : 0), `exit ${job.status} of ${over} over`);
    want(sum(job.waits) <= 60000, `waited ${job.waits}`);
    want(!job.err, `on standard error: ${job.err}`);
    want(!(job.out + job.summary + job.output).includes(github.token), "the token is told");
    if (mine === newest && told(job)) excused = true;
    job.clean();
    return job;
  };
  // What is there is the newest truth: a run that found the same leaves an older marker.
  const right = () => {
    const list = ours(github);
    const part = newest.over ? `${newest.over} over` : "### gobudget: ok";
    return list.length ? list.length === 1 && list[0].body.includes(part) && list[0].body.includes(`head=${sha(newest.run)}`) : newest.over === 0;
  };

  for (let i = 2 + r.below(3); i > 0; i--) {
    faults();
    if (mode === "at once") {
      await Promise.all([one(), one()]);
    } else if (mode === "killed" && r.chance(0.7)) {
      // Before, while or after a request is served, or at no particular moment.
      const at = r.below(5), after = r.below(30);
      await one({ kill: (child) => {
        const start = github.requests.length;
        github.hold = async () => {
          if (github.requests.length - start !== at) return;
          if (after % 2) child.kill("SIGKILL");
          else setTimeout(() => child.kill("SIGKILL"), after);
        };
        if (at === 0) setTimeout(() => child.kill("SIGKILL"), after);
      } });
      github.hold = undefined;
      while (github.busy) await new Promise((done) => setTimeout(done, 5));
    } else {
      const job = await one();
      if (mode === "one by one") {
        want(ours(github).length <= 1, `${ours(github).length} comments`);
        want(right() || excused || told(job), `neither right nor told: ${ours(github)[0]?.body.slice(0, 300)}\n${job.out}`);
      }
    }
  }
  github.faults.length = 0;
  github.skew = 0;
  run += 10;
  await one({ timeout: "60s" });
  want(ours(github).length <= 1, `${ours(github).length} comments at the end`);
  want(right(), `not right at the end, ${JSON.stringify(newest)}: ${ours(github)[0]?.body.slice(0, 300)}`);
  want(github.elsewhere.length === 0, `asked elsewhere: ${github.elsewhere}`);
  want(github.wrong.length === 0, `GitHub does not know: ${github.wrong}`);
  want(github.state.comments.every((c) => c.user.login !== "mona" || c.body.startsWith("talk")), "another's comment was touched");
  await github.close();
  return { mode, wrong };
}

const seeds = Array.from({ length: count }, (_, i) => first + i);
const seen = {};
await Promise.all(Array.from({ length: AT_ONCE }, async () => {
  for (let seed = seeds.shift(); seed !== undefined; seed = seeds.shift()) {
    const { mode, wrong } = await schedule(seed);
    seen[mode] = (seen[mode] ?? 0) + 1;
    if (wrong.length) ok(`schedule ${seed}, ${mode}`, false, wrong.join("\n"));
  }
}));
for (const [mode, n] of Object.entries(seen)) ok(`${n} schedules, ${mode}`, true);
equal("all of them ran", Object.values(seen).reduce((a, b) => a + b, 0), count);
finish();
