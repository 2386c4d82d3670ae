// excerpt.mjs FULL.json API.json: GitHub's own description of the paths in API.json, word for word,
// with all that it refers to.  A server that reads all 13 MB of it takes minutes to start.
//
// Two things are changed.  The description knows answers as application/json alone, while GitHub's
// documentation asks clients to send `Accept: application/vnd.github+json`.  And `nullable` goes where
// no `type` stands beside it: there it means nothing (OpenAPI 3.0.3), but Prism takes such a schema
// for broken and, without a word, lets every body through.
import { readFileSync } from "node:fs";

const [full, { paths }] = process.argv.slice(2).map((file) => JSON.parse(readFileSync(file, "utf8")));
const excerpt = { openapi: full.openapi, info: full.info, servers: full.servers, paths: {}, components: {} };

function take(node) {
  if (!node || typeof node !== "object") return;
  if (typeof node.$ref === "string") {
    const [, kind, name] = node.$ref.slice(2).split("/");
    const room = (excerpt.components[kind] ??= {});
    if (!(name in room)) {
      room[name] = full.components[kind][name];
      take(room[name]);
    }
  }
  if (node.nullable === true && !("type" in node)) delete node.nullable;
  Object.values(node).forEach(take);
}

for (const path of Object.keys(paths)) {
  excerpt.paths[path] = full.paths[path];
  take(excerpt.paths[path]);
}
for (const operation of Object.values(excerpt.paths).flatMap((path) => Object.values(path)))
  for (const [status, answer] of Object.entries(operation.responses ?? {})) {
    const { content } = answer.$ref ? excerpt.components.responses[answer.$ref.split("/").pop()] : answer;
    if (Number(status) < 300 && content?.["application/json"]) content["application/vnd.github+json"] = content["application/json"];
  }
process.stdout.write(JSON.stringify(excerpt));
