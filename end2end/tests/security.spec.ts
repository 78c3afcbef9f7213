// Logins worth trusting: second factors, passkeys, sessions, ownership, and the trail that tells.
import { request } from "node:http";
import { createConnection } from "node:net";
import { readFileSync } from "node:fs";
import { App } from "../support/totp.ts";
import { button } from "../support/smtp.ts";
import { DEMO_PASSWORD, PASSWORD, type Person, expect, test } from "../support/test.ts";

/** Sets up an authenticator app, and leaves the recovery codes on the screen. */
async function setUpApp(person: Person): Promise<App> {
  await person.open("/security");
  await person.page.getByRole("link", { name: "Set up a second factor" }).click();
  await person.page.getByRole("link", { name: "Use an app" }).click();
  const secret = (await person.page.locator("code.secret").textContent())!;
  await person.awake();
  const app = new App(secret);
  await person.field("Code from the app").fill("000000");
  await person.page.getByRole("button", { name: "Switch on" }).click();
  await expect(person.page.getByText("This is not the code your app is showing now").first()).toBeVisible();
  expect(await person.page.locator("code.secret").textContent(), "the app has this secret by now").toBe(secret);
  await person.field("Code from the app").fill(app.next());
  await person.send("Switch on", /recovery-codes/);
  return app;
}

/** The first step of a sign-in. */
async function password(person: Person, email: string, secret = PASSWORD): Promise<void> {
  await person.open("/sign-in");
  await person.field("E-mail").fill(email);
  await person.field("Password").fill(secret);
  await person.send("Sign in", /second-factor/);
}

test("with an app and recovery codes the password alone opens nothing", async ({ somebody, unique }) => {
  test.setTimeout(120_000);
  const [olivia, phone] = [await somebody(), await somebody()];
  const email = unique("olivia");
  await olivia.signUp("Olivia Hart", "Hart Bakery", email);
  const app = await setUpApp(olivia);
  await expect(olivia.page.locator("ol.codes li")).toHaveCount(10);
  const codes = await olivia.page.locator("ol.codes li").allTextContents();
  await olivia.accessible();
  await olivia.page.getByRole("link", { name: "I have saved them" }).click();
  await expect(olivia.page.getByText("10 of 10 left")).toBeVisible();
  await olivia.accessible();

  await password(phone, email);
  await phone.accessible();
  await phone.field("Code from your app").fill("000000");
  await phone.page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(phone.page.getByText("This code is wrong, has expired or has already been used").first()).toBeVisible();
  await phone.field("Code from your app").fill(app.next());
  await phone.page.getByLabel("Remember this device").check();
  await phone.send("Sign in", /\/a\//);
  expect((await phone.mail.to(email, "New sign-in to your login")).text).toContain("127.0.0.1");

  // The phone is remembered; another browser is asked, and a recovery code stands in.
  await phone.page.context().clearCookies({ name: "latchkey" });
  await phone.open("/sign-in");
  await phone.field("E-mail").fill(email);
  await phone.field("Password").fill(PASSWORD);
  await phone.send("Sign in", /\/a\//);
  const laptop = await somebody();
  await password(laptop, email);
  await laptop.field("Code from your app").fill(codes[4]!);
  await laptop.send("Sign in", /\/a\//);
  expect((await laptop.mail.to(email, "A recovery code was used")).text).toContain("Codes left: 9");

  // She sees where she is signed in, and signs everybody else out.
  await olivia.open("/security");
  await expect(olivia.page.getByText("9 of 10 left")).toBeVisible();
  await expect(olivia.page.getByText("Chrome on Linux").first()).toBeVisible();
  await olivia.page.getByRole("button", { name: "Sign out everywhere else" }).click();
  await olivia.says("Every other browser was signed out.");
  await expect(olivia.page.getByText("This browser")).toBeVisible();
  await expect(olivia.page.getByRole("button", { name: /^Sign out Chrome/ })).toHaveCount(0);
  await phone.page.goto(`${phone.url}/security`);
  await expect(phone.page).toHaveURL(/\/sign-in\?next=%2Fsecurity/);
});

test("an account that wants a second factor leads everybody through setting one up", async ({ somebody, unique }) => {
  test.setTimeout(120_000);
  const [olivia, ben] = [await somebody(), await somebody()];
  const [hers, his] = [unique("olivia"), unique("ben")];
  await olivia.signUp("Olivia Hart", "Hart Bakery", hers);
  const account = new URL(olivia.page.url()).pathname;
  await olivia.open(`${account}/contacts/invite`);
  await olivia.field("Name").fill("Ben Carter");
  await olivia.field("E-mail").fill(his);
  await olivia.page.getByLabel("Full Privileges").check();
  await olivia.send("Send invitation", /contacts(\?|$)/);
  await ben.open(button(await ben.mail.to(his, "invites you"), "Review in Client Area"));
  await ben.field("Your name").fill("Ben Carter");
  await ben.field("Password").fill(PASSWORD);
  await ben.page.getByRole("button", { name: "Create login" }).click();
  await ben.page.getByRole("button", { name: "Accept", exact: true }).click();
  await expect(ben.page.getByRole("heading", { name: "Welcome to Hart Bakery" })).toBeVisible();

  await olivia.open(`${account}/profile`);
  await olivia.page.getByLabel("Everybody on this account needs a second factor").check();
  await olivia.page.getByRole("button", { name: "Save rule" }).click();
  await expect(olivia.page.getByText("You do not have a second factor yourself").first()).toBeVisible();
  await setUpApp(olivia);
  await olivia.open(`${account}/profile`);
  await expect(olivia.page.getByText("Ben Carter does not have one yet")).toBeVisible();
  await olivia.page.getByLabel("Everybody on this account needs a second factor").check();
  await olivia.page.getByRole("button", { name: "Save rule" }).click();
  await olivia.says("Everybody on this account now needs a second factor.");

  await ben.page.goto(`${ben.url}${account}/contacts`);
  await expect(ben.page.getByText("The account you want to enter requires a second factor")).toBeVisible();
  await ben.awake();
  await ben.accessible();
  await ben.page.getByRole("link", { name: "Use an app" }).click();
  const app = new App((await ben.page.locator("code.secret").textContent())!);
  await ben.awake();
  await ben.field("Code from the app").fill(app.next());
  await ben.send("Switch on", /recovery-codes/);
  await ben.page.getByRole("link", { name: "I have saved them" }).click();
  await expect(ben.page.getByRole("heading", { level: 1, name: "Contacts" })).toBeVisible();
  await expect(ben.row("Ben Carter")).toContainText("On");
});

test("a passkey is a second factor, signs in by itself, and confirms @wasm", async ({ somebody, unique, portal }) => {
  test.setTimeout(120_000);
  // Passkeys work only on the portal's own host name.
  const olivia = await somebody();
  const at = (path: string) => portal.url.replace("127.0.0.1", "localhost") + path;
  const email = unique("olivia");
  await olivia.signUp("Olivia Hart", "Hart Bakery", email);
  await olivia.page.goto(at("/sign-in?next=%2Fsecurity%2Fpasskey"));
  await olivia.awake();
  const device = await olivia.page.context().newCDPSession(olivia.page);
  await device.send("WebAuthn.enable");
  await device.send("WebAuthn.addVirtualAuthenticator", {
    options: { protocol: "ctap2", ctap2Version: "ctap2_1", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true },
  });
  await olivia.field("E-mail").fill(email);
  await olivia.field("Password").fill(PASSWORD);
  await olivia.send("Sign in", /security\/passkey/);
  await olivia.field("Name").fill("Work laptop");
  await olivia.accessible();
  await olivia.send("Add passkey", /recovery-codes/);
  await olivia.says("The passkey “Work laptop” was added.");
  await olivia.mail.to(email, "A second factor was added to your login");
  await olivia.page.goto(at("/security"));
  await expect(olivia.page.getByText("Work laptop", { exact: true })).toBeVisible();
  await olivia.accessible();

  const signOut = async () => {
    await olivia.page.goto(at("/security"));
    await olivia.awake();
    await olivia.page.getByRole("button", { name: "Welcome Olivia Hart" }).click();
    await olivia.page.getByRole("button", { name: "Sign out", exact: true }).click();
    await olivia.page.waitForURL(/sign-in/);
    await olivia.awake();
  };
  // As the second factor.
  await signOut();
  await olivia.field("E-mail").fill(email);
  await olivia.field("Password").fill(PASSWORD);
  await olivia.send("Sign in", /second-factor/);
  await olivia.send("Use a passkey", /\/a\//);
  // By itself, without address and password.
  await signOut();
  await olivia.send("Sign in with a passkey", /\/a\//);
  // As the proof that it is her: removing it wants one.
  await olivia.page.goto(at("/confirm?next=%2Fsecurity"));
  await olivia.awake();
  await olivia.accessible();
  await olivia.send("Use a passkey", /\/security$/);
  await olivia.page.getByRole("button", { name: "Remove Work laptop" }).click();
  await olivia.says("The passkey “Work laptop” was removed.");
  await expect(olivia.page.getByText("Off", { exact: true })).toBeVisible();
  // The device still has it, the portal does not know it any more.
  await signOut();
  await olivia.page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(olivia.page.getByText("The passkey was not accepted").first()).toBeVisible();
  // At a bare address there are none, and the page says what to do.
  await olivia.open("/sign-in");
  await olivia.page.getByRole("button", { name: "Sign in with a passkey" }).click();
  await expect(olivia.page.getByText("Passkeys work only on the portal's own host name")).toBeVisible();
});

test("an account changes hands, and the former owner leaves it", async ({ somebody, ownDemo }) => {
  test.setTimeout(120_000);
  const [olivia, marta] = [await somebody(ownDemo), await somebody(ownDemo)];
  await olivia.signIn("olivia@hartbakery.example", DEMO_PASSWORD);
  await olivia.open("/accounts");
  const account = (await olivia.page.getByRole("link", { name: /Owner/ }).first().getAttribute("href"))!;
  await olivia.open(`${account}/contacts?q=olivia`);
  await olivia.choose("Olivia Hart", "Transfer ownership");
  await expect(olivia.page.getByRole("heading", { level: 1, name: "Transfer ownership" })).toBeVisible();
  await olivia.accessible();
  await olivia.page.getByLabel("New owner").selectOption({ label: "Marta Kowalska (marta@kowalska.example)" });
  await olivia.field("Current password").fill("not my password");
  await olivia.page.getByRole("button", { name: "Transfer ownership" }).click();
  await expect(olivia.page.getByText("This is not your current password.").first()).toBeVisible();
  await olivia.page.getByLabel("New owner").selectOption({ label: "Marta Kowalska (marta@kowalska.example)" });
  await olivia.field("Current password").fill(DEMO_PASSWORD);
  await olivia.page.getByRole("button", { name: "Transfer ownership" }).click();
  await olivia.says("Marta Kowalska was asked by e-mail");
  await expect(olivia.page.getByRole("button", { name: "Withdraw the offer" })).toBeVisible();
  await olivia.accessible();

  const offer = button(await marta.mail.to("marta@kowalska.example", "is offering you ownership"), "Review the offer");
  await marta.signIn("marta@kowalska.example", DEMO_PASSWORD);
  await marta.open(account);
  await expect(marta.page.getByText("wants to hand this account over to you")).toBeVisible();
  await marta.open(new URL(offer).pathname);
  await marta.accessible();
  await marta.page.getByRole("button", { name: "Accept", exact: true }).click();
  await marta.says("You now own Hart Bakery.");
  await expect(marta.page.getByLabel("Main e-mail")).toHaveValue("olivia@hartbakery.example");
  await olivia.mail.to("olivia@hartbakery.example", "Hart Bakery has a new owner");

  await olivia.open(account);
  await olivia.page.getByRole("link", { name: "Leave account" }).click();
  await expect(olivia.page.getByRole("heading", { level: 1, name: "Leave account" })).toBeVisible();
  await olivia.awake();
  await olivia.accessible();
  await olivia.send("Leave account", /\/accounts$/);
  await olivia.says("You left Hart Bakery.");
  await marta.mail.to("marta@kowalska.example", "Olivia Hart left Hart Bakery");
  const gone = await olivia.page.goto(`${olivia.url}${account}`);
  expect(gone?.status()).toBe(404);

  // All of it is in the activity, which also comes as a file.
  await marta.open(`${account}/activity`);
  await marta.accessible();
  await expect(marta.page.getByText("left the account and is now a closed contact")).toBeVisible();
  await marta.page.getByLabel("What").selectOption({ label: "Account and ownership" });
  await marta.page.getByLabel("Who").selectOption({ label: "Olivia Hart" });
  await marta.page.getByRole("button", { name: "Apply filters", exact: true }).click();
  await expect(marta.page.getByText("offered ownership to Marta Kowalska")).toBeVisible();
  await expect(marta.page.getByText("accepted ownership of the account")).toHaveCount(0);
  const download = marta.page.waitForEvent("download");
  await marta.page.getByRole("link", { name: "CSV" }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe("activity-10001.csv");
  expect(readFileSync(await file.path(), "utf8")).toContain("offered ownership to Marta Kowalska");
});

test("one's profile, data and login are one's own", async ({ somebody, unique }) => {
  test.setTimeout(120_000);
  const olivia = await somebody();
  const email = unique("olivia");
  await olivia.signUp("Olivia Hart", "", email);
  const account = new URL(olivia.page.url()).pathname;
  await olivia.open("/profile");
  await olivia.field("Name").fill("Olivia Hart-Lopez");
  await olivia.page.getByLabel("Time zone").selectOption("Asia/Kolkata");
  await olivia.page.getByLabel("Date format").selectOption("year-month-day");
  await olivia.page.getByRole("button", { name: "Save changes" }).click();
  await olivia.says("Changes saved.");
  await olivia.open(`${account}/activity`);
  await expect(olivia.page.locator(".activity time").first()).toHaveAttribute("title", /^\d{4}-\d\d-\d\d, \d\d:\d\d Kolkata$/);
  await olivia.open("/profile");
  const download = olivia.page.waitForEvent("download");
  await olivia.page.getByRole("link", { name: "Download my data" }).click();
  const data = JSON.parse(readFileSync(await (await download).path(), "utf8"));
  expect(data.login).toMatchObject({ name: "Olivia Hart-Lopez", email, time_zone: "Asia/Kolkata" });
  await olivia.page.getByRole("link", { name: "Delete my login" }).click();
  await expect(olivia.page.getByText("You own accounts, and every account needs an owner.")).toBeVisible();
  await olivia.awake();
  await olivia.accessible();
});

test("the way back after signing out shows nothing private", async ({ somebody, demo }) => {
  const bea = await somebody(demo);
  await bea.enterBakery("bea@ledgerline.example");
  await bea.page.getByRole("button", { name: "Welcome Bea Lindqvist" }).click();
  await bea.page.getByRole("button", { name: "Sign out", exact: true }).click();
  await bea.page.waitForURL(/sign-in/);
  await bea.page.goBack();
  await expect(bea.page).toHaveURL(/sign-in/);
  await expect(bea.page.getByRole("heading", { name: "Welcome to Hart Bakery" })).toHaveCount(0);
  await expect(bea.page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("every answer has its headers, and odd requests are refused @wasm", async ({ demo }) => {
  for (const path of ["/", "/sign-in", "/accounts", "/healthz", "/rpc/users/me", "/nothing-here", "/robots.txt", "/dev/mail/x", "/a/x/activity.csv", "/profile/data"]) {
    const answer = await fetch(demo.url + path, { redirect: "manual" });
    const header = (name: string) => answer.headers.get(name) ?? "";
    expect(header("x-content-type-options"), path).toBe("nosniff");
    expect(header("referrer-policy"), path).toBe("same-origin");
    expect(header("content-security-policy"), path).toContain("default-src 'none'");
    expect(header("content-security-policy"), path).toContain("frame-ancestors 'none'");
    expect(header("content-security-policy"), path).toContain("base-uri 'none'");
    expect(header("permissions-policy"), path).toContain("camera=()");
    expect(header("access-control-allow-origin"), path).toBe("");
  }
  const method = (name: string) =>
    new Promise<number>((done, failed) => {
      const asked = request(demo.url, { method: name }, (answer) => done(answer.resume().statusCode!));
      asked.on("error", failed);
      asked.end();
    });
  for (const name of ["TRACE", "PUT", "DELETE", "OPTIONS"]) expect(await method(name), name).toBeGreaterThanOrEqual(400);
});

/** Sends bytes as they are, and answers with everything that comes back until the connection ends. */
function raw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((done) => {
    let back = "";
    const line = createConnection({ host: hostname, port: Number(port) }, () => line.write(text));
    line.on("data", (bytes) => (back += bytes));
    line.on("close", () => done(back));
    line.on("error", () => done(back));
  });
}

test("slow and greedy clients hold nobody up @wasm", async ({ portal }) => {
  test.setTimeout(120_000);
  expect(await raw(portal.url, "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello")).toContain("400");
  expect(await raw(portal.url, `GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ${"y".repeat(40_000)}\r\n\r\n`)).toMatch(/ 431 |^$/);
  // A head that never ends is given up, and meanwhile others are answered.
  const started = Date.now();
  const never = raw(portal.url, "GET /healthz HTTP/1.1\r\nHost: x\r\n");
  const crowd = Array.from({ length: 200 }, () => raw(portal.url, "GET /healthz HTTP/1.1\r\n"));
  expect((await fetch(`${portal.url}/readyz`)).ok).toBe(true);
  await never;
  await Promise.all(crowd);
  expect(Date.now() - started).toBeLessThan(40_000);
});
