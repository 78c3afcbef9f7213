// Measures the outbox: 10,000 messages to a mail server that takes its time, and what pages cost meanwhile. Part of `make bench`.
import { execFileSync, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { answers, BINARY, demo, dir, p99Of, row, serve, stop, table, wrkArguments } from "./measure.mjs";

const PORT = 3219;
const URL_ = `http://127.0.0.1:${PORT}`;
const MESSAGES = 10_000;
/** What the mail server takes for a message, and how many connections the portal opens to it: together its pace. */
const TAKES = 10;
const CONNECTIONS = 4;

// A mail server on the loopback that takes every message, each after a while.
let taken = 0;
const mail = createServer((line) => {
  let [inData, buffer] = [false, ""];
  const say = (text) => line.writable && line.write(`${text}\r\n`);
  say("220 bench");
  line.on("error", () => {});
  line.on("data", (bytes) => {
    buffer += bytes;
    for (;;) {
      if (inData) {
        const end = buffer.indexOf("\r\n.\r\n");
        if (end < 0) return (buffer = buffer.slice(-4));
        buffer = buffer.slice(end + 5);
        inData = false;
        setTimeout(() => {
          taken++;
          say("250 taken");
        }, TAKES);
        continue;
      }
      const end = buffer.indexOf("\r\n");
      if (end < 0) return;
      const command = buffer.slice(0, end).toUpperCase();
      buffer = buffer.slice(end + 2);
      if (command.startsWith("EHLO")) say("250-bench\r\n250 8BITMIME");
      else if (command.startsWith("DATA")) [inData] = [true, say("354 go on")];
      else if (command.startsWith("QUIT")) line.end("221 bye\r\n");
      else say("250 ok");
    }
  });
});
await new Promise((done) => mail.listen(0, "127.0.0.1", done));
const smtp = `smtp://127.0.0.1:${mail.address().port}`;

demo();
const start = async () => {
  const server = serve(PORT, "--smtp-url", smtp, "--log", "warn");
  await answers(`${URL_}/readyz`);
  return server;
};

// Olivia's contacts page, as she sees it.
let server = await start();
const answer = await fetch(`${URL_}/rpc/sign-in/sign-in`, {
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: new URLSearchParams({ email: "olivia@hartbakery.example", password: "latch-key-demo-2026" }),
});
const cookie = answer.headers.getSetCookie().map((one) => one.split(";")[0]).join("; ");
const picker = await (await fetch(`${URL_}/accounts`, { headers: { cookie } })).text();
const contacts = `${/href="(\/a\/[^"]+)"[^>]*>(?:(?!<\/a>).)*Owner/s.exec(picker)[1]}/contacts`;
/** p99 of the page in milliseconds; wrk runs beside this process, which is the mail server meanwhile. */
const p99 = async (seconds) => {
  const wrk = spawn("wrk", wrkArguments(4, seconds, URL_ + contacts, { Cookie: cookie }), { stdio: ["ignore", "pipe", "inherit"] });
  let out = "";
  wrk.stdout.on("data", (bytes) => (out += bytes));
  await new Promise((ended) => wrk.on("close", ended));
  return p99Of(out);
};
await p99(3);
const alone = await p99(8);
await stop(server);

// The messages are written while nobody sends.
taken = 0;
const file = join(dir, "text.md");
let written = 0;
for (let n = 0; written < MESSAGES; n++) {
  writeFileSync(file, `# Announcement ${n}\n\nText.`);
  const out = execFileSync(BINARY, ["announce", "--data-dir", dir, "--base-url", URL_, "--category", "general", "--file", file], { encoding: "utf8" });
  written += Number(/^(\d+) messages/.exec(out)[1]);
}
server = await start();
const began = process.hrtime.bigint();
const from = taken;
const meanwhile = await p99(8);
const halfway = taken;
while (taken < written) await new Promise((next) => setTimeout(next, 20));
const seconds = Number(process.hrtime.bigint() - began) / 1e9;
await stop(server);
mail.close();

const pace = (CONNECTIONS * 1000) / TAKES;
row("Messages", written, "10,000");
row(`Pace of the mail server (${TAKES} ms each, ${CONNECTIONS} connections)`, `${pace.toFixed(0)}/s`);
row("Sent, pages being loaded for the first 8 seconds", `${((written - from) / seconds).toFixed(0)}/s`);
row("… of the mail server's pace", `${(((written - from) / seconds / pace) * 100).toFixed(0)} %`);
row("… while pages were loaded", `${((halfway - from) / 8).toFixed(0)}/s`);
row("Contacts page, 4 connections: p99 without mail", `${alone.toFixed(1)} ms`);
row("Contacts page, 4 connections: p99 while mail is sent", `${meanwhile.toFixed(1)} ms`);
row("… ratio", (meanwhile / alone).toFixed(2), "at most 2");
table();
