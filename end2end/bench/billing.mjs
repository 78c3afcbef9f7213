// 200,000 invoices on one instance: lists, search and pages with 16 readers; then a night that issues 1,000 invoices, each with its PDF and its
// e-invoice. Part of `make bench-scale`; INVOICES=20000 for a quick look, BENCH_DIR=… to measure a directory again.
import { answers, demo, person, pick, readers, row, serve, stop, table } from "./measure.mjs";

const PORT = 3224;
const URL_ = `http://127.0.0.1:${PORT}`;
const INVOICES = Number(process.env.INVOICES ?? 200_000);
const SECONDS = Number(process.env.SECONDS ?? 60);

const began = Date.now();
demo("--invoices", String(INVOICES));
if (!process.env.BENCH_DIR) row(`${INVOICES} invoices with their lines, payments and ledger made`, `${((Date.now() - began) / 1000).toFixed(0)} s`);
const server = serve(PORT, "--log", "warn");
await answers(`${URL_}/readyz`);

const { ask, page } = await person(URL_, "robin@latchkey.example");

const list = "/rpc/operator/invoices/list";
const some = [];
for (const status of ["", "overdue", "paid"]) some.push(...(await ask(list, { status })).items.filter((one) => one.number));
const account = () => pick(some).customer[0];
let one;
const asks = {
  "Open invoices of everybody": () => ask(list),
  "… that are overdue": () => ask(list, { status: "overdue" }),
  "… that are paid": () => ask(list, { status: "paid" }),
  "A search for a number": () => ask(list, { status: "all", q: `INV-${String(Math.floor(Math.random() * INVOICES)).padStart(5, "0")}` }),
  "A search for a customer": () => ask(list, { status: "all", q: `scale ${Math.floor(Math.random() * 2_000)}` }),
  "What customers owe": () => ask("/rpc/operator/invoices/receivables"),
  "Revenue by month": () => ask("/rpc/operator/invoices/revenue"),
  "A customer's list": () => ask("/rpc/invoices/list", { account: account() }),
  "A customer's statement": () => ask("/rpc/invoices/statement", { account: account() }),
  "An invoice's page, as HTML": () => page(`/a/${(one = pick(some)).customer[0]}/invoices/${one.id}`),
  "The staff's page, as HTML": () => page("/operator/invoices"),
};
await readers(asks, SECONDS, "p99 50 ms");

// A night's work: each service is billed for its next period, with an e-invoice beside the PDF; then whoever owes is reminded.
const night = async () => {
  await ask("/rpc/operator/billing/run");
  for (;;) {
    // The page says what the next night will do, which costs what the night wants: it is asked for seldom.
    await new Promise((next) => setTimeout(next, 5_000));
    const [last] = (await ask("/rpc/operator/billing/show")).nights;
    if (last?.ended) return last;
  }
};
const settings = await ask("/rpc/operator/invoices/show-settings");
const company = { e_invoices: "on", street: "Harbour 1", postcode: "20457", city: "Hamburg", country: "DE", endpoint: "9930:DE136695976" };
await ask("/rpc/operator/invoices/save-settings", { ...settings, ...company, automatic: "", vies: "" });
const { started, ended, counts } = await night();
const count = Object.fromEntries(counts);
const newest = (await ask(list)).items[0].dated;
row(`A night issues ${count.invoiced} invoices with PDF, e-invoice and mail`, `${((newest - started) / 1_000).toFixed(0)} s`, "60 s for 1,000");
row(`… and adds ${count.fee ?? 0} late fees and writes ${count.reminded ?? 0} reminders after that`, `${((ended - newest) / 1_000).toFixed(0)} s`);
table();
await stop(server);
