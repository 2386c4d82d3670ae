// Is this a request that GitHub's own description allows?  Stricter than GitHub, which ignores
// what it does not know: an unknown path, method, parameter or field is an error here.
import { readFileSync } from "node:fs";

export function load(file) {
  const { paths } = JSON.parse(readFileSync(file, "utf8"));
  const routes = Object.entries(paths).map(([path, methods]) => {
    const names = [];
    const pattern = path.replace(/\{(\w+)\}/g, (_, name) => {
      names.push(name);
      return "([^/]+)";
    });
    return { path, methods, names, pattern: new RegExp(`^${pattern}$`) };
  });
  return { find: (method, path) => find(routes, method, path) };
}

function find(routes, method, path) {
  for (const route of routes) {
    const match = route.pattern.exec(path);
    if (!match) continue;
    const operation = route.methods[method];
    if (!operation) return { error: `${route.path} has no ${method}` };
    const values = route.names.map((name, i) => [name, decodeURIComponent(match[i + 1])]);
    return { operation, params: Object.fromEntries(values) };
  }
  return { error: `no route ${path}` };
}

// What is wrong with the request, a line each.
export function complaints(operation, params, query, body) {
  const said = [];
  const at = (where) => operation.parameters.filter((p) => p.in === where);
  for (const p of at("path")) checkText(p, params[p.name], said);
  for (const [name, value] of query) {
    const p = at("query").find((q) => q.name === name);
    if (p) checkText(p, value, said);
    else said.push(`unknown parameter ${name}`);
  }
  for (const p of at("query"))
    if (p.required && !query.has(p.name)) said.push(`parameter ${p.name} is missing`);
  if (body === undefined) {
    if (operation.required) said.push("the body is missing");
  } else if (!operation.body) said.push("a body where none is described");
  else check(operation.body, body, "body", said);
  return said;
}

function checkText(p, text, said) {
  const type = p.schema.type;
  if (type === "integer" || type === "number") {
    if (!/^-?\d+$/.test(text)) said.push(`${p.name}: "${text}" is no integer`);
    else check(p.schema, Number(text), p.name, said);
  } else if (type === "string") check(p.schema, text, p.name, said);
}

const typeOf = (v) =>
  v === null ? "null" : Array.isArray(v) ? "array" : Number.isInteger(v) ? "integer" : typeof v;

function check(schema, value, at, said) {
  const any = schema.anyOf ?? schema.oneOf;
  if (any) {
    // Alternatives often only add to what stands beside them ("required", a constant status).
    const base = { ...schema, anyOf: undefined, oneOf: undefined };
    const tries = any.map((one) => {
      const own = [];
      check(merged(base, one), value, at, own);
      return own;
    });
    tries.sort((a, b) => a.length - b.length);
    said.push(...tries[0]);
    return;
  }
  const got = typeOf(value);
  const types = [schema.type ?? []].flat();
  const nullable = schema.nullable || types.includes("null");
  if (got === "null" && nullable) return;
  if (types.length && !types.includes(got) && !(got === "integer" && types.includes("number"))) {
    said.push(`${at}: ${got}, not ${types.join(" or ")}`);
    return;
  }
  if (schema.enum && !schema.enum.includes(value)) said.push(`${at}: ${JSON.stringify(value)} is none of ${schema.enum}`);
  if (got === "string") checkString(schema, value, at, said);
  if (got === "integer") {
    if (value < schema.minimum || value > schema.maximum) said.push(`${at}: ${value} is out of range`);
  }
  if (got === "array") {
    if (value.length > schema.maxItems) said.push(`${at}: more than ${schema.maxItems}`);
    value.forEach((v, i) => check(schema.items ?? {}, v, `${at}[${i}]`, said));
  }
  if (got === "object") checkObject(schema, value, at, said);
}

function merged(base, one) {
  return {
    ...base,
    ...one,
    properties: { ...base.properties, ...one.properties },
    required: [...(base.required ?? []), ...(one.required ?? [])],
  };
}

function checkString(schema, value, at, said) {
  if ([...value].length > schema.maxLength) said.push(`${at}: longer than ${schema.maxLength}`);
  if (schema.pattern && !new RegExp(schema.pattern).test(value)) said.push(`${at}: does not match ${schema.pattern}`);
  if (schema.format === "date-time" && Number.isNaN(Date.parse(value))) said.push(`${at}: no time`);
  if (value.includes("\0")) said.push(`${at}: NUL`);
}

function checkObject(schema, value, at, said) {
  for (const name of schema.required ?? []) if (!(name in value)) said.push(`${at}.${name} is missing`);
  for (const [name, v] of Object.entries(value)) {
    const own = schema.properties?.[name];
    if (own) check(own, v, `${at}.${name}`, said);
    else if (typeof schema.additionalProperties === "object") check(schema.additionalProperties, v, `${at}.${name}`, said);
    else if (schema.properties) said.push(`${at}: unknown field ${name}`);
  }
}
