// expressions - ${{ }} as GitHub evaluates them, by its own package.
//
// evaluate(text, contexts, functions) gives a value, template() a string, condition() what
// an `if:` comes to.  `contexts` are plain objects; functions are those of a condition.
import { pathToFileURL } from "node:url";

const modules = process.env.NODE_MODULES;
const { Lexer, Parser, Evaluator, data } = await import(
  pathToFileURL(`${modules}/@actions/expressions/dist/index.js`)
);

const status = ["always", "success", "failure", "cancelled"];
const contextNames = ["github", "inputs", "steps", "runner", "env", "job", "needs", "matrix", "strategy", "secrets"];

const convert = (value) => JSON.parse(JSON.stringify(value ?? null), data.reviver);

export function evaluate(text, contexts, functions = {}) {
  const known = Object.keys(functions).map((name) => ({ name, minArgs: 0, maxArgs: 0 }));
  const tree = new Parser(new Lexer(text).lex().tokens, contextNames, known).parse();
  const root = new data.Dictionary(
    ...contextNames.map((key) => ({ key, value: convert(contexts[key] ?? {}) })),
  );
  const calls = new Map(
    known.map((f) => [f.name, { ...f, call: () => new data.BooleanData(functions[f.name]()) }]),
  );
  return new Evaluator(tree, root, calls).evaluate();
}

// Where an expression ends: a string in it may hold the two braces.
function* parts(text) {
  let from = 0;
  for (;;) {
    const start = text.indexOf("${{", from);
    if (start < 0) break;
    yield { literal: text.slice(from, start) };
    let at = start + 3;
    for (let quoted = false; quoted || !text.startsWith("}}", at); at++) {
      if (at >= text.length) throw new Error(`an expression does not end: ${text}`);
      if (text[at] === "'") quoted = !quoted;
    }
    yield { expression: text.slice(start + 3, at).trim() };
    from = at + 2;
  }
  yield { literal: text.slice(from) };
}

export function template(text, contexts) {
  let result = "";
  for (const part of parts(String(text ?? "")))
    result += part.literal ?? evaluate(part.expression, contexts).coerceString();
  return result;
}

function truthy(value) {
  if (value.kind === data.Kind.Boolean || value.kind === data.Kind.String || value.kind === data.Kind.Number)
    return Boolean(value.value);
  return value.kind !== data.Kind.Null;
}

// Without one of the four functions, an `if` also wants all to be well so far.
export function condition(text, contexts, functions) {
  let bare = String(text ?? "").trim();
  if (bare.startsWith("${{") && bare.endsWith("}}")) bare = bare.slice(3, -2).trim();
  if (bare === "") bare = "success()";
  else if (!status.some((name) => new RegExp(`\\b${name}\\s*\\(`, "i").test(bare))) bare = `success() && (${bare})`;
  return truthy(evaluate(bare, contexts, functions));
}
