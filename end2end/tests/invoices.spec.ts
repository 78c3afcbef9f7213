// Billing: the bookkeeper's story from invitation to paid invoice, and what staff do to an invoice that was issued.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { BINARY } from "../support/binary.ts";
import { Gateway } from "../support/gateway.ts";
import { button } from "../support/smtp.ts";
import { DEMO_PASSWORD, expect, PASSWORD, type Person, test } from "../support/test.ts";

/** Fills in the first lines of a draft. */
async function lines(robin: Person, all: [text: string, quantity: string, price: string, tax: string][]): Promise<void> {
  for (const [n, [text, quantity, price, tax]] of all.entries()) {
    await robin.page.getByLabel(`Description ${n + 1}`).fill(text);
    await robin.page.getByLabel(`Quantity ${n + 1}`).fill(quantity);
    await robin.page.getByLabel(`Price ${n + 1}`).fill(price);
    await robin.page.getByLabel(`Tax ${n + 1}`).selectOption({ label: tax });
  }
}

async function download(person: Person): Promise<{ name: string; bytes: Buffer }> {
  const waiting = person.page.waitForEvent("download");
  await person.page.getByRole("link", { name: "Download PDF" }).click();
  const file = await waiting;
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
}

test("a bookkeeper is invited, gets the invoice by mail, sees nothing technical, and pays by transfer", async ({ somebody, ownDemo, mail }) => {
  test.setTimeout(180_000);
  const [olivia, robin, nora] = [await somebody(ownDemo), await somebody(ownDemo), await somebody(ownDemo)];
  const account = await olivia.enterBakery();
  await olivia.open(`${account}/contacts/invite`);
  await olivia.field("E-mail").fill("nora@tally.example");
  await olivia.page.getByRole("radio", { name: "Accounting" }).check();
  await olivia.send("Send invitation", /\/contacts(\?|$)/);
  await nora.open(button(await mail.to("nora@tally.example", "invites you"), "Review in Client Area"));
  await nora.field("Your name").fill("Nora Tally");
  await nora.field("Password").fill(PASSWORD);
  await nora.page.getByRole("button", { name: "Create login" }).click();
  await expect(nora.page.getByRole("button", { name: "Accept" })).toBeVisible();
  await nora.awake();
  await nora.send("Accept", /\/a\/[0-9a-z]{26}$/);
  await nora.open(`${account}/mail`);
  await expect(nora.page.getByLabel("Invoice", { exact: true })).toBeChecked();

  await robin.signIn("robin@latchkey.example", DEMO_PASSWORD);
  await robin.open(`${account}/invoices`);
  await robin.page.getByRole("link", { name: "New invoice" }).click();
  await expect(robin.page.getByRole("heading", { level: 1, name: "New invoice" })).toBeVisible();
  await robin.awake();
  await lines(robin, [["Web Hosting L", "1", "x", "19 %"]]);
  await robin.page.getByRole("button", { name: "Save draft" }).click();
  await expect(robin.page.locator(".summary").getByText("Line 1: Enter an amount, such as 12.90.")).toBeVisible();
  await expect(robin.page.getByLabel("Description 1")).toHaveValue("Web Hosting L");
  await robin.awake();
  await lines(robin, [["Web Hosting L", "2", "24.90", "19 %"], ["Handbook", "1", "12.15", "7 %"]]);
  await robin.accessible();
  await robin.save("Save draft", "The draft was saved.");
  await expect(robin.page.locator(".sums")).toContainText("72.26 EUR");
  await robin.awake();
  await robin.page.getByRole("button", { name: "Issue invoice" }).click();
  await robin.says("was issued and sent to");
  await robin.accessible();
  const number = /INV-\d+/.exec((await robin.page.getByRole("heading", { level: 1 }).textContent()) ?? "")?.[0] ?? "";

  // The bookkeeper gets it, with the document; whoever has nothing to do with invoices does not.
  const letter = await mail.to("nora@tally.example", `Invoice ${number}: 72.26 EUR`);
  expect(letter.attachments.map((file) => file.filename)).toEqual([`${number}.pdf`]);
  expect(letter.text).toContain("Also sent to");
  expect(letter.text).toContain("Your credit paid a part of it; 61.93 EUR is due on");
  expect(mail.mails.filter((one) => one.to_address === "wes@pixelworks.example" && one.subject?.includes(number))).toEqual([]);
  await nora.open(button(letter, "Open the invoice"));
  await expect(nora.page.getByRole("heading", { level: 1, name: `Invoice ${number}` })).toBeVisible();
  await expect(nora.page.locator(".pay")).toContainText("DE89 3704 0044 0532 0130 00");
  await expect(nora.page.getByRole("img", { name: /Code that fills in a transfer/ })).toBeVisible();
  for (const hidden of ["Services", "Domains", "Tickets"]) {
    await expect(nora.page.getByRole("navigation").getByRole("link", { name: hidden, exact: true })).toHaveCount(0);
  }
  await nora.accessible();
  const { name, bytes } = await download(nora);
  expect(name).toBe(`${number}.pdf`);
  expect(bytes.subarray(0, 8).toString()).toBe("%PDF-1.7");
  expect(bytes.equals(Buffer.from(letter.attachments[0]!.content as ArrayBuffer))).toBe(true);

  // It arrives in part, then the rest and a little more.
  await robin.page.getByRole("link", { name: "Manage" }).click();
  await robin.awake();
  await robin.accessible();
  await robin.field("Amount").first().fill("50");
  await robin.save("Record payment", `50.00 EUR was recorded for ${number}.`);
  await nora.page.reload();
  await expect(nora.page.getByText("Partly paid")).toBeVisible();
  await expect(nora.page.getByText("11.93 EUR to pay")).toBeVisible();
  await robin.page.getByRole("link", { name: "Manage" }).click();
  await robin.awake();
  await robin.field("Amount").first().fill("30");
  await robin.page.getByRole("button", { name: "Record payment" }).click();
  await robin.says("18.07 EUR of it is credit now.");
  const receipt = await mail.to("nora@tally.example", `Payment received: 30.00 EUR for invoice ${number}`);
  expect(receipt.text).toContain("Nothing is left to pay");
  await nora.navigate("Invoices");
  await expect(nora.row(number)).toContainText("Paid");
  await nora.page.getByRole("link", { name: "Statement" }).click();
  await expect(nora.row(`Payment for invoice ${number}`).first()).toBeVisible();
  await nora.accessible();
});

test("an issued invoice is corrected by other documents alone, and everybody's are found by number", async ({ somebody, ownDemo }) => {
  test.setTimeout(120_000);
  const robin = await somebody(ownDemo);
  await robin.signIn("robin@latchkey.example", DEMO_PASSWORD);
  await robin.open("/operator/invoices");
  await expect(robin.page.getByRole("heading", { name: "What customers owe" })).toBeVisible();
  await robin.page.goto(`${robin.page.url()}?q=2`);
  await robin.page.getByRole("link", { name: "INV-00002" }).click();
  await expect(robin.page.getByRole("heading", { level: 1, name: "Invoice INV-00002" })).toBeVisible();
  await robin.page.getByRole("link", { name: "CN-00001" }).click();
  await expect(robin.page.getByText("The handbook was out of print.").or(robin.page.getByText("Corrects"))).toBeVisible();
  await robin.page.goto(new URL("/operator/invoices?q=INV-00003", robin.page.url()).href);
  await robin.page.getByRole("link", { name: "INV-00003" }).click();
  await robin.page.getByRole("link", { name: "Manage" }).click();
  await robin.awake();
  await robin.page.getByRole("button", { name: "Credit and issue anew" }).click();
  await robin.says("INV-00003 was credited and issued anew as INV-00005.");
  await robin.page.goto(new URL("/operator/settings/billing", robin.page.url()).href);
  await robin.awake();
  await robin.field("IBAN").fill("DE00 1234");
  await robin.page.getByRole("button", { name: "Save changes" }).click();
  await expect(robin.page.locator(".summary").getByText("This is not a valid IBAN.")).toBeVisible();
  await expect(robin.field("Account holder")).toHaveValue("Latchkey Hosting GmbH");
});

/** Payment by card, with a stand-in for the gateway. */
async function byCard(robin: Person, url: string): Promise<Gateway> {
  const gateway = await Gateway.listen(() => `${url}/gateway/stripe`, "whsec_test_1");
  await robin.signIn("robin@latchkey.example", DEMO_PASSWORD);
  await robin.open("/operator/settings/billing");
  await robin.field("Secret key").fill("sk_test_1");
  await robin.field("Signing secret of the webhook").fill("whsec_test_1");
  await robin.field("Address of the gateway").fill(gateway.url);
  await robin.save("Save payment by card", "Payment by card was saved.");
  return gateway;
}

test("a card is kept and pays an invoice, and credit goes back to it", async ({ somebody, ownDemo, mail }) => {
  test.setTimeout(180_000);
  const [olivia, robin] = [await somebody(ownDemo), await somebody(ownDemo)];
  const gateway = await byCard(robin, ownDemo.url);
  const account = await olivia.enterBakery();
  await olivia.open(`${account}/payment-methods`);
  await expect(olivia.page.getByText("No card is kept")).toBeVisible();
  await olivia.page.getByRole("link", { name: "Add a card" }).click();
  await olivia.page.getByRole("button", { name: "Save card" }).click();
  await expect(olivia.page.getByText("Visa •••• 4242 can pay your invoices now.")).toBeVisible();
  await olivia.page.getByRole("link", { name: "Payment methods" }).last().click();
  await expect(olivia.page.getByText("expires 04/2031")).toBeVisible();
  await olivia.awake();
  await olivia.save("Charge invoices to it when they are due", "Invoices are charged to Visa •••• 4242 on the day they are due.");
  await olivia.save("Charge nothing by itself", "Nothing is charged by itself any more.");
  await olivia.accessible();
  await olivia.open(`${account}/invoices?q=INV-00001`);
  await olivia.page.getByRole("link", { name: "INV-00001" }).click();
  await expect(olivia.page.getByRole("heading", { level: 1, name: "Invoice INV-00001" })).toBeVisible();
  await olivia.awake();
  const invoice = new URL(olivia.page.url()).pathname;
  await olivia.save("Pay with Visa •••• 4242", "for invoice INV-00001.");
  await expect(olivia.page.locator(".balances .pill")).toHaveText("Paid");

  // A part is taken back, and the money goes where it came from.
  const manage = invoice.replace("/a/", "/operator/customers/");
  await robin.open(manage);
  await robin.field("Reason").fill("One month was not used");
  await robin.send("Issue credit note", /\/a\/[^/]+\/invoices\/[^/]+$/);
  await robin.open(manage);
  const refund = robin.page.getByRole("region", { name: "Pay credit back" });
  await expect(refund.getByLabel("Where to").locator("option").first()).toContainText("To the card of");
  await robin.accessible();
  await robin.send("Pay credit back", /\/statement$/);
  await expect(robin.page.getByText("of credit is on its way back to the card.")).toBeVisible();
  expect(gateway.refunds.map((one) => one.payment_intent)).toEqual(["pi_charge_1"]);
  await expect.poll(() => mail.mails.filter((one) => one.subject?.endsWith("is on its way back to you")).length).toBeGreaterThan(0);
  await olivia.open(`${account}/statement`);
  await expect(olivia.page.getByText("Credit was paid back (pi_charge_1)")).toBeVisible();
  await olivia.open(`${account}/payment-methods`);
  await olivia.save("Remove", "Visa •••• 4242 was removed.");
  await gateway.close();
});

test("an invoice is paid by card on the gateway's page, another by a bank statement, and no cent is lost", async ({ somebody, ownDemo, mail }) => {
  test.setTimeout(180_000);
  const [olivia, robin] = [await somebody(ownDemo), await somebody(ownDemo)];
  const gateway = await byCard(robin, ownDemo.url);
  await robin.accessible();

  const account = await olivia.enterBakery();
  await olivia.open(`${account}/invoices?status=overdue`);
  await olivia.page.getByRole("link", { name: "INV-00001" }).click();
  await expect(olivia.page.getByRole("heading", { level: 1, name: "Invoice INV-00001" })).toBeVisible();
  await olivia.page.getByRole("link", { name: "Pay by card" }).click();
  await olivia.page.getByRole("button", { name: "Pay now" }).click();
  await expect(olivia.page.getByRole("heading", { level: 1, name: "Paid" })).toBeVisible();
  await olivia.accessible();
  expect(gateway.answers).toEqual([200, 400, 200, 200]);
  await olivia.page.getByRole("link", { name: "Back to the invoice" }).click();
  await expect(olivia.page.locator(".balances .pill")).toHaveText("Paid");
  const receipts = mail.mails.filter((one) => one.subject?.includes("Payment received") && one.subject.includes("INV-00001"));
  expect(new Set(receipts.map((one) => one.to_address)).size).toBe(receipts.length);

  // The other comes by transfer, in the bank's file, with something that nobody knows.
  const number = "INV-00004";
  await robin.open("/operator/invoices");
  const open = /([\d.,]+) EUR/.exec((await robin.row(number).locator('[data-label="To pay"]').textContent()) ?? "")![1]!;
  await robin.open("/operator/statements");
  await robin.accessible();
  const file = `Date;Amount;Text;Name\n2026-11-20;${open};Thanks for ${number};Hart Bakery\n2026-11-20;12.00;Rent of the garden;Somebody\n`;
  const bring = async () => {
    await robin.page.getByLabel("File of the bank").setInputFiles({ name: "bank.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
    await robin.page.getByRole("button", { name: "Bring in" }).click();
  };
  await bring();
  await expect(robin.page.getByText("2 payments: 1 booked, 1 wait for you")).toBeVisible();
  await bring();
  await expect(robin.page.getByText("2 payments: 0 booked, 0 wait for you, 2 known already")).toBeVisible();
  await robin.awake();
  await robin.page.getByRole("link", { name: "Decide" }).click();
  await expect(robin.field("Why")).toBeVisible();
  await robin.awake();
  await robin.accessible();
  await robin.field("Why").fill("The garden is not ours");
  await robin.save("Put aside", "The payment was put aside.");
  await expect(robin.page.getByText("Nothing waits")).toBeVisible();
  await robin.open(`/operator/invoices?q=${number}`);
  await expect(robin.row(number)).toContainText("Paid");
  await gateway.close();
});

test("the page of a night says what it will do, does it once, and a draft says what an e-invoice lacks", async ({ somebody, ownDemo }) => {
  test.setTimeout(120_000);
  const robin = await somebody(ownDemo);
  await robin.signIn("robin@latchkey.example", DEMO_PASSWORD);
  await robin.open("/operator/invoices");
  await robin.page.getByRole("link", { name: "Nightly billing" }).click();
  await expect(robin.page.getByRole("heading", { level: 1, name: "Nightly billing" })).toBeVisible();
  await robin.awake();
  await expect(robin.page.getByText(/\d+ to issue: /)).toBeVisible();
  await robin.accessible();
  await robin.save("Do it now", "It is being done.");
  // The night goes on after its last invoice: it has ended when its line no longer says otherwise.
  await expect(async () => {
    await robin.page.reload();
    await expect(robin.page.getByText("There is nothing to do")).toBeVisible({ timeout: 1_000 });
    await expect(robin.page.getByText("Not finished")).toHaveCount(0, { timeout: 1_000 });
  }).toPass({ timeout: 60_000 });
  await expect(robin.page.getByText(/\d+ × Invoices/)).toBeVisible();
  await robin.awake();
  await robin.accessible();
});

test("a customer chooses the e-invoice network once there is an access point, and staff give them a tax of their own", async ({ somebody, ownDemo }) => {
  test.setTimeout(120_000);
  const [olivia, robin] = [await somebody(ownDemo), await somebody(ownDemo)];
  const account = await olivia.enterBakery();
  await olivia.open(`${account}/profile`);
  await expect(olivia.page.getByLabel("How invoices reach you").locator("option")).toHaveCount(2);
  await robin.signIn("robin@latchkey.example", DEMO_PASSWORD);
  await robin.open("/operator/settings/billing");
  await robin.page.getByLabel("Make every invoice an e-invoice").check();
  await robin.field("City").fill("Hamburg");
  await robin.field("Postcode").fill("20457");
  await robin.page.getByLabel("Street", { exact: true }).fill("Harbour 1");
  await robin.page.getByLabel("Country").selectOption("DE");
  await robin.field("Electronic address").fill("9930:DE136695976");
  await robin.save("Save changes", "Changes saved.");
  await robin.field("Address of the access point").fill("no address");
  await robin.page.getByRole("button", { name: "Save access point" }).click();
  await expect(robin.page.getByText("Enter an address that begins with https://.").first()).toBeVisible();
  await robin.field("Address of the access point").fill("http://127.0.0.1:9");
  await robin.field("Token of the access point").fill("secret");
  await robin.save("Save access point", "The access point was saved.");

  await olivia.open(`${account}/profile`);
  await olivia.page.getByLabel("How invoices reach you").selectOption({ label: "Through the e-invoice network (Peppol), and by e-mail" });
  await olivia.page.getByRole("button", { name: "Save changes" }).click();
  await expect(olivia.page.getByText("Enter the electronic address at which the network knows you.").first()).toBeVisible();
  await olivia.awake();
  await olivia.field("VAT ID").fill("PT501964843");
  await olivia.field("Electronic address").fill("9946:PT501964843");
  await olivia.save("Save changes", "Changes saved.");

  const customer = account.replace("/a/", "/operator/customers/");
  await robin.open(`${customer}/invoices/new`);
  await robin.page.getByRole("region", { name: "Tax of this customer" }).getByLabel("Tax").selectOption({ label: "0 %, reverse charge" });
  await robin.save("Save tax", "The tax of this customer was saved.");
  await robin.accessible();
  await robin.page.getByLabel("Description 1").fill("Hosting");
  await robin.page.getByLabel("Price 1").fill("10");
  await expect(robin.page.getByLabel("Tax 1")).toHaveValue("AE0");
});

test("a template that loops for ever or takes all memory ends by itself, and one that is wrong says where @wasm", async () => {
  test.setTimeout(120_000);
  const typeset = (template: string) => {
    const input = JSON.stringify({ template, data: {}, files: [], ident: "x", made: [2026, 11, 26, 12, 0, 0], e_invoice: false });
    const { status, stderr } = spawnSync(BINARY, ["typeset"], { input, encoding: "utf8", timeout: 25_000 });
    return { status, stderr };
  };
  for (const endless of ["#for i in range(1000000000) { i }", '#let a = "x"\n#for i in range(40) { a = a + a }\n#a.len()']) {
    expect([0, 3], endless).not.toContain(typeset(endless).status);
  }
  expect(typeset("= Title\n#nothing")).toEqual({ status: 3, stderr: "Line 2: unknown variable: nothing" });
});
