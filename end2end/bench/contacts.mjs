// Measures what an account with 20,000 contacts costs beside one with 50. Part of `make bench`.
import { answers, demo, row, serve, stop, table } from "./measure.mjs";

const PORT = 3221;
const URL_ = `http://127.0.0.1:${PORT}`;
const CONTACTS = 20_000;
const ROUNDS = 60;
const BUDGET = "at most 2";
const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];

demo("--contacts", String(CONTACTS));
const server = serve(PORT, "--log", "warn");
await answers(`${URL_}/healthz`);

async function post(cookie, path, fields) {
  const headers = { "content-type": "application/x-www-form-urlencoded", accept: "application/json", cookie };
  const response = await fetch(URL_ + path, { method: "POST", headers, body: new URLSearchParams(fields) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
  return { json: JSON.parse(text), cookies: response.headers.getSetCookie() };
}

/** Signs an owner in: cookie, account, and a contact in the middle of its table. */
async function owner(email) {
  const { json, cookies } = await post("", "/rpc/sign-in/sign-in", { email, password: "latch-key-demo-2026" });
  const cookie = cookies.map((value) => value.split(";")[0]).join("; ");
  const account = json.to.split("/")[2];
  const page = (await post(cookie, "/rpc/contacts/list", { account, q: "number 25" })).json;
  const middle = page.items.find((item) => item.email === "p25@many.example");
  return { cookie, account, contact: middle.id };
}

const [many, fifty] = [await owner("cora@many.example"), await owner("cora@fifty.example")];

async function page(who, path) {
  const response = await fetch(`${URL_}/a/${who.account}${path(who)}`, { headers: { cookie: who.cookie }, redirect: "manual" });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${path(who)}: ${response.status}`);
  return text.length;
}

const form = (who) => ({ account: who.account, contact: who.contact, first_name: "Person", last_name: "Number 25", email: "p25@many.example", preset: "custom" });
const wouldChange = (who) => post(who.cookie, "/rpc/recipients/would-change", { ...form(who), "mail[]": "newsletter" });
let saves = 0;
async function save(who) {
  const [card] = (await post(who.cookie, "/rpc/contacts/edit", { account: who.account, contact: who.contact })).json;
  const began = performance.now();
  await post(who.cookie, "/rpc/contacts/update", { ...form(who), version: card.version, phone: String(saves++), "mail[]": "general" });
  return performance.now() - began;
}

/** Median milliseconds of both, in turn, so that a noisy machine is noisy for both; of three runs the one in the middle. */
async function compare(what, call) {
  const once = async (who) => {
    const began = performance.now();
    const own = await call(who);
    return typeof own === "number" && call === save ? own : performance.now() - began;
  };
  const runs = [];
  for (let run = 0; run < 3; run++) {
    const times = [[], []];
    for (let i = 0; i < ROUNDS; i++) for (const [which, who] of [many, fifty].entries()) times[which].push(await once(who));
    runs.push(times.map(median));
  }
  const [a, b] = runs.toSorted((x, y) => x[0] / x[1] - y[0] / y[1])[1];
  row(`${what}, of 20,000 contacts ÷ of 50`, (a / b).toFixed(2), BUDGET);
  row(`… of 20,000`, `${a.toFixed(2)} ms`);
}

await compare("Contacts", (who) => page(who, () => "/contacts"));
await compare("Contacts, one word searched", (who) => page(who, () => "/contacts?q=p25"));
await compare("Contacts, a word that everybody has", (who) => page(who, () => "/contacts?q=person"));
await compare("Contacts, only invited", (who) => page(who, () => "/contacts?status=invited"));
await compare("Contacts, only closed", (who) => page(who, () => "/contacts?status=closed"));
await compare("Contacts, by last sign-in", (who) => page(who, () => "/contacts?sort=-sign-in"));
await compare("Contacts, behind the 25th", (who) => page(who, (of) => `/contacts?after=${of.contact}`));
await compare("One contact", (who) => page(who, (of) => `/contacts/${of.contact}`));
await compare("Who gets this mail?", (who) => page(who, () => "/recipients"));
await compare("Profile", (who) => page(who, () => "/profile"));
await compare("Overview", (who) => page(who, () => ""));
await compare("Transfer ownership", (who) => page(who, () => "/ownership"));
await compare("What would change", wouldChange);
await compare("A contact is saved", save);
await stop(server);

table();
