// The binary as an operator meets it: sentences and exit codes, backup, doctor, signals, and kill -9.
import { copyFileSync, mkdirSync, readdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { newDir, Portal, run } from "../support/binary.ts";
import { button } from "../support/smtp.ts";
import { expect, PASSWORD, test } from "../support/test.ts";

test.describe.configure({ mode: "parallel" });

test("help is a manual @wasm", async () => {
  const { code, out } = await run(["serve", "--help"]);
  expect(code).toBe(0);
  for (const words of ["--data-dir", "LATCHKEY_DATA_DIR", "--listen", "LATCHKEY_LISTEN", "--base-url", "LATCHKEY_BASE_URL", "LATCHKEY_SMTP_URL"]) expect(out).toContain(words);
});

test("what stands in the way is one sentence and code 1 @wasm", async () => {
  const held = await Portal.serve(newDir());
  const second = await run(["serve", "--data-dir", held.dir, "--listen", "127.0.0.1:0"]);
  expect([second.code, second.err]).toEqual([1, `latchkey: Another Latchkey is using the data directory ${held.dir}. Stop it first, or choose another directory.\n`]);

  const taken = new URL(held.url).host;
  const port = await run(["serve", "--data-dir", newDir(), "--listen", taken, "--log", "error"]);
  expect([port.code, port.err]).toEqual([1, `latchkey: The address ${taken} is in use by another program. Choose another with --listen.\n`]);

  const file = join(newDir(), "file");
  writeFileSync(file, "");
  const unwritable = await run(["serve", "--data-dir", join(file, "below")]);
  expect(unwritable.code).toBe(1);
  expect(unwritable.err).toMatch(/^latchkey: The data directory .* cannot be created: .*\n$/);

  const url = await run(["serve", "--data-dir", newDir(), "--base-url", "portal.example.com"]);
  expect(url.code).toBe(1);
  expect(url.err).toContain("latchkey: The base URL portal.example.com");
  expect(await held.stop()).toBe(0);
});

test("doctor, backup and a start from the backup @wasm", async () => {
  const dir = newDir();
  const made = await run(["demo", "--data-dir", dir]);
  expect(made.out).toContain("olivia@hartbakery.example");
  const again = await run(["demo", "--data-dir", dir]);
  expect([again.code, again.out.includes("is already in")]).toEqual([0, true]);
  const portal = await Portal.serve(dir);
  const target = newDir();
  const copy = join(target, "backup.db");
  expect((await run(["backup", "--data-dir", dir, copy])).code).toBe(0);
  const twice = await run(["backup", "--data-dir", dir, copy]);
  expect([twice.code, twice.err.includes("already exists")]).toEqual([1, true]);
  const well = await run(["doctor", "--data-dir", dir]);
  expect(well.out).toContain("The database is intact and works with this version.");
  expect(well.out).toContain("The activity trail is complete and unchanged.");
  expect(well.out).toContain("A portal is running on this data directory right now.");
  // Another data directory with the same address: the portal that answers there is no mistake of this one.
  const beside = await run(["doctor", "--data-dir", newDir(), "--listen", portal.url.replace("http://", "")]);
  expect([beside.code, beside.out.includes(`A portal is already answering at ${portal.url.replace("http://", "")}.`)]).toEqual([0, true]);
  const inUse = await run(["restore", copy, "--data-dir", dir]);
  expect([inUse.code, inUse.err.includes("Another Latchkey is using the data directory")]).toEqual([1, true]);
  await portal.stop();
  // A database without its key is not served: a new key would break the trail.
  const keyless = newDir();
  copyFileSync(copy, join(keyless, "latchkey.db"));
  const refused = await run(["serve", "--data-dir", keyless, "--listen", "127.0.0.1:0"]);
  expect([refused.code, refused.err.includes("latchkey.key is missing. Put it back from a backup"), readdirSync(keyless).includes("latchkey.key")]).toEqual([1, true, false]);
  const both = await run(["restore", copy, "--data-dir", target, "--key", join(dir, "latchkey.key")]);
  expect([both.code, both.out.includes("is in place at")]).toEqual([0, true]);
  const restored = await Portal.serve(target);
  expect((await (await fetch(`${restored.url}/sign-in`)).text()).includes("olivia@hartbakery.example")).toBe(true);
  await restored.stop();
  mkdirSync(join(target, "x"));
  writeFileSync(join(target, "x", "latchkey.db"), "this is no database, but it is long enough to be read as one".repeat(40));
  const ill = await run(["doctor", "--data-dir", join(target, "x"), "--listen", "127.0.0.1:0"]);
  expect(ill.code).toBe(1);
  expect(ill.out).toMatch(/^wrong {2}The database/m);
});

test("a slow mail server that is away comes back to everything @wasm", async ({ somebody, unique, mail }) => {
  // A port on which nobody answers yet.
  const probe = createServer();
  await new Promise<void>((done) => probe.listen(0, "127.0.0.1", done));
  const { port } = probe.address() as { port: number };
  await new Promise((done) => probe.close(done));
  const dir = newDir();
  const portal = await Portal.serve(dir, ["--smtp-url", `smtp://127.0.0.1:${port}`]);
  const olivia = await somebody(portal);
  await olivia.open("/sign-up");
  const address = unique("olivia");
  await olivia.field("Your name").fill("Olivia Hart");
  await olivia.field("E-mail").fill(address);
  await olivia.field("Password").fill(PASSWORD);
  await olivia.send("Sign up", /sent=/);
  expect(await portal.stop()).toBe(0);
  // Its address is changed; what waited is sent after the pause.
  const later = await Portal.serve(dir, ["--smtp-url", mail.url]);
  const waiting = await mail.to(address, "Confirm your e-mail address");
  expect(waiting.text).toContain("/verify/");
  await later.stop();
});

test("kill -9 at any moment neither loses a message nor repeats more than what was on the wire @wasm", async ({ somebody, unique, mail }) => {
  test.setTimeout(180_000);
  const dir = newDir();
  const portal = await Portal.serve(dir, ["--smtp-url", mail.url]);
  const olivia = await somebody(portal);
  await olivia.signUp("Olivia Hart", "Hart Bakery", unique("olivia"));
  const account = new URL(olivia.page.url()).pathname.split("/").pop()!;
  const cookie = (await olivia.page.context().cookies()).map((c) => `${c.name}=${c.value}`).join("; ");
  const people = Array.from({ length: 50 }, (_, n) => unique(`p${n}`));
  const before = mail.mails.length;
  const body = new URLSearchParams([["account", account], ["emails", people.join("\n")], ["preset", "none"]]);
  const answer = await fetch(`${portal.url}/rpc/contacts/invite`, { method: "POST", headers: { cookie, "content-type": "application/x-www-form-urlencoded" }, body });
  expect(answer.status).toBe(200);
  // Killed again and again, each time when some more have arrived.
  let kills = 0;
  const arrived = () => new Set(mail.mails.slice(before).map((m) => m.to_address)).size;
  while (arrived() < people.length && kills < 12) {
    const seen = mail.mails.length;
    await mail.until((mails) => mails.length >= seen + 1 + (kills % 3) || arrived() === people.length);
    await portal.stop("SIGKILL");
    kills++;
    await portal.again();
  }
  await mail.until(() => arrived() === people.length);
  await portal.stop();
  const ids = mail.mails.slice(before).map((m) => m.messageId);
  expect(new Set(ids).size, "every message has one Message-ID").toBe(people.length);
  expect(ids.length - people.length, "no more repeated than what was in hand at each kill").toBeLessThanOrEqual(kills * 8);
  expect(kills).toBeGreaterThan(3);
  expect(button(mail.mails.at(-1)!, "Review in Client Area")).toContain("/invitations/");
});

test("the operator helps with a login @wasm", async ({ mail }) => {
  const dir = newDir();
  await run(["demo", "--data-dir", dir]);
  const portal = await Portal.serve(dir, ["--smtp-url", mail.url]);
  const help = (what: string, email: string) => run(["user", "--data-dir", dir, what, email]);
  const reset = await help("reset-factor", "olivia@hartbakery.example");
  expect([reset.code, reset.out]).toEqual([0, "Olivia Hart (olivia@hartbakery.example) no longer has a second factor and is signed out everywhere. They are told by e-mail.\n"]);
  await mail.to("olivia@hartbakery.example", "Your second factor was reset");
  const ended = await help("end-sessions", "wes@pixelworks.example");
  expect([ended.code, ended.out]).toEqual([0, "Wes Diaz (wes@pixelworks.example) is signed out everywhere. They are told by e-mail.\n"]);
  await mail.to("wes@pixelworks.example", "You were signed out everywhere");
  const unknown = await help("reset-factor", "nobody@example.com");
  expect([unknown.code, unknown.err]).toEqual([1, "latchkey: Nobody has a login with the address nobody@example.com.\n"]);
  const well = await run(["doctor", "--data-dir", dir, "--listen", "127.0.0.1:0"]);
  expect(well.out).toContain("The activity trail is complete and unchanged.");
  await portal.stop();
});

test("secrets come from files @wasm", async ({ mail, somebody, unique }) => {
  const [dir, secrets] = [newDir(), newDir()];
  writeFileSync(join(secrets, "smtp"), `${mail.url}\n`);
  const portal = await Portal.serve(dir, ["--smtp-url-file", join(secrets, "smtp"), "--key-file", join(secrets, "key")]);
  const olivia = await somebody(portal);
  await olivia.signUp("Olivia Hart", "", unique("olivia"));
  await portal.stop();
  expect(readdirSync(dir)).not.toContain("latchkey.key");
  expect(statSync(join(secrets, "key")).size).toBe(32);
  const settings = ["--data-dir", dir, "--listen", "127.0.0.1:0", "--smtp-url-file", join(secrets, "smtp")];
  expect((await run(["doctor", ...settings, "--key-file", join(secrets, "key")])).out).toContain("The activity trail is complete and unchanged.");
  renameSync(join(secrets, "key"), join(secrets, "other"));
  writeFileSync(join(secrets, "key"), Buffer.alloc(32, 7));
  const ill = await run(["doctor", ...settings, "--key-file", join(secrets, "key")]);
  expect([ill.code, ill.out.includes("wrong  The activity trail was not sealed with this installation's key, or")]).toEqual([1, true]);
  const missing = await run(["serve", ...settings.slice(0, 4), "--smtp-url-file", join(secrets, "nothing"), "--log", "error"]);
  expect([missing.code, missing.err.startsWith("latchkey: The file ")]).toEqual([1, true]);
});

test("what is written is for its owner only @wasm", async () => {
  const dir = newDir();
  await run(["demo", "--data-dir", dir]);
  await run(["backup", "--data-dir", dir, join(dir, "copy.db")]);
  for (const name of readdirSync(dir)) expect([name, statSync(join(dir, name)).mode & 0o077]).toEqual([name, 0]);
});
