// The main job from end to end, with and without WASM.
import { button } from "../support/smtp.ts";
import { expect, PASSWORD, test } from "../support/test.ts";

test("contacts, an invitation by mail, accept, switch accounts, delete", async ({ somebody, unique, mail }) => {
  test.setTimeout(120_000);
  const olivia = await somebody();
  const ben = await somebody();
  const [oliviaMail, benMail, bookMail] = [unique("olivia"), unique("ben"), unique("books")];

  // Sign up and confirm the address.
  await olivia.signUp("Olivia Hart", "Hart Bakery", oliviaMail);
  await expect(olivia.page.getByRole("heading", { name: "Welcome to Hart Bakery" })).toBeVisible();
  await olivia.accessible();

  // Add a contact who only gets mail.
  await olivia.navigate("Contacts");
  await olivia.page.getByRole("link", { name: "Add New Contact" }).click();
  await expect(olivia.page.getByRole("heading", { name: "Add New Contact" })).toBeVisible();
  await olivia.awake();
  await olivia.field("First name").fill("Books");
  await olivia.field("Last name").fill("Keeper");
  await olivia.field("E-mail").fill(bookMail);
  await olivia.page.getByLabel("Invoice", { exact: true }).check();
  await olivia.accessible();
  await olivia.send("Submit", /\/contacts(\?|$)/);
  await olivia.says("Books Keeper was added and gets an e-mail about it.");
  expect((await mail.to(bookMail, "You were added to Hart Bakery")).text).toContain("general and invoice mail");
  await expect(olivia.row("Books Keeper")).toContainText("Mail only");

  // Edit it, then close it.
  await olivia.choose("Books Keeper", "Edit Contact");
  await expect(olivia.page.locator(".who", { hasText: "Books Keeper" })).toBeVisible();
  await olivia.awake();
  await olivia.field("Phone").fill("+44 1225 123456");
  await olivia.send("Submit", /\/contacts(\?|$)/);
  await olivia.says("Changes to Books Keeper saved.");
  await olivia.choose("Books Keeper", "Edit Contact");
  await expect(olivia.field("Phone")).toHaveValue("+44 1225 123456");
  await olivia.awake();
  await olivia.page.getByLabel("Status").selectOption("Closed");
  await olivia.send("Submit", /\/contacts(\?|$)/);
  await expect(olivia.row("Books Keeper")).toContainText("Closed");

  // Invite a user.
  await olivia.page.getByRole("link", { name: "Invite User" }).click();
  await expect(olivia.page.getByRole("heading", { name: "Invite User" })).toBeVisible();
  await olivia.awake();
  await olivia.field("Name").fill("Ben Carter");
  await olivia.field("E-mail").fill(benMail);
  await olivia.page.getByRole("radio", { name: "Accounting" }).check();
  if (olivia.wasm) {
    await expect(olivia.page.getByLabel("Pay invoices")).toBeChecked();
    await expect(olivia.page.getByText("They will be able to view invoices and pay invoices.")).toBeVisible();
  }
  await olivia.accessible();
  await olivia.send("Send invitation", /\/contacts(\?|$)/);
  await olivia.says(`An invitation is on its way to ${benMail}.`);
  await expect(olivia.row("Ben Carter")).toContainText("Invited");
  await expect(olivia.row("Ben Carter")).toContainText("Accounting");

  // Ben opens the mail, creates a login and accepts.
  const invitation = await mail.to(benMail, "invites you to Hart Bakery");
  expect(invitation.text).toContain("You will be able to view invoices and pay invoices.");
  await ben.open(button(invitation, "Review in Client Area"));
  await expect(ben.field("E-mail")).toHaveValue(benMail);
  await expect(ben.field("E-mail")).toHaveAttribute("readonly");
  await ben.accessible();
  await ben.field("Your name").fill("Ben Carter");
  await ben.field("Password").fill(PASSWORD);
  await ben.page.getByRole("button", { name: "Create login" }).click();
  await expect(ben.page.getByRole("button", { name: "Accept" })).toBeVisible();
  await ben.awake();
  await ben.send("Accept", /\/a\/[0-9a-z]{26}$/);
  await ben.says("You can enter this account now.");
  await expect(ben.page.getByText("Hart Bakery").first()).toBeVisible();
  await expect(ben.page.getByRole("navigation", { name: "Account" }).getByRole("link", { name: "Contacts" })).toHaveCount(0);

  // A second account invites him; it waits on the picker.
  const rosa = await somebody();
  await rosa.signUp("Rosa Lind", "Lind Design", unique("rosa"));
  await rosa.navigate("Contacts");
  await rosa.page.getByRole("link", { name: "Invite User" }).click();
  await expect(rosa.page.getByRole("heading", { name: "Invite User" })).toBeVisible();
  await rosa.awake();
  await rosa.field("E-mail").fill(benMail);
  await rosa.page.getByRole("radio", { name: "Technical Staff" }).check();
  await rosa.send("Send invitation", /\/contacts(\?|$)/);
  await ben.page.getByRole("button", { name: /^Welcome Ben Carter/ }).click();
  await ben.page.getByRole("link", { name: "Switch Customer Account" }).click();
  await expect(ben.page.getByRole("heading", { name: "Your accounts" })).toBeVisible();
  await ben.awake();
  await expect(ben.page.getByText("Rosa Lind invites you.")).toBeVisible();
  await ben.accessible();
  await ben.send("Accept", /\/a\/[0-9a-z]{26}$/);
  await expect(ben.page.getByRole("heading", { name: "Welcome to Lind Design" })).toBeVisible();

  // One login, two accounts.
  await ben.page.getByRole("button", { name: /^Welcome Ben Carter/ }).click();
  await ben.page.getByRole("link", { name: "Switch Customer Account" }).click();
  await ben.awake();
  await ben.page.getByRole("link", { name: /Hart Bakery/ }).click();
  await expect(ben.page.getByRole("heading", { name: "Welcome to Hart Bakery" })).toBeVisible();

  // Delete: the question names him and what is lost; then he cannot enter.
  await olivia.open(olivia.page.url());
  await expect(olivia.row("Ben Carter")).toContainText("Active");
  await olivia.choose("Ben Carter", "Delete");
  const question = olivia.page.getByRole("dialog", { name: "Delete Ben Carter?" });
  await expect(question).toContainText("Ben Carter can no longer enter this account.");
  await olivia.accessible();
  await question.getByRole("button", { name: "Delete Ben Carter" }).click();
  await olivia.says("Ben Carter was deleted.");
  await expect(olivia.row("Ben Carter")).toHaveCount(0);
  const answer = await ben.page.goto(ben.page.url());
  expect(answer!.status()).toBe(404);

  // Delete from the foot of the edit page.
  await olivia.choose("Books Keeper", "Edit Contact");
  await expect(olivia.page.locator(".who", { hasText: "Books Keeper" })).toBeVisible();
  await olivia.awake();
  await olivia.page.locator("#delete").click();
  await olivia.page.getByRole("dialog").getByRole("button", { name: "Delete Books Keeper" }).click();
  await olivia.says("Books Keeper was deleted.");
});

test("pending invitations can be resent, copied and withdrawn from the menu", async ({ somebody, unique, mail }) => {
  const olivia = await somebody();
  await olivia.signUp("Olivia Hart", "Hart Bakery", unique("olivia"));
  await olivia.navigate("Contacts");
  await olivia.page.getByRole("link", { name: "Invite User" }).click();
  await expect(olivia.page.getByRole("heading", { name: "Invite User" })).toBeVisible();
  await olivia.awake();
  const [one, two] = [unique("one"), unique("two")];
  await olivia.field("E-mail").fill(`${one}\n${two}`);
  await olivia.send("Send invitation", /\/contacts(\?|$)/);
  await olivia.says("Invitations are on their way to 2 people.");
  const first = button(await mail.to(one, "invites you"), "Review in Client Area");

  await olivia.choose(one, "Resend invitation");
  await olivia.says(`A new invitation is on its way to ${one}; the old link no longer works.`);
  await mail.until((mails) => mails.filter((m) => m.to_address === one).length === 2);
  const stranger = await somebody();
  await stranger.open(first);
  await expect(stranger.page.getByRole("heading", { name: "This link does not work" })).toBeVisible();

  await olivia.choose(one, "Copy invitation link");
  const dialog = olivia.page.getByRole("dialog", { name: "Copy invitation link" });
  const link = await dialog.getByLabel("Invitation link").inputValue();
  await olivia.accessible();
  await dialog.getByRole("link", { name: "Close" }).click();
  await expect(dialog).toHaveCount(0);
  await stranger.open(link);
  await expect(stranger.page.getByText("We then e-mail you a link to confirm the address")).toBeVisible();

  await olivia.choose(one, "Withdraw invitation");
  await olivia.says(`The invitation to ${one} was withdrawn.`);
  await expect(olivia.row(one)).toContainText("Mail only");
  await stranger.open(link);
  await expect(stranger.page.getByRole("heading", { name: "This invitation was withdrawn" })).toBeVisible();

  // Declining from the mail, without a login.
  await stranger.open(button(await mail.to(two, "invites you"), "Review in Client Area"));
  await stranger.page.getByRole("button", { name: "Decline" }).click();
  await expect(stranger.page.getByRole("heading", { name: "This invitation was declined" })).toBeVisible();
});

test("two browsers and two tabs keep two accounts apart", async ({ somebody, unique }) => {
  const olivia = await somebody();
  const oscar = await somebody();
  await olivia.signUp("Olivia Hart", "Hart Bakery", unique("olivia"));
  await oscar.signUp("Oscar Outside", "Elsewhere Ltd", unique("oscar"));
  const bakery = new URL(olivia.page.url()).pathname;
  const answer = await oscar.page.goto(oscar.url + bakery);
  expect(answer!.status()).toBe(404);
  await expect(oscar.page.getByText("Hart Bakery")).toHaveCount(0);
  const oscarMail = unique("oscar");
  await olivia.navigate("Contacts");
  await olivia.page.getByRole("link", { name: "Invite User" }).click();
  await expect(olivia.page.getByRole("heading", { name: "Invite User" })).toBeVisible();
  await olivia.awake();
  await olivia.field("E-mail").fill(oscarMail);
  await olivia.send("Send invitation", /\/contacts(\?|$)/);
  await oscar.open("/accounts");
  await oscar.send("Accept", /\/a\//);
  const tab = await oscar.page.context().newPage();
  await tab.goto(`${oscar.url}/accounts`);
  await tab.getByRole("link", { name: /Elsewhere Ltd/ }).click();
  await expect(tab.getByRole("heading", { name: "Welcome to Elsewhere Ltd" })).toBeVisible();
  await oscar.page.reload();
  await expect(oscar.page.getByRole("heading", { name: "Welcome to Hart Bakery" })).toBeVisible();
});

test("forgotten password, then sign out", async ({ somebody, unique, mail }) => {
  const olivia = await somebody();
  const address = unique("olivia");
  await olivia.signUp("Olivia Hart", "", address);
  await olivia.page.getByRole("button", { name: /^Welcome Olivia Hart/ }).click();
  await olivia.send("Sign out", /\/sign-in/);
  await olivia.page.getByRole("link", { name: "Forgot password" }).click();
  await expect(olivia.page.getByRole("heading", { name: "Forgot password" })).toBeVisible();
  await olivia.awake();
  await olivia.field("E-mail").fill(address);
  await olivia.send("Send link", /sent=/);
  await olivia.open(button(await mail.to(address, "Choose a new password"), "Choose a new password"));
  await olivia.accessible();
  await olivia.field("New password").fill("green-lantern-harbour-5");
  await olivia.send("Set password and sign in", /\/a\//);
  await olivia.says("Your new password is set.");
  await mail.to(address, "Your password was changed");
});
