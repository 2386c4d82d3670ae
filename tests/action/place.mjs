// place - what the tests of the action stand on: a repository with a change, a release to fetch.
import { execFileSync, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:https";

export function sh(cwd, program, ...args) {
  return execFileSync(program, args, { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] }).trimEnd();
}

const shelf = (size, leaks) => `package shelf

// Shelf holds books.
type Shelf struct{ books []*[${size}]byte }

// Put adds one.
func (s *Shelf) Put() {
	s.books = append(s.books, new([${size}]byte))${leaks ? "\n\tgo wait(make(chan int))" : ""}
}

func wait(c chan int) { <-c }
`;

const test = `package shelf

import (
	"os"
	"testing"
)

func TestShelf(t *testing.T) {
	os.WriteFile("tests-ran", nil, 0o600)
	s := &Shelf{}
	for i := 0; i < 50; i++ {
		s.Put()
	}
}
`;

// What a runner's own environment has; tests of ours keep Go's caches.
export function processEnvironment(server) {
  const env = { LC_ALL: "C.UTF-8", CURL_CA_BUNDLE: server.trust, GIT_SSL_CAINFO: server.trust };
  const kept = ["PATH", "HOME", "GOCACHE", "GOMODCACHE", "GOPATH", "GOTOOLCHAIN", "GOPROXY", "GOBUDGET_CACHE"];
  for (const name of [...kept, "GIT_CONFIG_GLOBAL", "GIT_CONFIG_NOSYSTEM"])
    if (process.env[name]) env[name] = process.env[name];
  return env;
}

// A bare repository; main is within its budgets, feature is over, fixed is not.  The commits of each
// are { base, head, merge, number }, merge being GitHub's test merge.
export function repository(top, gobudget) {
  const work = `${top}/work`;
  const bare = `${top}/origin.git`;
  const git = (...args) => sh(work, "git", ...args);
  mkdirSync(work, { recursive: true });
  sh(top, "git", "init", "-q", "--bare", "-b", "main", bare);
  git("init", "-q", "-b", "main");
  git("remote", "add", "origin", bare);
  writeFileSync(`${work}/go.mod`, "module example.com/shelf\n\ngo 1.21\n");
  writeFileSync(`${work}/shelf.go`, shelf(128, false));
  writeFileSync(`${work}/shelf_test.go`, test);
  mkdirSync(`${work}/names`);
  writeFileSync(`${work}/names/names.go`, "// Package names has none.\npackage names\n");
  writeFileSync(`${work}/names/names_test.go`, 'package names\n\nimport "testing"\n\nfunc TestNone(t *testing.T) {}\n');
  execFileSync(gobudget, ["record", "./..."], { cwd: work, stdio: "pipe" });
  writeFileSync(`${work}/.gitignore`, "tests-ran\n");
  git("add", "-A");
  git("commit", "-qm", "Hold books");
  const base = git("rev-parse", "HEAD");

  const change = (branch, number, text) => {
    git("checkout", "-q", "-b", branch, "main");
    writeFileSync(`${work}/shelf.go`, text);
    git("commit", "-qam", `Change in ${branch}`);
    const head = git("rev-parse", "HEAD");
    git("checkout", "-q", "--detach", "main");
    git("merge", "-q", "--no-ff", "-m", `Merge ${head} into ${base}`, branch);
    const merge = git("rev-parse", "HEAD");
    git("push", "-q", "origin", `HEAD:refs/pull/${number}/merge`, `${branch}:refs/pull/${number}/head`, branch);
    return { base, head, merge, number };
  };
  const over = change("feature", 2, shelf(192, true));
  const within = change("fixed", 3, `${shelf(128, false)}\n// Nothing else.\n`);
  git("push", "-q", "origin", "main");
  return { bare, over, within };
}

// What actions/checkout leaves, with fetch-depth: 0.
export function checkout(bare, sha, into) {
  rmSync(into, { recursive: true, force: true });
  sh("/", "git", "clone", "-q", "--no-checkout", bare, into);
  sh(into, "git", "fetch", "-q", "origin", "+refs/pull/*:refs/remotes/pull/*");
  sh(into, "git", "checkout", "-q", "--detach", sha);
}

// git's own server, for who has the token.
function gitOverHttp(state, full, rest, request, response) {
  const basic = `Basic ${Buffer.from(`x-access-token:${state.token}`).toString("base64")}`;
  if (request.headers.authorization !== basic) {
    state.refused++;
    request.resume();
    return response.writeHead(401, { "www-authenticate": 'Basic realm="GitHub"' }).end();
  }
  const [path, query = ""] = rest.split("?");
  const child = spawn("git", ["http-backend"], {
    stdio: ["pipe", "pipe", "inherit"],
    env: { PATH: process.env.PATH, GIT_HTTP_EXPORT_ALL: "1", REMOTE_USER: "x-access-token", PATH_TRANSLATED: `${state.repositories[full]}/${path}`, REQUEST_METHOD: request.method,
      QUERY_STRING: query, CONTENT_TYPE: request.headers["content-type"] ?? "", HTTP_CONTENT_ENCODING: request.headers["content-encoding"] ?? "", GIT_PROTOCOL: request.headers["git-protocol"] ?? "", GIT_CONFIG_COUNT: "1", GIT_CONFIG_KEY_0: "safe.directory", GIT_CONFIG_VALUE_0: "*" },
  });
  const chunks = [];
  request.pipe(child.stdin);
  child.stdin.on("error", () => {});
  child.stdout.on("data", (chunk) => chunks.push(chunk));
  child.on("close", () => {
    const all = Buffer.concat(chunks), end = all.indexOf("\r\n\r\n");
    let status = 200;
    for (const line of all.subarray(0, Math.max(end, 0)).toString().split("\r\n")) {
      const [name, value] = line.split(/: (.*)/s);
      if (name === "Status") status = Number.parseInt(value, 10);
      else if (name) response.setHeader(name, value);
    }
    response.writeHead(end < 0 ? 500 : status).end(all.subarray(end + 4));
  });
  return undefined;
}

// A copy of the action as a release has it: its checksums name the tarball that `server` hands out.
export async function release(top, project, gobudget) {
  const version = /^project\(gobudget VERSION ([0-9.]+)/m.exec(readFileSync(`${project}/CMakeLists.txt`, "utf8"))[1];
  const name = `gobudget-${version}-linux-${sh("/", "uname", "-m")}`;
  const action = `${top}/action`;
  for (const part of ["action.yml", "action", "ci", "CMakeLists.txt"])
    cpSync(`${project}/${part}`, `${action}/${part}`, { recursive: true });
  mkdirSync(`${top}/${name}/bin`, { recursive: true });
  cpSync(gobudget, `${top}/${name}/bin/gobudget`);
  sh(top, "tar", "-czf", `${name}.tar.gz`, name);
  const tarball = readFileSync(`${top}/${name}.tar.gz`);
  appendFileSync(`${action}/action/checksums`, `${createHash("sha256").update(tarball).digest("hex")}  ${name}.tar.gz\n`);
  sh(top, "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", "key.pem", "-out", "cert.pem");
  const state = { requests: [], tarball, repositories: {}, token: "", refused: 0 };
  const server = createServer({ key: readFileSync(`${top}/key.pem`), cert: readFileSync(`${top}/cert.pem`) }, (request, response) => {
    state.requests.push({ url: request.url, headers: request.headers });
    const [, full, rest] = /^\/([^/]+\/[^/]+)\/((?:info\/refs|git-(?:upload|receive)-pack)\b.*)$/.exec(request.url) ?? [];
    if (full in state.repositories) return gitOverHttp(state, full, rest, request, response);
    if (request.url === `/gobudget/gobudget/releases/download/v${version}/${name}.tar.gz` && state.tarball) {
      response.writeHead(200, { "content-type": "application/gzip" });
      response.end(state.tarball);
    } else {
      response.writeHead(404);
      response.end("not found");
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    action,
    version,
    state,
    url: `https://127.0.0.1:${server.address().port}`,
    trust: `${top}/cert.pem`,
    close: () => server.close(),
  };
}
