// Measures a release build and prints what README records. Run it with `make bench`.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { chromium } from "@playwright/test";
import { launchOptions } from "../support/browser.mjs";
import { answers, demo, p99Of, row, serve, stop, table, wrkArguments } from "./measure.mjs";

const PORT = 3217;
const URL_ = `http://127.0.0.1:${PORT}`;
const CONNECTIONS = 16;
const SECONDS = 8;
// What Chrome, Edge and Firefox say; Safari does not take zstd.
const CODINGS = "gzip, deflate, br, zstd";
const ROUNDS = 3;
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
const kb = (bytes) => `${(bytes / 1000).toFixed(1)} kB`;

function start() {
  const began = process.hrtime.bigint();
  const server = serve(PORT, "--log", process.env.LATCHKEY_LOG ?? "info");
  return { server, began };
}

/** CPU seconds a process has used so far. */
function cpu(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

function load(server, path, headers) {
  const before = cpu(server.pid);
  const out = execFileSync("wrk", wrkArguments(CONNECTIONS, SECONDS, URL_ + path, headers), { encoding: "utf8" });
  const used = cpu(server.pid) - before;
  const requests = Number(/(\d+) requests in/.exec(out)[1]);
  return { rps: requests / SECONDS, ms: (used * 1000) / requests, p99: p99Of(out) };
}

/** Several rounds, page and file in turn, so that a noisy machine is noisy for both. */
function compare(server, page, file, headers) {
  const rounds = Array.from({ length: ROUNDS }, () => [load(server, page, headers), load(server, file, headers)]);
  const pick = (which, figure) => median(rounds.map((round) => round[which][figure]));
  return {
    page: { rps: pick(0, "rps"), ms: pick(0, "ms"), p99: pick(0, "p99") },
    file: { rps: pick(1, "rps"), ms: pick(1, "ms"), p99: pick(1, "p99") },
    ratio: median(rounds.map(([a, b]) => a.ms / b.ms)),
    rpsRatio: median(rounds.map(([a, b]) => b.rps / a.rps)),
  };
}

demo("--services", "1000");

// From start to first answer.
const starts = [];
for (let i = 0; i < 7; i++) {
  const { server, began } = start();
  await answers(`${URL_}/sign-in`);
  starts.push(Number(process.hrtime.bigint() - began) / 1e6);
  await stop(server);
}
row("From start to first answer, demo data (median of 7)", `${median(starts).toFixed(0)} ms`, "at most 100 ms");

const { server } = start();
await answers(`${URL_}/healthz`);
const browser = await chromium.launch(launchOptions);
const context = await browser.newContext();
const page = await context.newPage();
await page.goto(`${URL_}/sign-in`);
await page.getByLabel("E-mail").fill("olivia@hartbakery.example");
await page.getByLabel("Password").fill("latch-key-demo-2026");
await page.getByRole("button", { name: "Sign in", exact: true }).click();
await page.waitForURL("**/accounts");
const contacts = `${await page.getByRole("link", { name: /Owner/ }).first().getAttribute("href")}/contacts`;
const cookie = (await context.cookies()).map((c) => `${c.name}=${c.value}`).join("; ");

// Bytes of the first load.
const plain = await (await fetch(URL_ + contacts, { headers: { cookie, "accept-encoding": "identity" } })).text();
const size = (path, coding = CODINGS) => {
  const out = execFileSync("curl", ["-s", "-o", "/dev/null", "-w", "%{size_download} %{http_code}", "-H", `Cookie: ${cookie}`, "-H", `Accept-Encoding: ${coding}`, URL_ + path], { encoding: "utf8" }).split(" ");
  if (out[1] !== "200") throw new Error(`${path}: ${out[1]}`);
  return Number(out[0]);
};
const find = (pattern) => pattern.exec(plain)[1];
// The part of the app that every page needs, and those that this one does.
const wasm = [...new Set(plain.match(/\/pkg\/[^"']+\.wasm/g))];
row("WASM files of the page", wasm.length);
const parts = {
  HTML: size(contacts),
  WASM: wasm.reduce((sum, path) => sum + size(path), 0),
  JS: size(find(/import\('([^']+\.js)'\)/)),
  CSS: size(find(/href="(\/pkg\/[^"]+\.css)"/)),
};
const rowsOnPage = plain.match(/<tr/g).length - 1;
row("Contacts on the page", rowsOnPage, "50");
row("HTML, not compressed", kb(Buffer.byteLength(plain)));
for (const [name, bytes] of Object.entries(parts)) row(`${name}, compressed`, kb(bytes), name === "WASM" ? "at most 260 kB" : "");
row("First load: HTML + WASM + JS + CSS, compressed", kb(Object.values(parts).reduce((a, b) => a + b)), "at most 320 kB");
row("Font, on top of that", kb(size("/fonts/inter-latin-5.woff2", "identity")));

// Usable with the CPU slowed four times.
const usable = [];
for (let i = 0; i < 5; i++) {
  const fresh = await browser.newContext({ storageState: await context.storageState() });
  const tab = await fresh.newPage();
  const devtools = await fresh.newCDPSession(tab);
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  await tab.addInitScript(() => {
    new MutationObserver(() => {
      if (document.documentElement?.hasAttribute("data-wasm") && !window.awake) window.awake = performance.now();
    }).observe(document, { attributes: true, subtree: true, attributeFilter: ["data-wasm"] });
  });
  await tab.goto(URL_ + contacts);
  await tab.waitForFunction(() => window.awake);
  usable.push(await tab.evaluate(() => window.awake));
  await fresh.close();
}
// Somebody who may see ten services: of a thousand on one account, of ten on the other.
const measured = await browser.newContext();
const mia = await measured.newPage();
await mia.goto(`${URL_}/sign-in`);
await mia.getByLabel("E-mail").fill("mia@measured.example");
await mia.getByLabel("Password").fill("latch-key-demo-2026");
await mia.getByRole("button", { name: "Sign in", exact: true }).click();
await mia.waitForURL("**/accounts");
const accountOf = (name) => mia.getByRole("link", { name }).getAttribute("href");
const many = `${await accountOf(/Many Services/)}/services`;
const ten = `${await accountOf(/Ten Services/)}/services`;
const firstOf = async (list) => {
  await mia.goto(URL_ + list);
  if ((await mia.locator("td.person a").count()) !== 10) throw new Error(`${list} does not show ten services`);
  return mia.locator("td.person a").first().getAttribute("href");
};
const [oneOfMany, oneOfTen] = [await firstOf(many), await firstOf(ten)];
const miasCookie = (await measured.cookies()).map((c) => `${c.name}=${c.value}`).join("; ");
await browser.close();
row("Usable (hydrated), CPU slowed four times (median of 5)", `${median(usable).toFixed(0)} ms`, "at most 1,200 ms");

// Under load.
const sample = size("/sample.html", "identity");
const off = Math.abs(sample / Buffer.byteLength(plain) - 1);
if (off > 0.05) throw new Error(`The static file has ${sample} bytes and the page ${Buffer.byteLength(plain)}: set SAMPLE_BYTES in the Makefile.`);
const bare = compare(server, contacts, "/sample.html", { Cookie: cookie });
row("Page: requests a second, 16 connections", bare.page.rps.toFixed(0));
row("Static file of the same size: requests a second", bare.file.rps.toFixed(0));
row("Static file ÷ page, requests a second", bare.rpsRatio.toFixed(1));
row("Page: p99", `${bare.page.p99.toFixed(1)} ms`);
row("Static file: p99", `${bare.file.p99.toFixed(1)} ms`);
row("Page: CPU per request", `${bare.page.ms.toFixed(3)} ms`);
row("Static file: CPU per request", `${bare.file.ms.toFixed(3)} ms`);
row("Page ÷ static file, CPU per request", bare.ratio.toFixed(1), "at most 30");
for (const [name, codings] of [["zstd", CODINGS], ["gzip", "gzip"]]) {
  const packed = load(server, contacts, { Cookie: cookie, "Accept-Encoding": codings });
  row(`Page in ${name}: requests a second, CPU per request`, `${packed.rps.toFixed(0)}, ${packed.ms.toFixed(3)} ms`);
}
const status = readFileSync(`/proc/${server.pid}/status`, "utf8");
const megabytes = (name) => `${(Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)[1]) / 1024).toFixed(1)} MB`;
row("Resident after the load", megabytes("VmRSS"), "at most 40 MB");
row("… of that its own; the rest are files that the system keeps cached", megabytes("RssAnon"));

// Permissions on single services.
const lists = compare(server, many, ten, { Cookie: miasCookie });
row("Services page, 10 permitted of 1,000 ÷ of 10, CPU per request", lists.ratio.toFixed(2), "at most 1.3");
row("… its CPU per request, of 1,000", `${lists.page.ms.toFixed(3)} ms`);
const singles = compare(server, oneOfMany, oneOfTen, { Cookie: miasCookie });
row("Page of one service (checked by one query), of 1,000 ÷ of 10", singles.ratio.toFixed(2), "about 1");
await stop(server);

table();
