// Tickets: in the portal with files and an answer that is called back, and by e-mail through LMTP and a pipe to the right people.
import { spawnSync } from "node:child_process";
import { cpSync } from "node:fs";
import { connect } from "node:net";
import { BINARY, freePort, newDir, Portal } from "../support/binary.ts";
import { hasPostfix, Postfix } from "../support/postfix.ts";
import { DEMO_PASSWORD, expect, type Person, test } from "../support/test.ts";

const PNG = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

/** Puts a file to what is being written. */
async function attach(person: Person, name: string, buffer: Buffer): Promise<void> {
  await person.page.locator("#files-input").setInputFiles({ name, mimeType: "image/png", buffer });
  if (!person.wasm) await person.page.getByRole("button", { name: "Attach files" }).click();
  await expect(person.page.locator(".files-box").getByRole("link", { name })).toBeVisible();
}

/** Hands a message over by LMTP, or by SMTP with another greeting. Answers the last line that was said to each recipient. */
function lmtp(port: number, from: string, to: string[], message: string, greeting = "LHLO test"): Promise<string> {
  return new Promise((done, failed) => {
    const lines = [greeting, `MAIL FROM:<${from}>`, ...to.map((one) => `RCPT TO:<${one}>`), "DATA"];
    const line = connect(port, "127.0.0.1");
    let [heard, last] = ["", ""];
    line.on("error", failed);
    line.on("close", () => done(last));
    line.on("data", (bytes) => {
      heard += bytes;
      for (let end = heard.indexOf("\r\n"); end >= 0; end = heard.indexOf("\r\n")) {
        const said = heard.slice(0, end);
        heard = heard.slice(end + 2);
        if (said[3] === "-") continue;
        last = said;
        if (said.startsWith("354")) line.write(`${message.replace(/\r?\n/g, "\r\n").replace(/^\./gm, "..")}\r\n.\r\nQUIT\r\n`);
        else if (said.startsWith("221")) return line.end();
        else if (lines.length > 0) line.write(`${lines.shift()}\r\n`);
        if (said.startsWith("250 2.0.0") || said.startsWith("5")) {
          done(said);
          return line.end();
        }
      }
    });
  });
}

test("a ticket goes back and forth with a file, and an answer is called back", async ({ somebody, ownDemo, mail }) => {
  test.setTimeout(120_000);
  const [olivia, sam] = [await somebody(ownDemo), await somebody(ownDemo)];
  await olivia.enterBakery();
  await olivia.navigate("Tickets");
  await expect(olivia.row("Order form shows an error")).toContainText("Wes Diaz");
  await olivia.page.getByRole("link", { name: "New ticket" }).click();
  await expect(olivia.page.getByRole("heading", { level: 1, name: "New ticket" })).toBeVisible();
  await olivia.awake();
  await olivia.page.getByRole("button", { name: "Open ticket" }).click();
  await expect(olivia.page.locator(".summary").getByText("Choose a department.")).toBeVisible();
  await olivia.awake();
  await olivia.field("Subject").fill("The till prints nothing");
  await olivia.field("Message").fill("Since **noon**.");
  if (olivia.wasm) {
    // What was typed survives a reload, and signing out.
    await expect(olivia.page.getByText("Kept as a draft")).toBeVisible();
    await olivia.page.reload();
    await olivia.awake();
    await expect(olivia.field("Message")).toHaveValue("Since **noon**.");
  }
  await attach(olivia, "till.png", PNG);
  await expect(olivia.field("Subject")).toHaveValue("The till prints nothing");
  await olivia.page.getByLabel("Department").selectOption({ label: "Support" });
  await olivia.accessible();
  await olivia.send("Open ticket", /\/tickets\/0/);
  await olivia.says("is open. Support is told.");
  await expect(olivia.page.getByRole("img", { name: "till.png" })).toBeVisible();
  await olivia.accessible();

  await sam.signIn("sam@latchkey.example", DEMO_PASSWORD);
  await sam.open("/operator/tickets");
  await sam.accessible();
  await sam.page.getByRole("link", { name: "The till prints nothing" }).click();
  await expect(sam.page.getByRole("heading", { level: 1, name: "The till prints nothing" })).toBeVisible();
  await sam.awake();
  await expect(sam.page.getByRole("group", { name: "Who gets this by e-mail" })).toContainText("olivia@hartbakery.example");
  await sam.accessible();
  await sam.field("Your reply").fill("Is there paper in it?");
  await sam.save("Send reply", "Your answer is sent in 15 seconds.");
  await sam.page.getByRole("button", { name: "Undo" }).click();
  await sam.says("The answer was called back.");
  await sam.awake();
  await expect(sam.field("Your reply")).toHaveValue("Is there paper in it?");
  await sam.page.getByText("Add note").first().click();
  await sam.field("Note for staff").fill("Third time this week.");
  await sam.page.getByRole("button", { name: "Add note" }).click();
  await sam.says("Only staff see it.");
  await sam.awake();
  await sam.field("Your reply").fill("Is there paper in the till?");
  await sam.save("Send reply", "Your answer is sent in 15 seconds.");
  const answer = await mail.to("olivia@hartbakery.example", "The till prints nothing");
  expect(answer.text).toContain("Is there paper in the till?");

  if (olivia.wasm) {
    await olivia.page.getByRole("button", { name: "Show it" }).click({ timeout: 30_000 });
  } else {
    await olivia.page.reload();
  }
  await expect(olivia.page.getByText("Is there paper in the till?")).toBeVisible();
  await expect(olivia.page.getByText("Third time this week.")).toHaveCount(0);
  await olivia.field("Your reply").fill("There was none.");
  await olivia.save("Send reply", "Your answer was sent.");
  // The news comes at once: asking every ten seconds would be later.
  if (sam.wasm) await expect(sam.page.getByText("Something was written in this ticket.")).toBeVisible({ timeout: 4_000 });
  await olivia.save("Close ticket", "is closed.");
  await olivia.page.getByLabel("5", { exact: true }).check();
  await olivia.save("Save rating", "Your rating was saved.");
  await expect(olivia.page.getByText("Rated 5 of 5")).toBeVisible();
});

test("a support contact writes an e-mail, and the right people get the answer", async ({ somebody, mail, unique }) => {
  test.setTimeout(120_000);
  const dir = newDir();
  cpSync(process.env.LATCHKEY_DEMO!, dir, { recursive: true });
  const port = await freePort();
  const portal = await Portal.serve(dir, ["--smtp-url", mail.url, "--staff-email", "staff@latchkey.example", "--lmtp-listen", `127.0.0.1:${port}`]);
  const [olivia, sam] = [await somebody(portal), await somebody(portal)];
  const account = await olivia.enterBakery();
  const [nina, home] = [unique("nina"), unique("home")];
  await olivia.open(`${account}/contacts/new`);
  await olivia.field("First name").fill("Nina");
  await olivia.field("E-mail").fill(nina);
  await olivia.page.getByRole("checkbox", { name: /^Support/ }).check();
  await olivia.send("Submit", /\/contacts(\?|$)/);

  const support = "support@latchkey.example";
  // Through the mail server in front, as in life; where there is none, as it would hand over.
  const postfix = hasPostfix() ? await Postfix.start("latchkey.example", port) : undefined;
  if (!postfix) console.log("There is no Postfix here: the e-mails of this journey are handed over without one.");
  const send = (from: string, to: string, text: string) => lmtp(postfix?.port ?? port, from, [to], text, postfix ? "EHLO test" : "LHLO test");
  expect(await lmtp(port, nina, ["nobody@latchkey.example"], "x")).toMatch(/^5/);
  const message = (from: string, to: string, subject: string, text: string) => `From: ${from}\nTo: ${to}\nSubject: ${subject}\nMessage-ID: <${Math.random()}@example.com>\n\n${text}`;
  expect(await send(nina, support, message(nina, support, "No coffee", "The machine is dry.\n.\nReally."))).toMatch(/^250/);
  await sam.signIn("sam@latchkey.example", DEMO_PASSWORD);
  await expect(async () => {
    await sam.open("/operator/tickets");
    await expect(sam.page.getByRole("link", { name: "No coffee" })).toBeVisible({ timeout: 500 });
  }).toPass();
  await sam.page.getByRole("link", { name: "No coffee" }).click();
  await expect(sam.page.getByRole("heading", { level: 1, name: "No coffee" })).toBeVisible();
  await sam.awake();
  await expect(sam.page.getByText("The machine is dry.")).toBeVisible();
  const told = sam.page.getByRole("group", { name: "Who gets this by e-mail" });
  await expect(told).toContainText(nina);
  await expect(told).toContainText("olivia@hartbakery.example");
  await sam.field("Your reply").fill("Fill it with water.");
  await sam.save("Send reply", "Your answer is sent in 15 seconds.");
  const answer = await mail.to(nina, "No coffee");
  expect(answer.text).toContain("Fill it with water.");
  await mail.until((all) => all.some((one) => one.to_address === "olivia@hartbakery.example" && (one.text ?? "").includes("Fill it with water.")));
  expect(mail.mails.filter((one) => one.to_address === "bea@ledgerline.example" && (one.subject ?? "").includes("No coffee"))).toEqual([]);

  // From another address, to the signed one: held, and shown to who may decide.
  const to = answer.replyTo![0]!.address!;
  expect(to).toMatch(/^support\+t\d+-[0-9a-f]{20}@latchkey\.example$/);
  expect(await send(home, to, message(home, to, "Re: anything", "It works now."))).toMatch(/^250/);
  await olivia.open(`${account}/tickets`);
  await expect(async () => {
    await olivia.page.reload();
    await expect(olivia.row("No coffee")).toContainText("1 held", { timeout: 500 });
  }).toPass();
  await olivia.awake();
  await olivia.page.getByRole("link", { name: "No coffee" }).click();
  await expect(olivia.page.getByText("This e-mail came from an address without a right to this ticket.")).toBeVisible();
  await olivia.awake();
  await olivia.accessible();
  await olivia.page.getByRole("button", { name: "Add as contact" }).click();
  await olivia.says("is a contact now");

  // The pipe of a mail server, and what it is told.
  const pipe = (recipient: string, text: string) => spawnSync(BINARY, ["mail-in", "--data-dir", dir, recipient], { input: text }).status;
  expect(pipe(support, "")).toBe(65);
  expect(pipe("nobody@latchkey.example", message(nina, support, "x", "x"))).toBe(67);
  expect(pipe(support, message("Mallory <m@evil.example>", support, "Cheap watches", "Buy."))).toBe(0);
  await expect(async () => {
    await sam.open("/operator/tickets/mail");
    await expect(sam.page.getByRole("heading", { name: "Cheap watches" })).toBeVisible({ timeout: 500 });
  }).toPass();
  await sam.accessible();
  await sam.page.getByRole("button", { name: "Dismiss" }).click();
  await sam.says("The e-mail was dismissed.");
  postfix?.stop();
  await portal.stop();
});

test("mail that comes in while the portal is killed again and again is neither lost nor doubled @wasm", async ({ somebody, mail }) => {
  test.setTimeout(180_000);
  const dir = newDir();
  cpSync(process.env.LATCHKEY_DEMO!, dir, { recursive: true });
  const port = await freePort();
  const portal = await Portal.serve(dir, ["--smtp-url", mail.url, "--lmtp-listen", `127.0.0.1:${port}`]);
  const from = "olivia@hartbakery.example";
  const messages = Array.from({ length: 200 }, (_, n) => `From: ${from}\nTo: support@latchkey.example\nSubject: Kill ${n}\nMessage-ID: <kill-${n}@example.com>\n\nNumber ${n}`);
  let [taken, busy] = [0, true];
  const killer = (async () => {
    for (const after of [20, 60, 110, 160]) {
      while (busy && taken < after) await new Promise((next) => setTimeout(next, 5));
      await portal.stop("SIGKILL");
      await portal.again();
    }
  })();
  // A mail server: what was not answered with 250 is sent again.
  const send = async (message: string) => {
    for (;;) {
      const answer = await lmtp(port, from, ["support@latchkey.example"], message).catch(() => "");
      if (/^250 2\.0\.0/.test(answer)) return taken++;
      await new Promise((next) => setTimeout(next, 20));
    }
  };
  const queue = [...messages];
  await Promise.all(Array.from({ length: 4 }, async () => {
    for (let next = queue.shift(); next; next = queue.shift()) await send(next);
  }));
  busy = false;
  await killer;
  const sam = await somebody(portal);
  await sam.signIn("sam@latchkey.example", DEMO_PASSWORD);
  await expect(async () => {
    await sam.open("/operator/tickets?q=kill");
    await expect(sam.page.getByText("of 200", { exact: false })).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 60_000 });
  const seen: string[] = [];
  for (;;) {
    seen.push(...(await sam.page.locator("td.person a").allTextContents()).map((text) => text.replace(/#.*/, "").trim()));
    const next = sam.page.getByRole("link", { name: "Next" });
    if ((await next.count()) === 0) break;
    const first = await sam.page.locator("td.person a").first().getAttribute("href");
    await next.click();
    await expect(sam.page.locator("td.person a").first()).not.toHaveAttribute("href", first!);
  }
  expect(seen.toSorted()).toEqual(messages.map((_, n) => `Kill ${n}`).toSorted());
  await portal.stop();
});
