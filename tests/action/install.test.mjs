// The action's first step: what it runs was checked, or built here; and one clear line if neither.
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { contains, equal, finish, ok } from "./check.mjs";
import { Files, Log } from "./commands.mjs";
import { run, shell } from "./composite.mjs";
import { processEnvironment, release, sh } from "./place.mjs";

const { GOBUDGET, PROJECT, TMPDIR } = process.env;
const server = await release(TMPDIR, PROJECT, GOBUDGET);
const listed = () => sh(server.action, "find", ".", "-type", "f", "-newer", `${TMPDIR}/before`);
let n = 0;

async function install(env = {}, temp = `${TMPDIR}/temp${++n}`) {
  mkdirSync(temp, { recursive: true });
  const files = new Files(temp), log = new Log();
  server.state.requests.length = 0;
  const status = await run(shell('exec "$GITHUB_ACTION_PATH/action/install"', "bash", temp), {
    cwd: TMPDIR, log,
    env: { ...processEnvironment(server), ...files.env, RUNNER_TEMP: temp, TMPDIR: temp, GITHUB_SERVER_URL: server.url,
      GITHUB_ACTION_PATH: server.action, GOBUDGET_REPOSITORY: "gobudget/gobudget", GOBUDGET_VERSION: "", GITHUB_TOKEN: "ghs_x", ...env },
  });
  return { status, log, temp, ...files.read(), requests: [...server.state.requests] };
}

writeFileSync(`${TMPDIR}/before`, "");
const sums = readFileSync(`${server.action}/action/checksums`, "utf8");

let r = await install();
equal("a release that is listed is fetched", [r.status, r.requests.length], [0, 1]);
ok("it starts", sh("/", r.outputs.gobudget, "--version").startsWith("gobudget "));
ok("the folder for the result is private", (sh("/", "stat", "-c", "%a", r.outputs.folder)) === "700");
ok("all of it is below RUNNER_TEMP", [r.outputs.gobudget, r.outputs.folder].every((path) => path.startsWith(`${r.temp}/`)));
ok("no token is sent", !JSON.stringify(r.requests).includes("ghs_") && !r.requests[0].headers.authorization);
equal("no annotation", r.log.annotations, []);
r = await install({ GOBUDGET_VERSION: server.version });
equal("its version may be named", r.status, 0);
equal("nothing else is written", r.others, "");

const again = await install({}, r.temp);
ok("a second use in the job has a folder of its own", again.status === 0 && again.outputs.folder !== r.outputs.folder && existsSync(r.outputs.folder));

const good = server.state.tarball;
server.state.tarball = Buffer.concat([good.subarray(0, good.length - 1), Buffer.from([good[good.length - 1] ^ 1])]);
r = await install();
equal("another file than the one released is refused", r.status, 1);
contains("in one line", r.log.annotations.map((a) => a.message).join("\n"), "is not what was released");
ok("and not unpacked", !existsSync(`${r.temp}/gobudget/gobudget-${server.version}-linux-x86_64`) && readdirSync(`${r.temp}/gobudget`).length === 0);
equal("it hands nothing on", r.outputs, {});

// The copy has nothing to build, so that what is said then is seen as well.
server.state.tarball = null;
r = await install();
equal("one that is not there", r.status, 1);
contains("is built instead", r.log.text(), "building gobudget");
contains("and what keeps it from that is said", r.log.annotations.map((a) => a.message).join("\n"), "cmake cannot configure gobudget");
server.state.tarball = good;

r = await install({ GITHUB_SERVER_URL: server.url.replace("https:", "http:") });
ok("plain http is not spoken", r.status === 1 && r.requests.length === 0, r.log.text());
for (const version of ["9.9.9", "../../x", "0.1.0\n0.2.0", ".*", "$(id)"]) {
  r = await install({ GOBUDGET_VERSION: version });
  equal(`no release "${version.replace("\n", "\\n")}"`, [r.status, r.requests.length, r.log.annotations.length], [1, 0, 1]);
  contains("says so", r.log.annotations[0].message, "knows no release of that version");
}
r = await install({ GOBUDGET_VERSION: "source" });
contains("source is built although there is a release", r.log.text(), "building gobudget");
equal("and nothing fetched", r.requests.length, 0);
writeFileSync(`${server.action}/action/checksums`, "");
r = await install();
equal("what is listed nowhere is not fetched", r.requests.length, 0);
writeFileSync(`${server.action}/action/checksums`, sums);
sh(server.action, "touch", "-d", "2000-01-01", "action/checksums");
equal("the action's folder stays as it was", listed(), "");
server.close();
finish();
