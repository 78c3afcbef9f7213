// What both benchmarks need: a release build that serves a demo, rows of figures, and what wrk says.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const BINARY = resolve(import.meta.dirname, "../../target/bench/latchkey");
// A directory that was filled before is measured again.
export const dir = process.env.BENCH_DIR ?? mkdtempSync(join(tmpdir(), "latchkey-bench-"));

/** Fills the data directory. */
export const demo = (...settings) => execFileSync(BINARY, ["demo", "--data-dir", dir, ...settings]);

/** Starts the portal on a port. */
export const serve = (port, ...settings) => spawn(BINARY, ["serve", "--data-dir", dir, "--listen", `127.0.0.1:${port}`, ...settings], { stdio: "ignore" });

/** Asks until the portal answers. */
export async function answers(url) {
  for (;;) {
    try {
      const response = await fetch(url);
      await response.arrayBuffer();
      return response;
    } catch {
      await new Promise((next) => setImmediate(next));
    }
  }
}

/** Ends it and waits for the end. */
export const stop = (server) =>
  new Promise((done) => {
    server.once("exit", done);
    server.kill("SIGTERM");
  });

/** The arguments of wrk, with one thread. */
export const wrkArguments = (connections, seconds, url, headers) => [
  "-t1",
  `-c${connections}`,
  `-d${seconds}s`,
  "--latency",
  ...Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]),
  url,
];

/** p99 in milliseconds out of what wrk printed. */
export function p99Of(out) {
  if (/Non-2xx/.test(out)) throw new Error(`refused under load: ${out}`);
  const found = /99%\s+([\d.]+)(us|ms|s)/.exec(out);
  return Number(found[1]) * { us: 0.001, ms: 1, s: 1000 }[found[2]];
}

const rows = [];

/** Notes and prints a figure. */
export function row(what, value, budget = "") {
  rows.push([what, value, budget]);
  console.log(`${what.padEnd(62)} ${String(value).padStart(16)}   ${budget}`);
}

/** Prints all of them as README holds them. */
export function table() {
  console.log("\n| what | measured | budget |\n|---|---:|---|");
  for (const [what, value, budget] of rows) console.log(`| ${what} | ${value} | ${budget} |`);
}
