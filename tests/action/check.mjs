// check - assertions in the words of tests/e2e/lib.sh: ok NAME, not ok NAME, and the plan at the end.
import { isDeepStrictEqual } from "node:util";

let checks = 0, failures = 0;

export function ok(name, good, seen = "") {
  checks++;
  if (good) {
    console.log(`ok ${name}`);
    return;
  }
  failures++;
  console.log(`not ok ${name}`);
  for (const line of String(seen).split("\n").slice(-60)) console.log(`    ${line}`);
}

export function equal(name, got, want) {
  ok(name, isDeepStrictEqual(got, want), `got  ${JSON.stringify(got)}\nwant ${JSON.stringify(want)}`);
}

export function contains(name, text, part) {
  ok(name, text.includes(part), `no "${part}" in:\n${text}`);
}

export function lacks(name, text, part) {
  ok(name, !text.includes(part), `"${part}" is in:\n${text}`);
}

export function finish() {
  console.log(`1..${checks}`);
  if (failures) console.log(`${failures} of ${checks} failed`);
  process.exit(failures || !checks ? 1 : 0);
}
