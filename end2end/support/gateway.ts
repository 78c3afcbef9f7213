// Plays a payment gateway: its API for checkouts, the page on which people pay, and signed messages that come twice, too late and
// forged.
import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

interface Session { id: string; mode: string | null; url: string; status: string; payment_status: string; amount_total: number; currency: string; client_reference_id: string; payment_intent: string | null; success_url: string }

export class Gateway {
  readonly sessions = new Map<string, Session>();
  readonly answers: number[] = [];
  readonly refunds: { id: string; amount: number; payment_intent: string | null }[] = [];
  private readonly intents = new Map<string, object>();
  private constructor(private readonly server: Server, private readonly hook: () => string, private readonly secret: string) {}

  static async listen(hook: () => string, secret: string): Promise<Gateway> {
    const server = createServer((request, answer) => void gateway.handle(request.method ?? "", request.url ?? "", request, answer));
    const gateway = new Gateway(server, hook, secret);
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    return gateway;
  }

  get url(): string { return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`; }

  async close(): Promise<void> {
    const closed = new Promise((done) => this.server.close(done));
    // The portal keeps its connection for the next question.
    this.server.closeAllConnections();
    await closed;
  }

  private async handle(method: string, path: string, request: AsyncIterable<Buffer>, answer: import("node:http").ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const form = new URLSearchParams(Buffer.concat(parts).toString());
    const json = (value: unknown, status = 200) => answer.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
    if (method === "POST" && path === "/v1/customers") return void json({ id: "cus_1" });
    if (method === "POST" && path.endsWith("/detach")) return void json({});
    if (method === "GET" && path.startsWith("/v1/refunds?")) return void json({ data: this.refunds });
    if (method === "POST" && path === "/v1/refunds") {
      const refund = { id: `re_${this.refunds.length + 1}`, status: "succeeded", amount: Number(form.get("amount")), payment_intent: form.get("payment_intent"), metadata: { refund: form.get("metadata[refund]") } };
      this.refunds.push(refund);
      return void json(refund);
    }
    if (method === "POST" && path === "/v1/payment_intents") {
      const intent = { id: `pi_charge_${this.intents.size + 1}`, status: "succeeded", amount_received: Number(form.get("amount")), currency: form.get("currency"), metadata: { checkout: form.get("metadata[checkout]") } };
      this.intents.set(intent.id, intent);
      return void json(intent);
    }
    const intent = this.intents.get(path.split("/").pop() ?? "");
    if (intent) return void json(intent);
    if (method === "POST" && path === "/v1/checkout/sessions") {
      const id = `cs_test_${this.sessions.size + 1}`;
      const session = { id, mode: form.get("mode"), url: `${this.url}/pay/${id}`, status: "open", payment_status: "unpaid", amount_total: Number(form.get("line_items[0][price_data][unit_amount]")), currency: form.get("line_items[0][price_data][currency]") ?? "", client_reference_id: form.get("client_reference_id") ?? "", payment_intent: null, success_url: form.get("success_url") ?? "" };
      this.sessions.set(id, session);
      return void json(session);
    }
    const session = this.sessions.get(path.split("?")[0]!.split("/").pop() ?? "");
    if (!session) return void json({ error: { message: "No such session" } }, 404);
    if (path.startsWith("/v1/")) return void json(session);
    if (method === "POST" && session.mode === "setup") {
      const card = { brand: "visa", last4: "4242", exp_month: 4, exp_year: 2031 };
      Object.assign(session, { status: "complete", setup_intent: { status: "succeeded", payment_method: { id: "pm_1", card } } });
      return void answer.writeHead(303, { location: session.success_url }).end();
    }
    if (method === "POST") {
      // A message that says so before it is true, one that is forged, then the truth, twice.
      await this.tell(session, this.secret);
      await this.tell(session, "whsec_forged");
      Object.assign(session, { status: "complete", payment_status: "paid", payment_intent: `pi_${session.id}` });
      await this.tell(session, this.secret);
      await this.tell(session, this.secret);
      return void answer.writeHead(303, { location: session.success_url }).end();
    }
    answer.writeHead(200, { "content-type": "text/html" }).end(`<!doctype html><html lang="en"><title>Pay</title><main><h1>Pay ${(session.amount_total / 100).toFixed(2)} ${session.currency.toUpperCase()}</h1><form method="post"><button>${session.mode === "setup" ? "Save card" : "Pay now"}</button></form></main></html>`);
  }

  private async tell(session: Session, secret: string): Promise<void> {
    const body = JSON.stringify({ id: "evt_1", type: "checkout.session.completed", data: { object: session } });
    const at = Math.floor(Date.now() / 1000);
    const signature = `t=${at},v1=${createHmac("sha256", secret).update(`${at}.${body}`).digest("hex")}`;
    const { status } = await fetch(this.hook(), { method: "POST", body, headers: { "content-type": "application/json", "stripe-signature": signature } });
    this.answers.push(status);
  }
}
