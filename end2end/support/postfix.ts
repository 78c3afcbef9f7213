// A Postfix of one's own on the loopback, which hands what it takes over by LMTP.
import { execFileSync } from "node:child_process";
import { chownSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, newDir } from "./binary.ts";

const PROGRAM = "/usr/sbin/postfix";

/** Is there one that this user may start? `make mail-server` installs it. */
export const hasPostfix = (): boolean => existsSync(PROGRAM) && process.getuid?.() === 0;

// The services of Postfix that take part; nothing is chrooted, so that no file of the system is needed inside.
const SERVICES = `
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
smtp unix - - n - - smtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
`;

/** A Postfix that takes mail for a domain. */
export class Postfix {
  private constructor(
    /** Where it takes mail by SMTP. */
    readonly port: number,
    private readonly config: string,
  ) {}

  /** Starts one that hands everything for `domain` over to an LMTP port. */
  static async start(domain: string, lmtp: number): Promise<Postfix> {
    const [dir, port] = [newDir(), await freePort()];
    // Its services run as users of their own and come in through here.
    execFileSync("chmod", ["755", dir]);
    const [config, queue, data] = ["config", "queue", "data"].map((name) => join(dir, name)) as [string, string, string];
    for (const made of [config, queue, data]) mkdirSync(made);
    const owner = Number(execFileSync("id", ["-u", "postfix"], { encoding: "utf8" }));
    chownSync(data, owner, 0);
    const settings = {
      compatibility_level: "3.6",
      queue_directory: queue,
      data_directory: data,
      daemon_directory: "/usr/lib/postfix/sbin",
      command_directory: "/usr/sbin",
      mail_owner: "postfix",
      setgid_group: "postdrop",
      maillog_file: join(dir, "log"),
      maillog_file_prefixes: dir,
      myhostname: `mx.${domain}`,
      mydestination: "",
      inet_interfaces: "127.0.0.1",
      inet_protocols: "ipv4",
      mynetworks: "127.0.0.0/8",
      alias_maps: "",
      recipient_delimiter: "+",
      virtual_mailbox_domains: domain,
      virtual_transport: `lmtp:inet:127.0.0.1:${lmtp}`,
      default_transport: "error:nothing leaves this test",
      smtputf8_enable: "yes",
    };
    writeFileSync(join(config, "main.cf"), Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`).join(""));
    writeFileSync(join(config, "master.cf"), `127.0.0.1:${port} inet n - n - - smtpd${SERVICES}`);
    execFileSync(PROGRAM, ["-c", config, "start"], { stdio: ["ignore", "ignore", "pipe"] });
    return new Postfix(port, config);
  }

  /** Ends it. */
  stop(): void {
    execFileSync(PROGRAM, ["-c", this.config, "stop"], { stdio: "ignore" });
  }
}
