// 500,000 tickets with 3,000,000 messages on one instance: queues, search and ticket pages with 16 readers while mail comes in; then 200 messages a
// second through LMTP with kills in between. `make bench-scale`; TICKETS=20000 for a quick look, BENCH_DIR=… to measure a directory again.
import { connect } from "node:net";
import { answers, demo, person, pick, readers, row, serve, stop, table } from "./measure.mjs";

const [PORT, LMTP] = [3222, 3223];
const URL_ = `http://127.0.0.1:${PORT}`;
const TICKETS = Number(process.env.TICKETS ?? 500_000);
const SECONDS = Number(process.env.SECONDS ?? 60);
// Words of this run alone.
const RUN = `run${Date.now()}`;
const FROM = "olivia@hartbakery.example";

const began = Date.now();
demo("--tickets", String(TICKETS));
if (!process.env.BENCH_DIR) row(`${TICKETS} tickets and their messages made`, `${((Date.now() - began) / 1000).toFixed(0)} s`);
const start = async () => {
  const server = serve(PORT, "--log", "warn", "--lmtp-listen", `127.0.0.1:${LMTP}`);
  await answers(`${URL_}/readyz`);
  return server;
};
let server = await start();

const { ask, page } = await person(URL_, "sam@latchkey.example");

const parts = ["ka", "lo", "mi", "ne", "ru", "sa", "te", "vo", "pi", "do", "fe", "gu"];
const word = () => Array.from({ length: 4 }, () => pick(parts)).join("");
const some = [];
for (const status of ["", "answered", "closed"]) some.push(...(await ask("/rpc/operator/tickets/list", { status })).items);
const list = "/rpc/operator/tickets/list";
const asks = {
  "The queue": () => ask(list),
  "… of nobody": () => ask(list, { whose: "nobody" }),
  "… of one's own": () => ask(list, { whose: "mine" }),
  "… that is closed": () => ask(list, { status: "closed" }),
  "The counts": () => ask("/rpc/operator/tickets/facts"),
  "A search for two words": () => ask(list, { q: `${word()} ${word()}` }),
  "A search for a common word": () => ask(list, { q: "kakakaka" }),
  "A search for a number": () => ask(list, { q: String(100_000 + Math.floor(Math.random() * TICKETS)) }),
  "A customer's list": () => ask("/rpc/tickets/list", { account: pick(some).account }),
  "A ticket's page, as HTML": () => page(`/a/${(one = pick(some)).account}/tickets/${one.id}`),
  "The desk's page, as HTML": () => page("/operator/tickets"),
};
let one;

/** Hands one message over; the answer after its end. */
function lmtp(message) {
  return new Promise((done, failed) => {
    const socket = connect(LMTP, "127.0.0.1");
    const lines = ["LHLO bench", `MAIL FROM:<${FROM}>`, "RCPT TO:<support@latchkey.example>", "DATA"];
    let [buffer, step] = ["", 0];
    socket.setTimeout(20_000, () => socket.destroy(new Error("no answer")));
    socket.on("error", failed).on("close", () => failed(new Error("the connection ended")));
    socket.on("data", (bytes) => {
      buffer += bytes;
      for (let end; (end = buffer.indexOf("\r\n")) >= 0; ) {
        const line = buffer.slice(0, end);
        buffer = buffer.slice(end + 2);
        if (line[3] === "-") continue;
        if (step < lines.length) socket.write(`${lines[step++]}\r\n`);
        else if (step++ === lines.length) socket.write(`${message.replace(/\r?\n/g, "\r\n")}\r\n.\r\n`);
        else {
          socket.write("QUIT\r\n");
          done(line);
          socket.end();
          return;
        }
      }
    });
  });
}
const mail = (n, batch) =>
  `From: ${FROM}\nTo: support@latchkey.example\nSubject: Load ${RUN} batch${String(batch).padStart(3, "0")} n${n}\nMessage-ID: <load-${RUN}-${batch}-${n}@example.com>\nDate: Thu, 26 Nov 2026 10:00:00 +0000\n\nNumber ${n}: ${Array.from({ length: 40 }, word).join(" ")}`;

// Readers, while ten messages a second come in.
let reading = true;
const writer = (async () => {
  for (let n = 0; reading; n++) {
    await lmtp(mail(n, 0));
    await new Promise((next) => setTimeout(next, 100));
  }
})();
await readers(asks, SECONDS, "p99 100 ms");
reading = false;
await writer;

// As fast as it takes them, killed in between: what was not answered with 250 is sent again, as a mail server does.
const MESSAGES = Number(process.env.MESSAGES ?? 4_000);
const BATCH = 200;
let [taken, next] = [0, 0];
const at = performance.now();
const killer = (async () => {
  for (const after of [0.2, 0.5, 0.8]) {
    while (taken < MESSAGES * after) await new Promise((done) => setTimeout(done, 5));
    server.kill("SIGKILL");
    await new Promise((done) => server.once("exit", done));
    server = await start();
  }
})();
await Promise.all(
  Array.from({ length: 8 }, async () => {
    for (let n = next++; n < MESSAGES; n = next++) {
      for (;;) {
        const answer = await lmtp(mail(n, 1 + Math.floor(n / BATCH))).catch(() => "");
        if (answer.startsWith("250 2.0.0")) break;
        await new Promise((done) => setTimeout(done, 20));
      }
      taken++;
    }
  }),
);
const seconds = (performance.now() - at) / 1_000;
await killer;
row(`${MESSAGES} messages through LMTP with three kills`, `${(MESSAGES / seconds).toFixed(0)}/s`, "200/s");
let [tickets, waited] = [0, performance.now()];
for (let batch = 1; batch <= MESSAGES / BATCH; batch++) {
  for (;;) {
    const { total } = await ask(list, { q: `batch${String(batch).padStart(3, "0")} ${RUN}` });
    if (total > BATCH) throw new Error(`batch ${batch} came ${total} times`);
    if (total === BATCH) break;
    if (performance.now() - waited > 300_000) throw new Error(`batch ${batch}: ${total} of ${BATCH}`);
    await new Promise((done) => setTimeout(done, 250));
  }
  tickets += BATCH;
}
row("… of them tickets, each once", tickets, String(MESSAGES));
row("… after the last was taken", `${((performance.now() - waited) / 1_000).toFixed(1)} s`);
await stop(server);
table();
