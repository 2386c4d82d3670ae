// commands - what a step says to the runner: in its output, and in the files it was given.
//
// After the runner's own sources (ActionCommand.cs, ActionCommandManager.cs, FileCommandManager.cs).
import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const data = (s) => s.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
const property = (s) =>
  s.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%3A", ":").replaceAll("%2C", ",").replaceAll("%25", "%");

const names = new Set([
  "error", "warning", "notice", "debug", "group", "endgroup", "echo", "add-mask", "add-matcher",
  "remove-matcher", "save-state", "set-output", "set-env", "add-path", "stop-commands",
]);

function properties(text) {
  const all = {};
  for (const pair of text.split(",")) {
    const at = pair.indexOf("=");
    if (at > 0) all[pair.slice(0, at).trim()] = property(pair.slice(at + 1));
  }
  return all;
}

// `::name a=b::data` where a line begins, or `##[name a=b]data` anywhere in it.
function parse(line) {
  const text = line.trimStart();
  if (text.startsWith("::")) {
    const end = text.indexOf("::", 2);
    if (end < 0) return null;
    const [name, ...rest] = text.slice(2, end).split(" ");
    return { name: name.toLowerCase(), props: properties(rest.join(" ")), data: data(text.slice(end + 2)) };
  }
  const start = line.indexOf("##[");
  const end = start < 0 ? -1 : line.indexOf("]", start);
  if (end < 0) return null;
  const [name, ...rest] = line.slice(start + 3, end).split(" ");
  const props = {};
  for (const pair of rest.join(" ").split(";")) {
    const at = pair.indexOf("=");
    if (at > 0) props[pair.slice(0, at).trim()] = pair.slice(at + 1);
  }
  return { name: name.toLowerCase(), props, data: line.slice(end + 1) };
}

// The log of a job: lines as people see them, secrets masked, and what was commanded.
export class Log {
  lines = [];
  annotations = [];
  refused = [];
  #masks = new Set();
  #stop = null;

  constructor(masks = []) {
    for (const mask of masks) if (mask) this.#masks.add(mask);
  }

  mask(text) {
    let s = text;
    for (const mask of this.#masks) s = s.replaceAll(mask, "***");
    return s;
  }

  line(text) {
    if (this.#stop !== null) {
      if (text.trim() === `::${this.#stop}::`) this.#stop = null;
      else this.lines.push(this.mask(text));
      return;
    }
    const command = parse(text);
    if (command === null || !names.has(command.name)) {
      this.lines.push(this.mask(text));
      return;
    }
    this.#obey(command, text);
  }

  #obey({ name, props, data }, text) {
    switch (name) {
      case "stop-commands":
        if (data === "" || names.has(data) || data === "pause-logging") throw new Error(`${text}: no word to resume by`);
        this.#stop = data;
        break;
      case "add-mask":
        if (data.trim()) this.#masks.add(data);
        break;
      case "error":
      case "warning":
      case "notice":
        this.annotations.push({ level: name, ...props, message: data.slice(0, 4096) });
        this.lines.push(this.mask(`##[${name}]${data}`));
        break;
      case "set-env":
      case "add-path":
      case "set-output":
      case "save-state":
        this.refused.push(text);
        break;
      default:
        this.lines.push(this.mask(text));
    }
  }

  text() {
    return this.lines.join("\n") + "\n";
  }

  get stopped() {
    return this.#stop !== null;
  }
}

const kinds = ["OUTPUT", "ENV", "PATH", "STATE", "STEP_SUMMARY"];

// name=value, or name<<WORD, lines, WORD.
export function parsePairs(text) {
  const pairs = {};
  const lines = text.split(/\r\n|\n|\r/);
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i];
    if (line === "") continue;
    const equals = line.indexOf("="), heredoc = line.indexOf("<<");
    if (equals >= 0 && (heredoc < 0 || equals < heredoc)) {
      if (equals === 0) throw new Error(`no name: ${line}`);
      pairs[line.slice(0, equals)] = line.slice(equals + 1);
    } else if (heredoc > 0) {
      const word = line.slice(heredoc + 2), value = [];
      if (word === "") throw new Error(`no word after <<: ${line}`);
      while (++i < lines.length && lines[i] !== word) value.push(lines[i]);
      if (i >= lines.length) throw new Error(`"${word}" never comes`);
      pairs[line.slice(0, heredoc)] = value.join("\n");
    } else throw new Error(`neither name=value nor name<<WORD: ${line}`);
  }
  return pairs;
}

// Fresh files for each step; `env` names them to it.
export class Files {
  env = {};

  constructor(temp) {
    const folder = `${temp}/_runner_file_commands`;
    mkdirSync(folder, { recursive: true });
    for (const kind of kinds) {
      const path = `${folder}/${kind.toLowerCase()}_${randomBytes(8).toString("hex")}`;
      writeFileSync(path, "");
      this.env[`GITHUB_${kind}`] = path;
    }
  }

  read() {
    const text = Object.fromEntries(kinds.map((kind) => [kind, readFileSync(this.env[`GITHUB_${kind}`], "utf8")]));
    return {
      outputs: parsePairs(text.OUTPUT),
      rawOutputs: text.OUTPUT,
      // One that is too large is thrown away, all of it.
      summary: Buffer.byteLength(text.STEP_SUMMARY) > 1048576 ? "" : text.STEP_SUMMARY,
      others: text.ENV + text.PATH + text.STATE,
    };
  }
}
