// What all benchmarks need: a release build that serves a demo, rows of figures, and what wrk says.
import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

export const BINARY = resolve(import.meta.dirname, "../..", process.env.BINARY ?? "target/bench/latchkey");
// A directory that was filled before is measured again.
export const dir = process.env.BENCH_DIR ?? mkdtempSync(join(tmpdir(), "latchkey-bench-"));

/** Fills the data directory. */
export const demo = (...settings) => execFileSync(BINARY, ["demo", "--data-dir", dir, ...settings]);

/** Starts the portal on a port. It ends with this program at the latest. */
export function serve(port, ...settings) {
  const server = spawn(BINARY, ["serve", "--data-dir", dir, "--listen", `127.0.0.1:${port}`, ...settings], { stdio: "ignore" });
  process.once("exit", () => server.kill());
  return server;
}

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

/** Signs in; then asks server functions and reads pages as that person, and answers what they say. Anything but 200 ends the measurement. */
export async function person(url, email) {
  const signedIn = await fetch(`${url}/rpc/sign-in/sign-in`, {
    method: "POST",
    headers: { accept: "application/json", "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams({ email, password: "latch-key-demo-2026" }),
  });
  const cookie = signedIn.headers.getSetCookie().map((line) => line.split(";")[0]).join("; ");
  const ask = async (path, fields = {}) => {
    const answer = await fetch(url + path, { method: "POST", headers: { cookie, accept: "application/json" }, body: new URLSearchParams(fields) });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  const page = async (path) => {
    const answer = await fetch(url + path, { headers: { cookie } });
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status}`);
    return answer.text();
  };
  return { ask, page };
}

/** Has sixteen people ask these things in turn for some seconds, and notes how long each took. */
export async function readers(asks, seconds, budget) {
  const all = Object.entries(asks);
  const took = Object.fromEntries(all.map(([what]) => [what, []]));
  const until = Date.now() + seconds * 1_000;
  await Promise.all(
    Array.from({ length: 16 }, async (_, reader) => {
      // They do not come all at once.
      await new Promise((next) => setTimeout(next, reader * 50));
      for (let n = reader; Date.now() < until; n++) {
        const [what, go] = all[n % all.length];
        const at = performance.now();
        await go();
        took[what].push(performance.now() - at);
        // Each looks at what came before asking again.
        await new Promise((next) => setTimeout(next, 200));
      }
    }),
  );
  for (const [what, times] of Object.entries(took)) {
    times.sort((a, b) => a - b);
    row(`${what}, p50 / p99 of ${times.length}`, `${times[Math.floor(times.length / 2)].toFixed(0)} / ${times[Math.floor(times.length * 0.99)].toFixed(0)} ms`, budget);
  }
}

/** One of them at random. */
export const pick = (list) => list[Math.floor(Math.random() * list.length)];

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
