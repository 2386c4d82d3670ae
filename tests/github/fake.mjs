// A GitHub that lives for one test: state, GitHub's own rules about requests, faults on script.
//
//	const github = await fake({ spec });     // listens on 127.0.0.1; with { tls } as https
//	github.faults.push({ on: "POST .*comments", kind: "500-after" });
//	... github.state.comments ...
//	await github.close();
//
// A fault is taken by the first request that `on` matches (a regular expression over
// "METHOD path"; none: any) after `skip` others; `times` (1) of them.  Kinds are below.
// github.wrong: what no request of ours may do, a line each.
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { complaints, load } from "./openapi.mjs";

const BODY_MAX = 65536;
const agents = { "github-actions[bot]": 41898282 };

export async function fake({ spec, base = "", token = "ghs_test", login = "github-actions[bot]", tls } = {}) {
  const github = new Fake(load(spec), base, token, login, tls);
  await github.listen();
  return github;
}

class Refused extends Error {
  constructor(status, message, headers = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

class Fake {
  constructor(api, base, token, login, tls) {
    Object.assign(this, { api, base, token, login, tls, repository: "octo/shop", page: 100 });
    this.state = { comments: [], reviews: [], issues: [], checks: [], statuses: [], pulls: [] };
    this.faults = [];
    this.requests = [];
    this.wrong = [];
    this.permissions = { comments: true, checks: true, statuses: true, issues: true };
    this.numbered = true; // the next page is one of /repositories/1, as GitHub has it
    this.skew = 0; // seconds its clock is ahead
    this.nextId = 1000;
    this.busy = 0;
    this.elsewhere = []; // what the other origin was sent
  }

  async listen() {
    const start = (server) => new Promise((done) => server.listen(0, "127.0.0.1", () => done(server.address().port)));
    const answer = (q, r) => this.serve(q, r);
    this.server = this.tls ? createSecureServer(this.tls, answer) : createServer(answer);
    this.other = createServer((q, r) => {
      this.elsewhere.push(`${q.method} ${q.url} ${q.headers.authorization ?? ""}`);
      r.writeHead(200, { "content-type": "application/json" }).end("[]");
    });
    this.server.keepAliveTimeout = 1000;
    const port = await start(this.server);
    this.origin = this.tls ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
    this.otherOrigin = `http://127.0.0.1:${await start(this.other)}`;
    this.url = this.origin + this.base;
  }

  async close() {
    for (const server of [this.server, this.other]) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
  }

  // ---- one request

  async serve(q, r) {
    const chunks = [];
    this.busy++;
    try {
      for await (const chunk of q) chunks.push(chunk);
    } catch {
      this.busy--;
      return; // it went away
    }
    const url = new URL(q.url, this.origin);
    const path = url.pathname.slice(this.base.length);
    const line = `${q.method} ${path}`;
    const fault = this.takeFault(line);
    if (fault) fault.url = q.url;
    const entry = { method: q.method, path, query: url.search, headers: q.rawHeaders, text: Buffer.concat(chunks).toString(), fault: fault?.kind };
    this.requests.push(entry);
    if (this.hold) await this.hold(entry);
    try {
      const answer = this.withFault(fault, () => this.answer(q, url, path, entry));
      entry.status = answer.status;
      this.send(q, r, answer, fault);
    } finally {
      this.busy--;
    }
  }

  takeFault(line) {
    for (const [i, fault] of this.faults.entries()) {
      if (fault.on && !new RegExp(fault.on).test(line)) continue;
      if (fault.skip > 0) {
        fault.skip--;
        continue;
      }
      fault.times = (fault.times ?? 1) - 1;
      if (fault.times <= 0) this.faults.splice(i, 1);
      return fault;
    }
    return undefined;
  }

  now() {
    return Math.floor(Date.now() / 1000) + this.skew;
  }

  time() {
    return new Date(this.now() * 1000).toISOString().replace(/\.\d+/, "");
  }

  // Faults that come instead of the request; others spoil the answer of one that was done.
  withFault(fault, work) {
    const wait = String(fault?.wait ?? 1);
    const refuse = (status, message, headers) => ({ status, headers, body: { message } });
    switch (fault?.kind) {
      case "401":
        return refuse(401, "Bad credentials");
      case "403":
        return refuse(403, "Resource not accessible by integration", { "x-accepted-github-permissions": "issues=write; pull_requests=write" });
      case "403-primary":
        return refuse(403, "API rate limit exceeded", { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(this.now() + Number(wait)) });
      case "403-secondary":
        return refuse(403, "You have exceeded a secondary rate limit", fault.bare ? {} : { "retry-after": wait });
      case "404":
        return refuse(404, "Not Found");
      case "410":
        return refuse(410, "Issues are disabled");
      case "422":
        return refuse(422, "Validation Failed");
      case "429":
        return refuse(429, "Too many requests", { "retry-after": wait });
      case "429-bare":
        return refuse(429, "Too many requests");
      case "408":
      case "500":
      case "502":
      case "503":
        return { status: Number(fault.kind), headers: { "content-type": "text/html" }, text: "<html>unicorn</html>" };
      case "reset":
        return { cut: 0 };
      case "redirect":
        return { status: 307, headers: { location: `${this.otherOrigin}/collect` }, body: {} };
      case "redirect-loop":
        return { status: 307, headers: { location: fault.url }, body: {} };
    }
    const answer = work();
    switch (fault?.kind) {
      case "500-after":
        return { status: 500, body: { message: "Server Error" } };
      case "reset-after":
        return { cut: 0 };
      case "truncated":
        return { ...answer, cut: 0.5 };
      case "malformed":
        return { ...answer, text: '{"id": 12, "body": "' };
      case "oversized":
        return { ...answer, pad: 40 << 20 };
      case "slow":
        return { ...answer, slow: true };
      case "next-elsewhere":
        return { ...answer, headers: { ...answer.headers, link: `<${this.otherOrigin}/collect>; rel="next"` } };
    }
    return answer;
  }

  send(q, r, answer, fault) {
    const text = answer.text ?? (answer.body === undefined ? "" : JSON.stringify(answer.body));
    const headers = {
      "content-type": "application/json; charset=utf-8",
      date: new Date(this.now() * 1000).toUTCString(),
      "x-ratelimit-remaining": "900",
      ...answer.headers,
    };
    if (answer.cut === 0) return q.socket.destroy();
    if (answer.status === 204) return r.writeHead(204, headers).end();
    const bytes = Buffer.from(text);
    if (answer.cut) {
      r.writeHead(answer.status, { ...headers, "content-length": bytes.length });
      r.write(bytes.subarray(0, Math.floor(bytes.length * answer.cut)), () => q.socket.destroy());
      return undefined;
    }
    if (answer.slow) return this.trickle(r, answer.status, headers, bytes);
    if (answer.pad) return this.flood(r, answer.status, headers, answer.pad);
    return r.writeHead(answer.status, headers).end(bytes);
  }

  trickle(r, status, headers, bytes) {
    r.writeHead(status, headers);
    let i = 0;
    const timer = setInterval(() => {
      if (i >= bytes.length || r.destroyed) clearInterval(timer);
      else r.write(bytes.subarray(i, ++i));
    }, 50);
    r.on("close", () => clearInterval(timer));
  }

  flood(r, status, headers, size) {
    const block = Buffer.alloc(1 << 20, " ");
    r.on("error", () => {});
    r.writeHead(status, headers);
    const more = () => {
      while (size > 0 && !r.destroyed) {
        size -= block.length;
        if (!r.write(block)) return r.once("drain", more);
      }
      return r.end("[]");
    };
    more();
  }

  // ---- GitHub's answer

  answer(q, url, path, entry) {
    try {
      if (q.url.startsWith(`${this.base}/repositories/1/`)) path = path.replace("/repositories/1", `/repos/${this.repository}`);
      this.checkHeaders(q, entry);
      const { operation, params, error } = this.api.find(q.method, path);
      if (error) this.complain(entry, error);
      const body = entry.text ? JSON.parse(entry.text) : undefined;
      const said = complaints(operation, params, url.searchParams, body);
      for (const line of said) this.complain(entry, line);
      if (`${params.owner}/${params.repo}` !== this.repository && operation.id !== "users/get-authenticated") throw new Refused(404, "Not Found");
      return this[operation.id](params, body ?? {}, url);
    } catch (e) {
      if (!(e instanceof Refused)) throw e;
      return { status: e.status, headers: e.headers, body: { message: e.message } };
    }
  }

  complain(entry, line) {
    this.wrong.push(`${entry.method} ${entry.path}: ${line}`);
    throw new Refused(422, `Invalid request: ${line}`);
  }

  checkHeaders(q, entry) {
    const want = { accept: /^application\/vnd\.github\+json$/, "x-github-api-version": /^2022-11-28$/, "user-agent": /^gobudget\// };
    for (const [name, pattern] of Object.entries(want)) if (!pattern.test(q.headers[name] ?? "")) this.complain(entry, `header ${name}: ${q.headers[name]}`);
    if (entry.text && !/^application\/json/.test(q.headers["content-type"] ?? "")) this.complain(entry, "no JSON content type");
    if (q.headers.authorization !== `Bearer ${this.token}`) throw new Refused(401, "Bad credentials");
  }

  may(what, needs) {
    if (this.permissions[what]) return;
    throw new Refused(403, "Resource not accessible by integration", { "x-accepted-github-permissions": needs });
  }

  paged(list, url, wrap = (x) => x) {
    const size = Math.min(Number(url.searchParams.get("per_page") ?? 30), this.page);
    const page = Number(url.searchParams.get("page") ?? 1);
    const headers = {};
    if (page * size < list.length) {
      const next = new URL(url);
      if (this.numbered) next.pathname = next.pathname.replace(`/repos/${this.repository}/`, "/repositories/1/");
      next.searchParams.set("page", String(page + 1));
      headers.link = `<${this.origin}/first>; rel="prev", <${next}>; rel="next", <${next}>; rel="last"`;
    }
    return { status: 200, headers, body: wrap(list.slice((page - 1) * size, page * size)) };
  }

  user() {
    return { login: this.login, id: agents[this.login] ?? 1, type: this.login.endsWith("]") ? "Bot" : "User" };
  }

  page_of(kind, n) {
    return `https://github.com/${this.repository}/${kind}/${n}`;
  }

  text(body) {
    if (typeof body !== "string" || body.trim() === "") throw new Refused(422, "Validation Failed");
    if ([...body].length > BODY_MAX) throw new Refused(422, "Validation Failed: body is too long (maximum is 65536 characters)");
    return body;
  }

  "users/get-authenticated"() {
    if (this.token.startsWith("ghs_")) throw new Refused(403, "Resource not accessible by integration");
    return { status: 200, body: this.user() };
  }

  thread(number) {
    const found = [...this.state.pulls, ...this.state.issues].find((x) => x.number === Number(number));
    if (!found) throw new Refused(404, "Not Found");
  }

  "issues/list-comments"(params, _, url) {
    this.thread(params.issue_number);
    return this.paged(this.state.comments.filter((c) => c.issue === Number(params.issue_number)), url);
  }

  "issues/create-comment"(params, body) {
    this.thread(params.issue_number);
    this.may("comments", "issues=write; pull_requests=write");
    const comment = this.comment(params.issue_number, this.text(body.body));
    return { status: 201, body: comment };
  }

  comment(issue, body, login = this.login) {
    const id = this.nextId++;
    const made = { id, issue: Number(issue), body, html_url: `${this.page_of("pull", issue)}#issuecomment-${id}`, user: { login } };
    this.state.comments.push(made);
    return made;
  }

  commentOf(params) {
    const found = this.state.comments.find((c) => c.id === Number(params.comment_id));
    if (!found) throw new Refused(404, "Not Found");
    return found;
  }

  "issues/update-comment"(params, body) {
    this.may("comments", "issues=write; pull_requests=write");
    const comment = this.commentOf(params);
    comment.body = this.text(body.body);
    return { status: 200, body: comment };
  }

  "issues/delete-comment"(params) {
    this.may("comments", "issues=write; pull_requests=write");
    const comment = this.commentOf(params);
    this.state.comments.splice(this.state.comments.indexOf(comment), 1);
    return { status: 204 };
  }

  "pulls/list"(params, _, url) {
    const state = url.searchParams.get("state") ?? "open";
    const [owner, branch] = (url.searchParams.get("head") ?? "").split(/:(.*)/s);
    const list = this.state.pulls.filter((p) => (state === "all" || (p.state ?? "open") === state) && (!owner || (p.head.user?.login === owner && p.head.ref === branch)));
    return this.paged(list, url);
  }

  "pulls/get"(params) {
    const found = this.state.pulls.find((p) => p.number === Number(params.pull_number));
    if (!found) throw new Refused(404, "Not Found");
    return { status: 200, body: found };
  }

  "pulls/list-reviews"(params, _, url) {
    return this.paged(this.state.reviews.filter((r) => r.pull === Number(params.pull_number)), url);
  }

  // Pull requests are issues too, and are listed with them.
  "issues/list-for-repo"(params, _, url) {
    const state = url.searchParams.get("state") ?? "open";
    const labels = (url.searchParams.get("labels") ?? "").split(",").filter(Boolean);
    const has = (x) => labels.every((l) => (x.labels ?? []).some((y) => y.name === l));
    const pulls = this.state.pulls.map((p) => ({ ...p, state: p.state ?? "open", pull_request: {} }));
    const since = url.searchParams.get("since") ?? "";
    const list = [...this.state.issues, ...pulls].filter((x) => (state === "all" || x.state === state) && has(x) && !((x.closed_at ?? x.created_at) < since));
    list.sort((a, b) => b.number - a.number);
    return this.paged(list, url);
  }

  issue(title, body, labels, login = this.login) {
    const number = this.nextId++;
    const made = { id: number + 5000, number, title, body, state: "open", created_at: this.time(), labels: (labels ?? []).map((name) => ({ name })), html_url: this.page_of("issues", number), user: { login } };
    this.state.issues.push(made);
    return made;
  }

  "issues/create"(params, body) {
    this.may("issues", "issues=write");
    return { status: 201, body: this.issue(body.title, this.text(body.body), body.labels) };
  }

  "issues/update"(params, body) {
    this.may("issues", "issues=write");
    const found = this.state.issues.find((i) => i.number === Number(params.issue_number));
    if (!found) throw new Refused(404, "Not Found");
    if ("body" in body) found.body = this.text(body.body);
    for (const key of ["title", "state", "state_reason"]) if (key in body) found[key] = body[key];
    if (body.state === "closed") found.closed_at = this.time();
    return { status: 200, body: found };
  }

  output(check, output) {
    if (!output) return;
    const more = output.annotations ?? [];
    if (more.length > 50) throw new Refused(422, "annotations: more than 50");
    for (const key of ["summary", "text"]) if ((output[key]?.length ?? 0) > 65535) throw new Refused(422, `${key} is too long`);
    check.annotations.push(...more);
    check.output = { title: output.title, summary: output.summary, text: output.text, annotations_count: check.annotations.length };
  }

  "checks/create"(params, body) {
    this.may("checks", "checks=write");
    const id = this.nextId++;
    const check = { id, name: body.name, head_sha: body.head_sha, external_id: body.external_id ?? "", status: body.status ?? "queued", conclusion: body.conclusion ?? null, details_url: body.details_url ?? null, html_url: this.page_of("runs", id), app: { slug: "github-actions" }, annotations: [], output: {} };
    this.output(check, body.output);
    this.state.checks.push(check);
    return { status: 201, body: check };
  }

  "checks/update"(params, body) {
    this.may("checks", "checks=write");
    const check = this.state.checks.find((c) => c.id === Number(params.check_run_id));
    if (!check) throw new Refused(404, "Not Found");
    this.output(check, body.output);
    for (const key of ["status", "conclusion"]) if (key in body) check[key] = body[key];
    return { status: 200, body: check };
  }

  "checks/list-for-ref"(params, _, url) {
    const name = url.searchParams.get("check_name");
    const list = this.state.checks.filter((c) => c.head_sha === params.ref && (!name || c.name === name));
    list.reverse(); // newest first
    return this.paged(list, url, (x) => ({ total_count: list.length, check_runs: x }));
  }

  "repos/list-commit-statuses-for-ref"(params, _, url) {
    return this.paged(this.state.statuses.filter((s) => s.sha === params.ref).reverse(), url);
  }

  "repos/create-commit-status"(params, body) {
    this.may("statuses", "statuses=write");
    if ((body.description ?? "").length > 140) throw new Refused(422, "description is too long");
    const made = { id: this.nextId++, sha: params.sha, state: body.state, description: body.description, context: body.context ?? "default", target_url: body.target_url };
    this.state.statuses.push(made);
    return { status: 201, body: made };
  }
}
