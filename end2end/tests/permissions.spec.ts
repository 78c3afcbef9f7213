// Permissions that open exactly what they say: the web designer, hundreds of services, previews, asking, news.
import { button } from "../support/smtp.ts";
import { DEMO_PASSWORD, expect, PASSWORD, type Person, test } from "../support/test.ts";

const FIVE = ["View", "Control panel", "Billing information", "Upgrade", "Cancel"];

/** The box of a permission on a service or domain. */
function box(person: Person, permission: string, thing: string) {
  return person.page.getByRole("checkbox", { name: `${permission}: ${thing}`, exact: true });
}

/** What the list of services offers to do with one. */
async function offered(person: Person, service: string): Promise<string[]> {
  await person.page.getByRole("button", { name: `Actions for ${service}` }).click();
  const items = await person.page.locator(".menu:popover-open").getByRole("link").allInnerTexts();
  await person.page.keyboard.press("Escape");
  return items.map((item) => item.trim());
}

/** Two services, with these actions and no others, and nothing about money or people. */
async function seesTwoServices(person: Person): Promise<void> {
  await expect(person.page.getByRole("navigation", { name: "Account" }).getByRole("link")).toHaveText(["Overview", "Services", "Tickets"]);
  await person.navigate("Services");
  await expect(person.page.locator("td.person a")).toHaveText(["Bakery website", "Online shop"]);
  expect(await offered(person, "Bakery website")).toEqual(["Details", "Control panel", "Request upgrade", "Request cancellation"]);
  expect(await offered(person, "Online shop")).toEqual(["Details", "Control panel"]);
  await expect(person.row("Bakery website")).toContainText("12.90 EUR a month");
  await expect(person.row("Online shop")).not.toContainText("EUR");
  await person.page.getByRole("link", { name: "Online shop" }).click();
  await expect(person.page.getByRole("heading", { level: 1, name: "Online shop" })).toBeVisible();
  await expect(person.page.getByText("hartbakery", { exact: true })).toBeVisible();
  await expect(person.page.getByRole("link", { name: "Control panel" })).toBeVisible();
  for (const gone of ["Request upgrade", "Request cancellation", "Billing information", "Invoices"]) await expect(person.page.getByText(gone, { exact: true })).toHaveCount(0);
}

test("a web designer sees two services with exactly the buttons that were left to them", async ({ somebody, ownDemo, mail, unique }) => {
  test.setTimeout(120_000);
  const olivia = await somebody(ownDemo);
  const dana = await somebody(ownDemo);
  const email = unique("dana");
  const bakery = await olivia.enterBakery();

  // Invited as "Technical Staff".
  await olivia.open(`${bakery}/contacts/invite`);
  await olivia.field("Name").fill("Dana Designer");
  await olivia.field("E-mail").fill(email);
  await olivia.page.getByRole("radio", { name: "Technical Staff" }).check();
  await expect(olivia.page.getByText("Recommended for an outside web designer")).toBeVisible();
  await olivia.accessible();
  await olivia.send("Send invitation", /\/contacts(\?|$)/);
  await expect(olivia.row("Dana Designer")).toContainText("Technical Staff");
  const invitation = await mail.to(email, "invites you to Hart Bakery");
  expect(invitation.text).toContain("see all services, use control panels");

  // Two services only; billing, upgrade and cancel taken away on one of them.
  await olivia.choose("Dana Designer", "Edit Contact");
  await expect(olivia.page.locator(".who", { hasText: "Dana Designer" })).toBeVisible();
  await olivia.awake();
  for (const service of ["Mailboxes 25", "Recipe blog", "Till server"]) for (const permission of FIVE) await box(olivia, permission, service).setChecked(false);
  for (const permission of ["Billing information", "Upgrade", "Cancel"]) await box(olivia, permission, "Online shop").uncheck();
  if (olivia.wasm) {
    await expect(olivia.page.getByRole("radio", { name: "Custom" })).toBeChecked();
    await expect(box(olivia, "Upgrade", "all services, including future ones")).not.toBeChecked();
    await expect(olivia.page.locator(".sum")).toContainText("view and use the control panel on Online shop. They will not see invoices, domains or contacts.");
  }
  await olivia.send("Submit", /\/contacts(\?|$)/);
  await expect(olivia.row("Dana Designer")).toContainText("Custom");

  // Dana accepts and sees exactly that.
  await dana.open(button(invitation, "Review in Client Area"));
  await expect(dana.page.getByText("view and use the control panel on Online shop.")).toBeVisible();
  await dana.field("Password").fill(PASSWORD);
  await dana.page.getByRole("button", { name: "Create login" }).click();
  await expect(dana.page.getByRole("button", { name: "Accept" })).toBeVisible();
  await dana.awake();
  await dana.send("Accept", /\/a\/[0-9a-z]{26}$/);
  await dana.accessible();
  await seesTwoServices(dana);
  await dana.accessible();

  // The control panel opens, signed on, in a tab of its own.
  const [panel] = await Promise.all([dana.page.context().waitForEvent("page"), dana.page.getByRole("link", { name: "Control panel" }).click()]);
  await expect(panel.getByText("Signed in to web2.latchkey.example as hartbakery, for Dana Designer.")).toBeVisible();
  await panel.reload();
  await expect(panel.getByText("This sign-on link no longer works.")).toBeVisible();

  // "See it as" shows the same, and nothing can be changed in it.
  await olivia.choose("Dana Designer", "See it as Dana Designer");
  await expect(olivia.page.getByText("Nothing can be changed here.")).toBeVisible();
  await olivia.awake();
  await olivia.accessible();
  await seesTwoServices(olivia);
  await olivia.navigate("Services");
  await olivia.page.getByRole("link", { name: "Bakery website" }).click();
  await expect(olivia.page.getByRole("heading", { level: 1, name: "Bakery website" })).toBeVisible();
  await olivia.page.getByRole("link", { name: "Request upgrade" }).click();
  await expect(olivia.page.getByRole("heading", { name: "Request an upgrade for Bakery website" })).toBeVisible();
  await olivia.field("What do you need").fill("More space");
  await olivia.page.getByRole("button", { name: "Request upgrade" }).click();
  await expect(olivia.page.getByText("This is a preview: nothing can be changed in it.")).toBeVisible();
  await olivia.page.getByRole("link", { name: "Leave preview" }).click();
  await expect(olivia.page.getByRole("heading", { level: 1, name: "Contacts" })).toBeVisible();
});

test("unsaved changes are seen before they count, and are there on the way back", async ({ somebody, ownDemo }) => {
  const olivia = await somebody(ownDemo);
  const bakery = await olivia.enterBakery();
  await olivia.open(`${bakery}/contacts?q=wes`);
  await olivia.choose("Wes Diaz", "Edit Contact");
  await expect(olivia.page.locator(".who", { hasText: "Wes Diaz" })).toBeVisible();
  await olivia.awake();
  // What he asked for leads to its box.
  await expect(olivia.page.getByText("This person asks for:")).toBeVisible();
  await box(olivia, "View", "hartbakery.example").check();
  for (const permission of ["View", "Control panel"]) await box(olivia, permission, "Online shop").setChecked(false);
  await olivia.page.getByRole("button", { name: "See it as Wes Diaz" }).click();
  await expect(olivia.page.getByText("with changes that are not saved yet")).toBeVisible();
  await olivia.awake();
  const banner = olivia.page.getByRole("region", { name: "Preview" });
  await expect(banner).toContainText("Wes Diaz will be able toview hartbakery.example");
  await expect(banner).toContainText("Wes Diaz will no longer be able toview and use the control panel on Online shop");
  await expect(olivia.page.getByRole("navigation", { name: "Account" }).getByRole("link")).toHaveText(["Overview", "Services", "Domains", "Tickets"]);
  await olivia.navigate("Services");
  await expect(olivia.page.locator("td.person a")).toHaveText(["Bakery website"]);
  await olivia.page.getByRole("link", { name: "Leave preview" }).click();
  await expect(olivia.page.getByText("What you typed is still here")).toBeVisible();
  await olivia.awake();
  await expect(box(olivia, "View", "hartbakery.example")).toBeChecked();
  await expect(box(olivia, "View", "Online shop")).not.toBeChecked();
  await olivia.send("Submit", /\/contacts(\?|$)/);
  await olivia.says("Changes to Wes Diaz saved.");
});

test("300 services can be searched, ticked by column and walked through with the keyboard @wasm", async ({ somebody, demo }) => {
  const owner = await somebody(demo);
  await owner.signIn("many@measured.example", DEMO_PASSWORD);
  await owner.open(`${new URL(owner.page.url()).pathname}/contacts/invite`);
  await expect(owner.page.locator("[data-assets=services] tbody tr")).toHaveCount(301);
  await owner.page.getByRole("searchbox", { name: "Search services" }).fill("site 0029");
  await expect(owner.page.locator("[data-assets=services] tbody tr[id]:visible")).toHaveCount(10);
  // A column's heading ticks what is shown, and "View" comes along.
  await owner.page.getByRole("button", { name: "Control panel" }).click();
  await expect(owner.page.locator(".sum")).toContainText("view and use the control panel on Site 00290, Site 00291, Site 00292 and 7 more services");
  await owner.page.getByRole("searchbox", { name: "Search services" }).fill("");
  await expect(owner.page.locator("[data-assets=services] tbody tr:visible")).toHaveCount(301);
  expect(await owner.page.locator("input[name='on[]']:checked").count()).toBe(20);
  // From the row for all of them, arrow keys lead through the table; Tab leaves it.
  await box(owner, "View", "all services, including future ones").focus();
  await owner.page.keyboard.press("ArrowDown");
  await expect(box(owner, "View", "Site 00000")).toBeFocused();
  await owner.page.keyboard.press("ArrowRight");
  await owner.page.keyboard.press("Space");
  await expect(box(owner, "Control panel", "Site 00000")).toBeChecked();
  await expect(box(owner, "View", "Site 00000")).toBeChecked();
  await owner.page.keyboard.press("End");
  await expect(box(owner, "Control panel", "Site 00299")).toBeFocused();
  await owner.page.keyboard.press("Tab");
  await expect(owner.page.locator("[data-assets=services] input:focus")).toHaveCount(0);
  // "View" taken away takes the rest of the row along.
  await box(owner, "View", "Site 00000").uncheck();
  await expect(box(owner, "Control panel", "Site 00000")).not.toBeChecked();
  // All of them, and then one less.
  await box(owner, "View", "all services, including future ones").check();
  await expect(box(owner, "View", "Site 00123")).toBeChecked();
  await box(owner, "View", "Site 00123").uncheck();
  await expect(box(owner, "View", "all services, including future ones")).not.toBeChecked();
  await expect(box(owner, "View", "Site 00124")).toBeChecked();
  // A preset fills the boxes; what it recommends is done with one click.
  await owner.page.getByRole("radio", { name: "Technical Staff" }).check();
  await expect(box(owner, "Cancel", "Site 00124")).toBeChecked();
  await owner.page.getByRole("button", { name: "Take them away" }).click();
  for (const permission of ["Billing information", "Upgrade", "Cancel"]) await expect(box(owner, permission, "Site 00124")).not.toBeChecked();
  await expect(box(owner, "Control panel", "all services, including future ones")).toBeChecked();
  await expect(owner.page.getByRole("radio", { name: "Custom" })).toBeChecked();
});

test("300 services fit a phone, and the form is sent", async ({ somebody, ownDemo, unique }) => {
  const owner = await somebody(ownDemo, { viewport: { width: 390, height: 844 } });
  const email = unique("phone");
  await owner.signIn("many@measured.example", DEMO_PASSWORD);
  const account = new URL(owner.page.url()).pathname;
  await owner.open(`${account}/contacts/invite`);
  await owner.field("E-mail").fill(email);
  for (const site of ["Site 00007", "Site 00299"]) {
    await box(owner, "View", site).check();
    await box(owner, "Control panel", site).check();
  }
  expect(await owner.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  await owner.send("Send invitation", /\/contacts(\?|$)/);
  await owner.open(`${account}/contacts?q=${email}`);
  await owner.choose(email, "Edit Contact");
  await expect(box(owner, "Control panel", "Site 00299")).toBeChecked();
  await expect(box(owner, "Billing information", "Site 00299")).not.toBeChecked();
  await expect(box(owner, "View", "Site 00008")).not.toBeChecked();
});

async function tomTakesCancelAway(tom: Person): Promise<void> {
  await tom.signIn("tom@beckerbikes.example", DEMO_PASSWORD);
  await tom.open(`${new URL(tom.page.url()).pathname}/contacts?q=wes`);
  await tom.choose("Wes Diaz", "Edit Contact");
  await expect(tom.page.locator(".who", { hasText: "Wes Diaz" })).toBeVisible();
  await tom.awake();
  await box(tom, "Cancel", "all services, including future ones").uncheck();
  for (const service of ["Bike shop", "Mailboxes 10"]) await box(tom, "Cancel", service).uncheck();
  await tom.send("Submit", /\/contacts(\?|$)/);
}

test("who lacks a permission learns what is missing and asks for it", async ({ somebody, ownDemo, mail }) => {
  const wes = await somebody(ownDemo);
  await wes.signIn("wes@pixelworks.example", DEMO_PASSWORD);
  await wes.page.getByRole("link", { name: /Becker Bikes/ }).click();
  await expect(wes.page.getByRole("heading", { name: "Welcome to Becker Bikes" })).toBeVisible();
  const account = new URL(wes.page.url()).pathname;
  const answer = await wes.page.goto(`${wes.url}${account}/domains`);
  expect(answer!.status()).toBe(403);
  await wes.awake();
  await expect(wes.page.getByText("This needs the permission “Domains: View”")).toBeVisible();
  await expect(wes.page.getByText("Tom Becker can grant it to you.")).toBeVisible();
  await wes.accessible();
  await wes.page.getByRole("button", { name: "Ask Tom Becker for access" }).click();
  await wes.says("Tom Becker gets an e-mail with your request.");
  const asked = await mail.to("tom@beckerbikes.example", "Wes Diaz asks for access to Becker Bikes");
  // On a single service too.
  await wes.page.goto(wes.url + account + "/services");
  const service = (await wes.page.locator("td.person a").first().getAttribute("href"))!;
  await tomTakesCancelAway(await somebody(ownDemo));
  expect((await wes.page.goto(`${wes.url}${service}/cancel`))!.status()).toBe(403);
  await wes.awake();
  await expect(wes.page.getByRole("button", { name: "Ask Tom Becker for access" })).toBeVisible();
  // The link leads to the request; what is granted opens the page from the next request on.
  const tom = await somebody(ownDemo);
  await tom.signIn("tom@beckerbikes.example", DEMO_PASSWORD);
  await tom.open(new URL(button(asked, "Review the request")).pathname);
  const request = tom.page.getByRole("region", { name: "Wes Diaz asks for Domains: View" });
  await tom.accessible();
  await request.getByRole("button", { name: "Grant" }).click();
  await tom.says("Wes Diaz now has “Domains: View”");
  await mail.to("wes@pixelworks.example", "You have access: Domains: View");
  await expect(request).toHaveCount(0);
  await wes.open(`${account}/domains`);
  await expect(wes.page.locator("td.person a")).toHaveText(["beckerbikes.example", "rideout.example"]);
});

test("an open tab hears that its permissions have changed @wasm", async ({ somebody, ownDemo }) => {
  const olivia = await somebody(ownDemo);
  const wes = await somebody(ownDemo);
  const bakery = await olivia.enterBakery();
  await wes.signIn("wes@pixelworks.example", DEMO_PASSWORD);
  const listening = wes.page.waitForResponse(/\/events$/);
  await wes.open(`${bakery}/services`);
  await listening;
  await olivia.open(`${bakery}/contacts?q=wes`);
  await olivia.choose("Wes Diaz", "Edit Contact");
  await box(olivia, "View", "bakingdays.example").check();
  await olivia.send("Submit", /\/contacts(\?|$)/);
  await expect(wes.page.getByText("Your permissions on this account have changed.")).toBeVisible();
  await wes.page.getByRole("button", { name: "Reload the page" }).click();
  await expect(wes.page.getByRole("navigation", { name: "Account" }).getByRole("link")).toHaveText(["Overview", "Services", "Domains", "Tickets"]);
  await wes.awake();
  await olivia.open(`${bakery}/contacts?q=wes`);
  await olivia.choose("Wes Diaz", "Delete");
  await olivia.page.getByRole("button", { name: "Delete Wes Diaz" }).click();
  await expect(wes.page.getByText("You can no longer enter Hart Bakery.")).toBeVisible();
});

test("a cancellation is requested, confirmed, pending and withdrawn; a domain follows its owner", async ({ somebody, ownDemo, mail }) => {
  const olivia = await somebody(ownDemo);
  const bakery = await olivia.enterBakery();
  await olivia.open(`${bakery}/services`);
  await olivia.page.getByRole("link", { name: "Online shop" }).click();
  await expect(olivia.page.getByRole("heading", { level: 1, name: "Online shop" })).toBeVisible();
  await olivia.page.getByRole("link", { name: "Request cancellation" }).click();
  await expect(olivia.page.getByRole("heading", { name: "Request cancellation of Online shop?" })).toBeVisible();
  await olivia.awake();
  await olivia.field("Reason").fill("We sell in the shop only.");
  await olivia.page.getByRole("button", { name: "Request cancellation" }).click();
  await expect(olivia.page.getByText("Tick the box to confirm that you want to cancel this service.").first()).toBeVisible();
  await expect(olivia.field("Reason")).toHaveValue("We sell in the shop only.");
  await olivia.page.getByLabel("Yes, I want to cancel Online shop").check();
  await olivia.send("Request cancellation", /\/services\/[0-9a-z]{26}$/);
  await olivia.says("Cancellation requested for Online shop.");
  expect((await mail.to("billing@latchkey.example", "Cancellation request for Online shop from Hart Bakery")).text).toContain("We sell in the shop only.");
  await expect(olivia.page.getByRole("region", { name: "Cancellation requested" })).toContainText("At the end of the paid period");
  await olivia.page.getByRole("button", { name: "Withdraw request" }).click();
  await olivia.says("The request was withdrawn. Nothing changes for Online shop.");
  await expect(olivia.page.getByRole("region", { name: "Cancellation requested" })).toHaveCount(0);

  await olivia.navigate("Domains");
  await olivia.page.getByRole("link", { name: "hartbakery.example", exact: true }).click();
  await expect(olivia.page.getByRole("heading", { level: 1, name: "hartbakery.example" })).toBeVisible();
  await olivia.awake();
  await olivia.page.getByText("Change nameservers").click();
  await olivia.field("Nameservers").fill("localhost");
  await olivia.page.getByRole("button", { name: "Request change" }).click();
  await expect(olivia.page.getByText("localhost is not the name of a server.").first()).toBeVisible();
  await olivia.field("Nameservers").fill("ns1.other.example\nns2.other.example");
  await olivia.page.getByRole("button", { name: "Request change" }).click();
  await expect(olivia.page.getByRole("region", { name: "Nameserver change requested" })).toContainText("ns1.other.example, ns2.other.example");
  await olivia.page.getByRole("button", { name: "Switch off automatic renewal" }).click();
  await olivia.says("hartbakery.example no longer renews automatically");
  await expect(olivia.page.getByRole("button", { name: "Switch on automatic renewal" })).toBeVisible();
});
