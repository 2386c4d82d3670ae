// The way to a server: certificates of an authority of our own, and a proxy that writes down
// what it is asked for.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { connect } from "node:net";
import { join } from "node:path";
import { scratch } from "./lib.mjs";

// { key, cert, ca }: the server's own, and the file with the authority to trust.
export function certificates() {
  const file = (name) => join(scratch, name);
  const openssl = (...args) => execFileSync("openssl", args, { stdio: "pipe" });
  const fresh = (name) => ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", file(`${name}.key`)];
  writeFileSync(file("san"), "subjectAltName=DNS:localhost,DNS:api.corp.test,IP:127.0.0.1\n");
  openssl("req", "-x509", ...fresh("ca"), "-out", file("ca.pem"), "-days", "2", "-subj", "/CN=an authority");
  openssl("req", ...fresh("server"), "-out", file("server.csr"), "-subj", "/CN=localhost");
  openssl("x509", "-req", "-in", file("server.csr"), "-CA", file("ca.pem"), "-CAkey", file("ca.key"), "-CAcreateserial", "-days", "2", "-extfile", file("san"), "-out", file("server.pem"));
  return { key: readFileSync(file("server.key")), cert: readFileSync(file("server.pem")), ca: file("ca.pem") };
}

// A proxy that leads every host to this GitHub.
export async function proxy(github) {
  const way = { asked: [], seen: "" };
  const port = Number(new URL(github.origin).port);
  const server = createServer((q, r) => {
    way.asked.push(`${q.method} ${q.url}`);
    way.seen += JSON.stringify(q.headers);
    r.writeHead(502).end();
  });
  server.on("connect", (q, socket) => {
    way.asked.push(`CONNECT ${q.url}`);
    way.seen += JSON.stringify(q.headers);
    const there = connect(port, "127.0.0.1", () => socket.write("HTTP/1.1 200 Connection established\r\n\r\n"));
    socket.on("data", (data) => (way.seen += data.toString("latin1")));
    socket.pipe(there).pipe(socket);
    socket.on("error", () => there.destroy());
    there.on("error", () => socket.destroy());
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  way.url = `http://127.0.0.1:${server.address().port}`;
  way.close = () => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  };
  return way;
}
