// A real SMTP server that keeps what it is given.
import PostalMime, { type Email } from "postal-mime";
import { SMTPServer } from "smtp-server";

export type Mail = Email & { to_address: string };

export class MailServer {
  readonly mails: Mail[] = [];
  /** Addresses that are refused: with a code above 499 always, below it once. */
  readonly refusals = new Map<string, { responseCode: number; text: string }>();
  /** Whether each message came over TLS. */
  readonly encrypted: boolean[] = [];
  private waiting: (() => void)[] = [];

  private constructor(
    private readonly server: SMTPServer,
    readonly port: number,
  ) {}

  /** A server without TLS; with a certificate it speaks TLS from the first byte, or offers STARTTLS. */
  static start(tls?: { key: string; cert: string; mode: "implicit" | "starttls" }): Promise<MailServer> {
    return new Promise((done) => {
      let self: MailServer;
      const server = new SMTPServer({
        authOptional: true,
        disabledCommands: tls?.mode === "starttls" ? [] : ["STARTTLS"],
        secure: tls?.mode === "implicit",
        ...(tls ? { key: tls.key, cert: tls.cert } : {}),
        logger: false,
        // Who is refused, and how: for good, or for now.
        onRcptTo(address, _session, answer) {
          const refusal = self.refusals.get(address.address);
          if (!refusal) return answer();
          if (refusal.responseCode < 500) self.refusals.delete(address.address);
          answer(Object.assign(new Error(refusal.text), { responseCode: refusal.responseCode }));
        },
        onData(stream, session, taken) {
          self.encrypted.push(session.secure);
          const chunks: Buffer[] = [];
          stream.on("data", (chunk: Buffer) => chunks.push(chunk));
          stream.on("end", () => {
            PostalMime.parse(Buffer.concat(chunks)).then((mail) => {
              const to_address = session.envelope.rcptTo[0]?.address ?? "";
              self.mails.push({ ...mail, to_address });
              taken();
              for (const wake of self.waiting.splice(0)) wake();
            }, taken);
          });
        },
      });
      // A killed client is no reason to stop serving.
      server.on("error", () => {});
      server.listen(0, "127.0.0.1", () => {
        const { port } = server.server.address() as { port: number };
        self = new MailServer(server, port);
        done(self);
      });
    });
  }

  get url(): string {
    return `smtp://127.0.0.1:${this.port}`;
  }

  /** Waits until `enough` says so of what has arrived. */
  async until(enough: (mails: Mail[]) => boolean): Promise<void> {
    while (!enough(this.mails)) await new Promise<void>((wake) => this.waiting.push(wake));
  }

  /** The newest mail to somebody whose subject contains these words; waits for it. */
  async to(address: string, subject: string): Promise<Mail> {
    const find = () => this.mails.findLast((mail) => mail.to_address === address && (mail.subject ?? "").includes(subject));
    await this.until(() => find() !== undefined);
    return find()!;
  }

  close(): Promise<void> {
    return new Promise((done) => this.server.close(() => done()));
  }
}

/** The address of the button in a mail. */
export function button(mail: Mail, words: string): string {
  const link = new RegExp(`<a [^>]*href="([^"]+)"[^>]*>${words}</a>`).exec(mail.html ?? "");
  if (!link) throw new Error(`no button “${words}” in ${mail.html}`);
  return link[1]!.replaceAll("&amp;", "&");
}
