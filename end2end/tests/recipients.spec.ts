// Who gets which mail: choosing by oneself, the last recipient of domain mail, announcements, and mail that arrives whatever happens.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import selfsigned from "selfsigned";
import { newDir, Portal, run } from "../support/binary.ts";
import { button, type Mail, MailServer } from "../support/smtp.ts";
import { DEMO_PASSWORD, PASSWORD, expect, test } from "../support/test.ts";

/** Writes a text to a file and announces it. */
async function announce({ dir, url }: { dir: string; url: string }, category: string, text: string, ...more: string[]): Promise<string> {
  const file = join(newDir(), "text.md");
  writeFileSync(file, text);
  const { code, out, err } = await run(["announce", "--data-dir", dir, "--base-url", url, "--category", category, "--file", file, ...more]);
  expect([code, err]).toEqual([0, ""]);
  return out;
}

function preferences(mail: Mail): string {
  return new URL(button(mail, "Choose which mail you get")).pathname;
}

test("everybody chooses which mail they get, with the link in a mail and in the portal", async ({ somebody, ownDemo }) => {
  test.setTimeout(120_000);
  const [olivia, bea, guest] = [await somebody(ownDemo), await somebody(ownDemo), await somebody(ownDemo)];
  // What is announced reaches whom the page names.
  await olivia.signIn("olivia@hartbakery.example", DEMO_PASSWORD);
  await olivia.open("/accounts");
  const account = (await olivia.page.getByRole("link", { name: /Owner/ }).first().getAttribute("href"))!;
  await olivia.open(`${account}/contacts`);
  await olivia.page.getByRole("link", { name: "Who gets this mail?" }).click();
  await expect(olivia.page.getByRole("heading", { level: 1, name: "Who gets this mail?" })).toBeVisible();
  await olivia.awake();
  await olivia.accessible();
  const domain = olivia.page.locator("section.card").filter({ has: olivia.page.getByRole("heading", { name: /A notice about a domain/ }) });
  // The first are shown at once, the others a click away.
  await domain.getByRole("link", { name: /^See all/ }).click();
  await olivia.page.waitForURL(/event=domain/);
  await expect(olivia.page.getByRole("link", { name: "Show every kind of mail" })).toBeVisible();
  await olivia.accessible();
  const named = (await domain.locator("li p.hint").allTextContents()).map((text) => text.split(" · ")[0]!);
  expect(named.length).toBeGreaterThan(3);
  const text = "# Prices change\n\nFrom **1 January**.";
  const dry = await announce(ownDemo, "domain", text, "--account", "10001", "--dry-run");
  expect(dry).toContain(`${named.length} messages on 1 account would be written: Prices change`);
  const done = await announce(ownDemo, "domain", text, "--account", "10001");
  for (const email of done.matchAll(/^ {2}(\S+@\S+)/gm)) expect(named).toContain(email[1]);
  for (const email of named) expect((await olivia.mail.to(email, "Prices change")).html).toContain("<strong>1 January</strong>");
  expect(await announce(ownDemo, "domain", text, "--account", "10001")).toContain("0 messages on 0 accounts written");

  // One of them switches it off with the link, without a login.
  const other = named[1]!;
  const link = preferences(await guest.mail.to(other, "Prices change"));
  await guest.open(link);
  await guest.accessible();
  await expect(guest.page.getByText(other)).toBeVisible();
  await guest.page.getByLabel("Domain", { exact: true }).uncheck();
  await guest.page.getByRole("button", { name: "Save changes" }).click();
  await guest.says("Changes saved.");
  await olivia.page.reload();
  await olivia.awake();
  await expect(domain.getByText(other)).toHaveCount(0);
  await guest.open(`${link.slice(0, -3)}xxx`);
  await expect(guest.page.getByText("This link no longer works: the address was changed, or the contact was closed or deleted.")).toBeVisible();

  // In the portal, each for themself.
  await bea.signIn("bea@ledgerline.example", DEMO_PASSWORD);
  await bea.open(account);
  await bea.page.getByRole("link", { name: "Mail you get" }).click();
  await expect(bea.page.getByRole("heading", { level: 1, name: "Mail you get" })).toBeVisible();
  await bea.awake();
  await bea.accessible();
  await bea.page.getByLabel("Invoice", { exact: true }).check();
  await bea.page.getByRole("button", { name: "Save changes" }).click();
  await bea.says("Changes saved.");

  // The last one who gets domain mail keeps it.
  await olivia.open(`${account}/profile`);
  await olivia.page.getByLabel("Domain", { exact: true }).uncheck();
  await olivia.page.getByRole("button", { name: "Save changes", exact: true }).click();
  await olivia.says("Changes saved.");
  await olivia.open(`${account}/recipients?event=domain`);
  const left = (await domain.locator("li p.hint").allTextContents()).map((line) => line.split(" · ")[0]!);
  for (const email of left.slice(1)) {
    await guest.open(preferences(await guest.mail.to(email, "Prices change")));
    await guest.page.getByLabel("Domain", { exact: true }).uncheck();
    await guest.page.getByRole("button", { name: "Save changes" }).click();
    await guest.says("Changes saved.");
  }
  await guest.open(preferences(await guest.mail.to(left[0]!, "Prices change")));
  await guest.page.getByLabel("Domain", { exact: true }).uncheck();
  await guest.page.getByRole("button", { name: "Save changes" }).click();
  await expect(guest.page.getByText("This would leave nobody to get domain mail").first()).toBeVisible();
  await guest.accessible();
});

test("the form of a contact says what would change before it is saved", async ({ somebody, demo }) => {
  const olivia = await somebody(demo);
  await olivia.signIn("olivia@hartbakery.example", DEMO_PASSWORD);
  await olivia.open("/accounts");
  const account = (await olivia.page.getByRole("link", { name: /Owner/ }).first().getAttribute("href"))!;
  await olivia.open(`${account}/contacts?q=ada.sato`);
  await olivia.choose("Ada Sato", "Edit Contact");
  await expect(olivia.page.getByRole("heading", { level: 1, name: "Edit Contact" })).toBeVisible();
  await olivia.awake();
  await olivia.page.getByLabel("General", { exact: true }).check();
  await olivia.page.getByLabel("Invoice", { exact: true }).uncheck();
  if (!olivia.wasm) await olivia.page.getByRole("button", { name: "What would change?" }).click();
  await expect(olivia.page.getByText(/Ada.* will also get general mail, and no longer invoice mail\./)).toBeVisible();
  await expect(olivia.page.getByLabel("General", { exact: true })).toBeChecked();
  // A name that was typed and a card that is closed count too.
  await olivia.field("First name").fill("Adelaide");
  await olivia.page.getByLabel("Status").selectOption("Closed");
  if (!olivia.wasm) await olivia.page.getByRole("button", { name: "What would change?" }).click();
  await expect(olivia.page.getByText(/Adelaide Sato will no longer get .*invoice.* mail\./)).toBeVisible();
});

test("a newsletter ends with one click, and other mail has no such link @wasm", async ({ ownDemo, mail }) => {
  await announce(ownDemo, "newsletter", "# News\n\nPasskeys.");
  await announce(ownDemo, "general", "# We move\n\nTo Harbour Street.");
  const general = await mail.to("olivia@hartbakery.example", "We move");
  expect(general.headers.some((header) => header.key === "list-unsubscribe")).toBe(false);
  // Nobody in the demo has newsletters on at first: Olivia switches them on with the link, then one click ends them.
  const portal = ownDemo.url;
  const token = preferences(general).split("/").pop()!;
  const call = (what: string, fields: [string, string][]) =>
    fetch(`${portal}/rpc/recipients/${what}`, { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: new URLSearchParams(fields) });
  const save = async (keys: string[]) => {
    const { version } = (await (await call("by-link", [["token", token]])).json()) as { version: number };
    return call("choose-by-link", [["token", token], ["version", String(version)], ...keys.map((key): [string, string] => ["mail[]", key])]);
  };
  expect((await save(["newsletter", "domain", "general"])).status).toBe(200);
  await announce(ownDemo, "newsletter", "# More news\n\nActivity.");
  const news = await mail.to("olivia@hartbakery.example", "More news");
  const header = (name: string) => news.headers.find((known) => known.key === name)?.value ?? "";
  expect(header("list-unsubscribe-post")).toBe("List-Unsubscribe=One-Click");
  const url = /<(.*)>/.exec(header("list-unsubscribe").replaceAll(/\s/g, ""))![1]!;
  const click = await fetch(url, { method: "POST", headers: { "content-type": "application/x-www-form-urlencoded" }, body: "List-Unsubscribe=One-Click" });
  expect([click.status, await click.text()]).toEqual([200, "You will get no more newsletters about Hart Bakery.\n"]);
  expect(await announce(ownDemo, "newsletter", "# Even more\n\nText.", "--account", "10001")).toContain("0 messages");
});

test("every mail the product can send can be looked at in the demo", async ({ somebody, demo }) => {
  const olivia = await somebody(demo);
  await olivia.open("/dev/letters");
  const letters = olivia.page.locator(".mail-list a");
  expect(await letters.count()).toBeGreaterThan(30);
  await letters.filter({ hasText: "is offering you ownership" }).click();
  const frame = olivia.page.frameLocator("iframe");
  await expect(frame.getByRole("link", { name: "Review the offer" })).toBeVisible();
  await expect(frame.getByText("Choose which mail you get")).toBeVisible();
  await olivia.awake();
  await olivia.accessible();
});

test("mail goes over TLS, by STARTTLS and from the first byte, and not to whom nobody trusts @wasm", async ({ somebody, unique }) => {
  test.setTimeout(90_000);
  const made = selfsigned.generate([{ name: "commonName", value: "localhost" }], {
    days: 2,
    keySize: 2048,
    algorithm: "sha256",
    extensions: [{ name: "basicConstraints", cA: false }, { name: "subjectAltName", altNames: [{ type: 2, value: "localhost" }] }],
  });
  const ca = join(newDir(), "ca.pem");
  writeFileSync(ca, made.cert);
  for (const mode of ["starttls", "implicit"] as const) {
    const server = await MailServer.start({ key: made.private, cert: made.cert, mode });
    const url = mode === "implicit" ? `smtps://localhost:${server.port}` : `smtp://localhost:${server.port}?tls=required`;
    const [trusting, strict] = [await Portal.serve(newDir(), ["--smtp-url", url, "--smtp-ca", ca]), await Portal.serve(newDir(), ["--smtp-url", url])];
    const [olivia, oscar] = [await somebody(trusting), await somebody(strict)];
    for (const [person, email] of [[oscar, unique("oscar")], [olivia, unique("olivia")]] as const) {
      await person.open("/sign-up");
      await person.field("Your name").fill("Somebody");
      await person.field("E-mail").fill(email);
      await person.field("Password").fill(PASSWORD);
      await person.send("Sign up", /sent=/);
    }
    await server.until((mails) => mails.length > 0);
    expect([server.encrypted, server.mails.every((mail) => mail.to_address.startsWith("olivia"))], mode).toEqual([[true], true]);
    await trusting.stop();
    await strict.stop();
    await server.close();
  }
});

test("killed 200 times while 2,000 messages are sent, every message arrives at every recipient @wasm", async ({ mail }) => {
  test.setTimeout(300_000);
  const dir = newDir();
  expect((await run(["demo", "--data-dir", dir])).code).toBe(0);
  const portal = await Portal.serve(dir, ["--smtp-url", mail.url]);
  await portal.stop();
  // Two thousand of them, written while nobody sends.
  const subjects = new Set<string>();
  let written = 0;
  while (written < 2_000) {
    const subject = `Run ${subjects.size} ${Math.random().toString(36).slice(2)}`;
    subjects.add(subject);
    const out = await announce(portal, "general", `# ${subject}\n\nText.`);
    written += Number(/^(\d+) messages/.exec(out)![1]);
  }
  const [seen, ids] = [new Set<string>(), [] as string[]];
  let read = 0;
  const messages = () => {
    for (; read < mail.mails.length; read++) {
      const one = mail.mails[read]!;
      if (!subjects.has(one.subject ?? "")) continue;
      seen.add(`${one.subject} ${one.to_address}`);
      ids.push(one.messageId ?? "");
    }
    return seen.size;
  };
  // Killed at random moments: one in five before it may have sent anything, the others once it sends.
  let hit = 0;
  const kills = 200;
  for (let kill = 0; kill < kills; kill++) {
    const before = messages();
    const begun = portal.again().catch(() => {});
    const some = before + 1 + Math.floor(Math.random() * 4);
    if (kill % 5 > 0) await mail.until(() => messages() >= Math.min(some, written));
    await new Promise((next) => setTimeout(next, Math.random() * (kill % 5 > 0 ? 15 : 80)));
    await portal.stop("SIGKILL");
    await begun;
    if (messages() > before && messages() < written) hit++;
  }
  expect(hit, "kills while it was sending").toBeGreaterThan(120);
  await portal.again();
  await mail.until(() => messages() >= written);
  await portal.stop();
  expect(messages(), "each message at each recipient").toBe(written);
  expect(new Set(ids).size, "each under one Message-ID").toBe(written);
  expect(ids.length - written, "what was on the wire of four connections is repeated, and nothing else").toBeLessThanOrEqual(kills * 4);
  console.log(`${kills} kills, ${hit} while it was sending; ${written} messages, ${ids.length - written} repeated`);
});

test("what a mail server refuses for good is given up and said, what it refuses for now is tried again @wasm", async ({ somebody, unique }) => {
  test.setTimeout(120_000);
  const server = await MailServer.start();
  const portal = await Portal.serve(newDir(), ["--smtp-url", server.url]);
  const olivia = await somebody(portal);
  const email = unique("olivia");
  await olivia.open("/sign-up");
  await olivia.field("Your name").fill("Olivia Hart");
  await olivia.field("E-mail").fill(email);
  await olivia.field("Password").fill(PASSWORD);
  await olivia.send("Sign up", /sent=/);
  await olivia.open(button(await server.to(email, "Confirm your e-mail address"), "Confirm address"));
  await olivia.field("Password").fill(PASSWORD);
  await olivia.send("Confirm and sign in", /\/a\//);
  const account = new URL(olivia.page.url()).pathname;
  const [gone, busy] = [unique("gone"), unique("busy")];
  server.refusals.set(gone, { responseCode: 550, text: "no such mailbox" });
  server.refusals.set(busy, { responseCode: 451, text: "come back later" });
  await olivia.open(`${account}/contacts/invite`);
  await olivia.field("E-mail").fill(`${gone}\n${busy}`);
  await olivia.send("Send invitation", /contacts(\?|$)/);
  await olivia.open(`${account}/emails`);
  const state = (who: string) => olivia.row(who).locator(".pill");
  await expect(async () => {
    await olivia.page.reload();
    await expect(state(gone)).toContainText("Failed", { timeout: 500 });
    await expect(state(busy)).toContainText("Queued", { timeout: 500 });
    await expect(olivia.row(busy).getByText("come back later")).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 20_000 });
  await olivia.awake();
  await olivia.page.getByRole("row").filter({ hasText: "gone" }).getByRole("link").click();
  await expect(olivia.page.getByText("no such mailbox")).toBeVisible();
  await expect(olivia.page.getByText("Gave up", { exact: true })).toBeVisible();
  // What waits is sent when its time has come.
  await server.to(busy, "invites you");
  await portal.stop();
  await server.close();
});
