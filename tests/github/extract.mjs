// extract.mjs FULL.json: the operations that the fake plays, with what their requests refer to.
import { readFileSync } from "node:fs";

const wanted = [
  "/user",
  "/repos/{owner}/{repo}/issues",
  "/repos/{owner}/{repo}/issues/{issue_number}",
  "/repos/{owner}/{repo}/issues/{issue_number}/comments",
  "/repos/{owner}/{repo}/issues/comments/{comment_id}",
  "/repos/{owner}/{repo}/pulls",
  "/repos/{owner}/{repo}/pulls/{pull_number}",
  "/repos/{owner}/{repo}/pulls/{pull_number}/reviews",
  "/repos/{owner}/{repo}/check-runs",
  "/repos/{owner}/{repo}/check-runs/{check_run_id}",
  "/repos/{owner}/{repo}/commits/{ref}/check-runs",
  "/repos/{owner}/{repo}/commits/{ref}/statuses",
  "/repos/{owner}/{repo}/statuses/{sha}",
];
const full = JSON.parse(readFileSync(process.argv[2], "utf8"));

function whole(node, seen = []) {
  if (Array.isArray(node)) return node.map((n) => whole(n, seen));
  if (!node || typeof node !== "object") return node;
  if (node.$ref) {
    if (seen.includes(node.$ref)) return {};
    const target = node.$ref.slice(2).split("/").reduce((at, key) => at[key], full);
    return whole(target, [...seen, node.$ref]);
  }
  const kept = Object.entries(node).filter(([key]) => !["examples", "example"].includes(key));
  return Object.fromEntries(kept.map(([key, value]) => [key, whole(value, seen)]));
}

const paths = {};
for (const path of wanted) {
  if (!full.paths[path]) throw new Error(`the description has no ${path}`);
  paths[path] = {};
  for (const [method, operation] of Object.entries(full.paths[path])) {
    const body = operation.requestBody && whole(operation.requestBody);
    paths[path][method.toUpperCase()] = {
      id: operation.operationId,
      parameters: whole(operation.parameters ?? []),
      body: body?.content?.["application/json"]?.schema,
      required: body?.required ?? false,
    };
  }
}
process.stdout.write(JSON.stringify({ version: full.info.version, paths }));
