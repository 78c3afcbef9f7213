// The ticket desk: canned replies, views, merging, splitting and moving, and work on all that is found.
import { DEMO_PASSWORD, expect, type Person, test } from "../support/test.ts";

async function openTicket(person: Person, subject: string): Promise<void> {
  await person.page.locator("td.person").getByRole("link", { name: subject }).click();
  await expect(person.page.getByRole("heading", { level: 1, name: subject })).toBeVisible();
  await person.awake();
}

test("staff answer with canned replies, keep views, and find what was written", async ({ somebody, ownDemo }) => {
  const sam = await somebody(ownDemo);
  await sam.signIn("sam@latchkey.example", DEMO_PASSWORD);
  await sam.open("/operator/tickets");
  await expect(sam.page.getByRole("list", { name: "How much waits" })).toContainText("Nobody's yet 1");
  await sam.accessible();
  await sam.page.getByRole("link", { name: "Canned replies" }).click();
  await expect(sam.page.getByRole("heading", { level: 1, name: "Canned replies" })).toBeVisible();
  await sam.page.getByRole("link", { name: "New canned reply" }).click();
  await expect(sam.page.getByRole("heading", { level: 1, name: "New canned reply" })).toBeVisible();
  await sam.awake();
  await sam.field("Name").fill("Restart");
  await sam.field("Text").fill("Dear {{nome}}");
  await sam.page.getByRole("button", { name: "Save canned reply" }).click();
  await expect(sam.page.locator("#f-text-error")).toContainText("nome");
  await sam.awake();
  await sam.field("Text").fill("Dear {{name}}, we **restarted** #{{number}}.");
  await sam.send("Save canned reply", /\/canned$/);

  // Words find what was written, in whatever status; a way to look is kept under a name.
  await sam.open("/operator/tickets");
  await sam.find("mailboxes");
  await expect(sam.row("Mailbox sizes")).toContainText("Closed");
  await sam.page.getByText("Save as view").first().click();
  await sam.field("Name of the view").fill("Boxes");
  await sam.save("Save as view", "The view “Boxes” was saved.");
  await sam.open("/operator/tickets");
  await sam.page.getByRole("link", { name: "Boxes" }).click();
  await expect(sam.row("Mailbox sizes")).toBeVisible();
  await sam.open("/operator/tickets");
  await openTicket(sam, "Order form shows an error");
  await expect(sam.page.getByRole("region", { name: "About the customer" })).toContainText("Move the domain on Monday");
  await sam.field("Your reply").fill("Hello!\n");
  await sam.page.getByLabel("Canned reply").selectOption("Restart");
  if (!sam.wasm) {
    await sam.page.getByRole("button", { name: "Insert" }).click();
    await sam.says("The canned reply is in your draft.");
  }
  await expect(sam.field("Your reply")).toHaveValue(/^Hello!\n+Dear Wes Diaz, we \*\*restarted\*\* #1001\.$/);
  if (sam.wasm) {
    await sam.page.getByRole("button", { name: "Preview" }).click();
    await expect(sam.page.locator(".text-preview strong")).toHaveText("restarted");
  } else {
    const [preview] = await Promise.all([sam.page.context().waitForEvent("page"), sam.page.getByRole("button", { name: "Preview" }).click()]);
    await expect(preview.locator("strong")).toHaveText("restarted");
  }
  await sam.save("Send reply", "Your answer is sent in 15 seconds.");
});

test("staff see who is answering, and go through the desk with the keyboard @wasm", async ({ somebody, ownDemo }) => {
  test.setTimeout(120_000);
  const [sam, robin] = [await somebody(ownDemo), await somebody(ownDemo)];
  for (const [person, email] of [[sam, "sam"], [robin, "robin"]] as const) {
    await person.signIn(`${email}@latchkey.example`, DEMO_PASSWORD);
    await person.open("/operator/tickets");
  }
  await sam.page.locator("td.person a").first().waitFor();
  await sam.page.keyboard.press("j");
  await expect(sam.page.getByRole("link", { name: "Order form shows an error" })).toBeFocused();
  await sam.page.keyboard.press("Enter");
  await expect(sam.page.getByRole("heading", { level: 1, name: "Order form shows an error" })).toBeVisible();
  await sam.page.keyboard.press("n");
  await expect(sam.page.getByLabel("Note for staff")).toBeFocused();
  await sam.page.keyboard.press("Escape");
  await sam.page.getByRole("heading", { level: 1 }).click();
  await sam.page.keyboard.press("r");
  await expect(sam.field("Your reply")).toBeFocused();
  await sam.page.keyboard.type("We are on it, run");
  await openTicket(robin, "Order form shows an error");
  await expect(robin.page.getByText("Sam Okoye is answering")).toBeVisible({ timeout: 30_000 });
  await robin.page.keyboard.press("u");
  await expect(robin.row("Order form shows an error")).toContainText("Sam Okoye is answering");
  // Who wants no single keys has none, in this browser.
  await robin.page.getByRole("button", { name: "Turn single keys off" }).click();
  await robin.page.keyboard.press("j");
  await expect(robin.page.getByRole("link", { name: "Order form shows an error" })).not.toBeFocused();
  // By its number from anywhere.
  await robin.page.keyboard.press("Control+k");
  await robin.page.getByRole("searchbox", { name: "Find" }).fill("#1002");
  await expect(robin.page.getByRole("dialog").getByRole("link", { name: /Move the domain on Monday/ })).toBeVisible();
  await robin.page.keyboard.press("Enter");
  await expect(robin.page.getByRole("heading", { level: 1, name: "Move the domain on Monday" })).toBeVisible();
});

test("tickets are merged, split, moved, and put back", async ({ somebody, ownDemo }) => {
  test.setTimeout(120_000);
  const [sam, wes] = [await somebody(ownDemo), await somebody(ownDemo)];
  await sam.signIn("sam@latchkey.example", DEMO_PASSWORD);
  await sam.open("/operator/tickets");
  await openTicket(sam, "Order form shows an error");
  const path = new URL(sam.page.url()).pathname;
  const arrange = async () => {
    await sam.page.getByRole("link", { name: "Merge, split or move" }).click();
    await expect(sam.page.getByRole("heading", { level: 1, name: "Merge, split or move" })).toBeVisible();
    await sam.awake();
  };
  await arrange();
  await sam.field("Number of the other ticket").fill("1002");
  await sam.page.getByRole("button", { name: "See what that changes" }).first().click();
  await expect(sam.page.getByText("Nobody reads more than before.")).toBeVisible();
  await sam.awake();
  await sam.accessible();
  await sam.send("Merge", /\/a\/.*\/tickets\/[0-9a-z]+$/);
  await expect(sam.page.getByRole("heading", { level: 1, name: "Move the domain on Monday" })).toBeVisible();
  await expect(sam.page.getByText("502 Bad Gateway")).toBeVisible();
  // Who had opened it is led on.
  await wes.signIn("wes@pixelworks.example", DEMO_PASSWORD);
  await wes.open(path);
  await expect(wes.page.getByText("This ticket was merged into #1002.")).toBeVisible();
  await wes.page.getByRole("link", { name: "#1002" }).click();
  await expect(wes.page.getByText("Is that early enough?")).toBeVisible();
  await sam.page.getByRole("link", { name: "Undo merge" }).click();
  await sam.page.waitForURL(/arrange/);
  await sam.awake();
  await sam.page.getByRole("button", { name: "Undo merge" }).click();
  await sam.says("Ticket #1001 stands by itself again.");
  await wes.page.reload();
  await expect(wes.page.getByText("Is that early enough?")).toBeVisible();
  await expect(wes.page.getByText("502 Bad Gateway")).toBeHidden();

  // Split off what is another question, and put it back.
  await sam.open("/operator/tickets?status=answered");
  await openTicket(sam, "Move the domain on Monday");
  await arrange();
  await sam.field("Subject of the new ticket").fill("Opening hours");
  await sam.page.getByRole("button", { name: "Split", exact: true }).click();
  await expect(sam.page.getByText("Tick the messages that go into the new ticket.").first()).toBeVisible();
  await sam.awake();
  await sam.page.getByRole("checkbox", { name: /We can do that at 6:00/ }).check();
  await sam.send("Split", /\/a\/.*\/tickets\/[0-9a-z]+$/);
  await expect(sam.page.getByRole("heading", { level: 1, name: "Opening hours" })).toBeVisible();
  await sam.page.getByRole("link", { name: "Put back" }).click();
  await sam.page.waitForURL(/arrange/);
  await sam.awake();
  await sam.page.getByRole("button", { name: "Put back" }).click();
  await sam.says("is part of #1002 now.");

  // To another customer, and back.
  await sam.open(path);
  await arrange();
  await sam.field("Number of the customer").fill("10002");
  await sam.page.getByRole("button", { name: "See what that changes" }).last().click();
  await expect(sam.page.getByText("will no longer see it.")).toBeVisible();
  await sam.awake();
  await sam.page.getByRole("button", { name: "Move", exact: true }).click();
  await sam.says("Ticket #1001 belongs to");
  await wes.page.goto(ownDemo.url + path);
  await expect(wes.page.getByText("502 Bad Gateway")).toBeHidden();
  await sam.page.getByRole("link", { name: "Move back" }).click();
  await sam.page.waitForURL(/arrange/);
  await sam.awake();
  await sam.page.getByRole("button", { name: "Move back" }).click();
  await sam.says("Ticket #1001 belongs to Hart Bakery now.");
  await wes.page.goto(ownDemo.url + path);
  await expect(wes.page.getByText("502 Bad Gateway")).toBeVisible();
});

test("all tickets that are found are closed, and opened again", async ({ somebody, ownDemo }) => {
  const sam = await somebody(ownDemo);
  await sam.signIn("sam@latchkey.example", DEMO_PASSWORD);
  await sam.open("/operator/tickets?status=answered");
  await sam.page.getByRole("link", { name: "Do something with all found" }).click();
  await expect(sam.page.getByText("Tickets found: 1")).toBeVisible();
  await sam.awake();
  await sam.page.getByLabel("Close the tickets").check();
  await sam.send("Do it", /\/bulk\//);
  await expect(async () => {
    await sam.page.reload();
    await expect(sam.page.getByText("1 were changed")).toBeVisible({ timeout: 500 });
  }).toPass();
  await sam.awake();
  const here = sam.page.url();
  await sam.send("Undo for all", (url) => url.href !== here && /\/bulk\//.test(url.href));
  await expect(async () => {
    await sam.page.reload();
    await expect(sam.page.getByText("1 were changed")).toBeVisible({ timeout: 500 });
  }).toPass();
  await sam.open("/operator/tickets?status=answered");
  await expect(sam.row("Move the domain on Monday")).toBeVisible();
});
