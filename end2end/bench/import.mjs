// Brings 100,000 customers, their contacts and domains over through a browser, watches the progress that a person sees, and then
// measures the search. Part of `make bench`.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "@playwright/test";
import { launchOptions } from "../support/browser.mjs";
import { answers, demo, dir, row, serve, stop, table } from "./measure.mjs";

const PORT = 3221;
const URL_ = `http://127.0.0.1:${PORT}`;
const CUSTOMERS = 100_000;
const SEARCHES = 300;

// Names as different as people's are: the index costs what its words cost. The same numbers come out each time.
let seed = 2;
const random = (n) => {
  seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
  return Math.floor((seed / 0x80000000) * n);
};
const pick = (list) => list[random(list.length)];
const syllables = "ba be bi bo bu da de di do du fa fe fi ga ge go ha he hi ho ka ke ki ko ku la le li lo lu ma me mi mo mu na ne ni no nu pa pe pi po ra re ri ro ru sa se si so su ta te ti to tu va ve vi wa we wi za ze zo".split(" ");
const word = (n) => Array.from({ length: n }, () => pick(syllables)).join("");
const title = (text) => text[0].toUpperCase() + text.slice(1);
const first = Array.from({ length: 600 }, () => title(word(2)));
const last = Array.from({ length: 4_000 }, () => title(word(3)));
const kinds = "Ltd GmbH Inc Studio Works Group Shop Labs".split(" ");

const domains = [];
const files = {
  customers: ["number,company,first_name,last_name,email,phone,street,postcode,city,region,country,password_hash"],
  contacts: ["account,email,first_name,last_name,company,phone,can_log_in,permissions,mail,password_hash"],
  domains: ["account,domain,registered,expires,status,auto_renew,locked,nameservers"],
};
const contacts = [];
for (let i = 0; i < CUSTOMERS; i++) {
  const [number, name] = [20_001 + i, word(2 + random(3))];
  const domain = `${name}${word(1)}-${word(2)}.example`;
  const person = () => [pick(first), pick(last)];
  const [given, family] = person();
  domains.push(domain);
  files.customers.push(`${number},${title(name)} ${title(word(2))} ${pick(kinds)},${given},${family},${given}.${family}@${domain},+49 40 ${i},${title(word(3))} ${i % 300},${10_000 + (i % 80_000)},${title(word(3))},,DE,`);
  for (let n = 0; n < 2; n++) {
    const [given, family] = person();
    const address = `${given}${family}${n}@${random(3) ? domain : `${word(3)}.example`}`.toLowerCase();
    contacts.push(address);
    files.contacts.push(`${number},${address},${given},${family},,,${i % 4 ? "no" : "yes"},${i % 4 ? "" : "accounting"},general invoice,`);
  }
  files.domains.push(`${number},${domain},2019-03-01,2027-03-01,active,yes,yes,ns1.host.example ns2.host.example`);
}

demo();
const server = serve(PORT, "--log", "warn");
await answers(`${URL_}/readyz`);
const browser = await chromium.launch(launchOptions);
const page = await browser.newPage({ baseURL: URL_ });
await page.goto("/sign-in");
await page.locator("input[name=email]").fill("robin@latchkey.example");
await page.locator("input[name=password]").fill("latch-key-demo-2026");
await page.getByRole("button", { name: "Sign in", exact: true }).click();
await page.waitForURL(/\/operator/);

for (const [kind, lines] of Object.entries(files)) {
  const path = join(dir, `${kind}.csv`);
  writeFileSync(path, lines.join("\n"));
  await page.goto("/operator/import");
  await page.locator(`form input[name=kind][value=${kind}], form select[name=kind]`).first().evaluate((field, kind) => {
    if (field.tagName === "SELECT") field.value = kind;
    else field.checked = true;
  }, kind);
  await page.locator("input[type=file]").setInputFiles(path);
  await page.getByRole("button", { name: "Check file" }).click();
  await page.waitForURL(/\/operator\/import\/0/);
  await page.getByRole("button", { name: "Import now" }).click({ timeout: 120_000 });
  const began = Date.now();
  const seen = new Set();
  const bar = page.getByRole("progressbar");
  const done = page.getByRole("heading", { name: "Imported", exact: true });
  for (let over = false; !over; ) {
    over = await done.isVisible();
    // A look four times a second: looking costs what the import wants.
    await page.waitForTimeout(250);
    if (await bar.isVisible()) seen.add(await bar.getAttribute("value").catch(() => null));
  }
  const seconds = (Date.now() - began) / 1000;
  row(`Import of ${lines.length - 1} ${kind} in a browser`, `${seconds.toFixed(1)} s`, kind === "domains" ? "" : "60 s together");
  row("… steps of its progress that were shown", seen.size, "more than 3");
  if (seen.size <= 3) throw new Error("no progress was shown");
}

// The search as staff ask it, with what the files brought.
const headers = { cookie: (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join("; "), accept: "application/json" };
const asks = {
  "the beginning of a name": () => pick(last).slice(0, 3),
  "a person": () => `${pick(first)} ${pick(last)}`,
  "a contact's whole address": () => pick(contacts),
  "a domain": () => pick(domains),
  "a number": () => String(20_001 + random(CUSTOMERS)),
};
const search = async (q) => (await fetch(`${URL_}/rpc/operator/customers/list`, { method: "POST", headers, body: new URLSearchParams({ q }) })).json();
// A portal that people search in: what was just written has been read before.
for (let i = 0; i < SEARCHES; i++) for (const ask of Object.values(asks)) await search(ask());
for (const [what, ask] of Object.entries(asks)) {
  const took = [];
  for (let i = 0; i < SEARCHES; i++) {
    const began = performance.now();
    const found = await search(ask());
    took.push(performance.now() - began);
    if (what === "a contact's whole address" && !found.items.length) throw new Error("a contact was not found by its address");
  }
  took.sort((a, b) => a - b);
  row(`Search for ${what}, p50 / p99`, `${took[SEARCHES / 2].toFixed(1)} / ${took[Math.floor(SEARCHES * 0.99)].toFixed(1)} ms`, "p99 20 ms");
}
await browser.close();
await stop(server);
table();
