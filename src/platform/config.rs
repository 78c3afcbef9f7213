//! The command line and environment. Every setting's doc comment is its manual (`--help`).

use crate::types::{EmailAddress, contrast, parse_colour};
use clap::{Args, Parser, Subcommand};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// A self-hosted client portal: who may act for a customer, on what, and who gets which mail.
///
/// Everything the program keeps is in one data directory: the database, the key of the installation, and,
/// without an SMTP setting, the mail as files.
#[derive(Parser, Debug)]
#[command(name = "latchkey", version, propagate_version = true)]
pub struct CommandLine {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program can do.
#[derive(Subcommand, Debug)]
pub enum Command {
    /// Serve the portal until SIGTERM or Ctrl-C; open requests are finished first
    Serve(Serve),
    /// Fill an empty data directory with demo data and print its logins
    ///
    /// The directory stays marked as a demo: `serve` shows the logins on the sign-in page and the mail at
    /// /dev/mail.
    Demo {
        #[command(flatten)]
        data: DataDir,
        /// The address that links in the demo's mail start with
        #[arg(long, env = "LATCHKEY_BASE_URL", value_name = "URL", default_value = "http://127.0.0.1:3000")]
        base_url: String,
        /// For measuring: also an account with this many services and one with ten, and somebody who may see
        /// ten of each
        #[arg(long, value_name = "NUMBER")]
        services: Option<usize>,
        /// For measuring: also an account with this many contacts and one with fifty
        #[arg(long, value_name = "NUMBER")]
        contacts: Option<usize>,
        /// For measuring: also this many tickets, with six messages each, of two thousand customers
        #[arg(long, value_name = "NUMBER")]
        tickets: Option<usize>,
        /// For measuring: also this many invoices of two thousand customers, and a service to bill for every second of them
        #[arg(long, value_name = "NUMBER")]
        invoices: Option<usize>,
    },
    /// Take one e-mail from standard input, for a mail server's pipe
    ///
    /// Works while the portal is running, which then works on it. Ends with 0 when the e-mail is on the disk, 65 for
    /// what is no e-mail or too large, 67 when nobody here takes mail at its recipients, 75 when it has to be tried
    /// again later.
    MailIn {
        #[command(flatten)]
        settings: Serve,
        /// Whom failures go to; empty for a bounce
        #[arg(long, value_name = "ADDRESS", default_value = "unknown")]
        from: String,
        /// Whom it is for [default: whom its head names]
        #[arg(value_name = "RECIPIENT")]
        to: Vec<String>,
    },
    /// Typeset one document, for the server: reads it from standard input
    #[command(hide = true)]
    Typeset,
    /// Check the setup and say in plain sentences what is wrong, if anything
    Doctor(Serve),
    /// Customers' requests: list the ones waiting, or answer one
    ///
    /// Works while the portal is running. Whoever asked is told by e-mail. Marking a request as done applies
    /// it: the service ends, or the domain gets its new settings.
    Requests {
        #[command(flatten)]
        settings: Serve,
        #[command(subcommand)]
        answer: Option<RequestAnswer>,
    },
    /// Send an announcement to everybody who gets that kind of mail, on every account or on one
    ///
    /// Works while the portal is running, which then sends it. Prints how many people it goes to and the
    /// first of them. The same key goes to each account once, even if the command is stopped and run again.
    Announce {
        #[command(flatten)]
        settings: Serve,
        /// general, service, domain or newsletter
        #[arg(long)]
        category: String,
        /// The text as Markdown; its first line is the subject
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
        /// Id or number of one account [default: all that are active]
        #[arg(long, value_name = "ACCOUNT", default_value = "")]
        account: String,
        /// A name for the announcement [default: made from its text and category]
        #[arg(long)]
        key: Option<String>,
        /// Only say who would get it
        #[arg(long)]
        dry_run: bool,
    },
    /// Help somebody with their login
    User {
        #[command(flatten)]
        settings: Serve,
        #[command(subcommand)]
        help: Help,
    },
    /// The staff of the portal: add somebody, reset their second factor, or remove them
    ///
    /// Works while the portal is running. Staff need a login of their own, apart from any customer account.
    Staff {
        #[command(flatten)]
        settings: Serve,
        #[command(subcommand)]
        act: StaffAct,
    },
    /// Put a backup in place, with the key that belongs to it; refuses to overwrite a database that is newer
    /// or in use
    Restore {
        #[command(flatten)]
        settings: Serve,
        /// The backup, as `backup` wrote it
        file: PathBuf,
        /// The key that belongs to it [default: the one in the data directory]
        #[arg(long, value_name = "FILE")]
        key: Option<PathBuf>,
    },
    /// Write a consistent copy of the database to a new file, also while the portal is running
    Backup {
        #[command(flatten)]
        data: DataDir,
        /// The file to write; it must not exist yet
        file: PathBuf,
    },
}

/// Staff's answer to a request.
#[derive(Subcommand, Debug)]
pub enum RequestAnswer {
    /// Mark a request as done
    Done {
        /// The request's id
        id: String,
        /// A message for whoever asked
        #[arg(long, default_value = "")]
        say: String,
    },
    /// Refuse a request
    Refuse {
        /// The request's id
        id: String,
        /// A message for whoever asked
        #[arg(long, default_value = "")]
        say: String,
    },
}

/// What can be done about staff.
#[derive(Subcommand, Debug)]
pub enum StaffAct {
    /// Add somebody to the staff and print a link with which they choose a password
    Add {
        /// Their address
        email: String,
        /// Their name
        #[arg(long)]
        name: String,
        /// administrator, billing or support
        #[arg(long, default_value = "administrator", value_parser = ["administrator", "billing", "support"])]
        role: String,
    },
    /// Remove every second factor of somebody on the staff and end their sessions; they are told by mail
    ResetFactor {
        /// Their address
        email: String,
    },
    /// Remove somebody from the staff and end their sessions
    Disable {
        /// Their address
        email: String,
    },
}

/// What can be done for somebody's login.
#[derive(Subcommand, Debug)]
pub enum Help {
    /// Remove every second factor of a login and end its sessions; the person is told by mail
    ///
    /// For somebody who has lost their phone and their recovery codes. Make sure first that it is them: call a
    /// number you already have, and ask something only they can answer.
    ResetFactor {
        /// The address of the login
        email: String,
    },
    /// End every session of a login, for somebody whose device was stolen; the person is told by mail
    EndSessions {
        /// The address of the login
        email: String,
    },
}

/// Where e-mails are handed over by LMTP.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LmtpAddress {
    /// An address and a port.
    Tcp(SocketAddr),
    /// The path of a socket.
    Unix(PathBuf),
}

impl std::str::FromStr for LmtpAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.strip_prefix("unix:") {
            Some(path) if path.starts_with('/') => Ok(Self::Unix(path.into())),
            Some(_) => Err("the path of a socket begins with /, like unix:/run/latchkey/lmtp".into()),
            None => text.parse().map(Self::Tcp).map_err(|_| {
                "this is neither an address with a port, like 127.0.0.1:2424, nor unix: and a path".to_owned()
            }),
        }
    }
}

impl std::fmt::Display for LmtpAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "{address}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// Where everything is kept.
#[derive(Args, Clone, Debug)]
pub struct DataDir {
    /// Directory for the database, the installation's key and kept mail; made if missing
    #[arg(long = "data-dir", env = "LATCHKEY_DATA_DIR", value_name = "DIR")]
    pub path: PathBuf,
}

impl DataDir {
    /// Where the installation's key is, unless another file is set.
    pub fn key_file(&self) -> PathBuf {
        self.path.join("latchkey.key")
    }
}

/// The company's name, unless it is said.
pub const OPERATOR_NAME: &str = "Latchkey";
/// Its colour.
pub const OPERATOR_COLOUR: &str = "#0f5c5c";

/// Settings of `serve`.
#[derive(Args, Clone, Debug)]
pub struct Serve {
    #[command(flatten)]
    pub data: DataDir,

    /// Address and port to listen on
    #[arg(long, env = "LATCHKEY_LISTEN", value_name = "ADDR", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,

    /// The address people type, without a path: links in mails start with it. With https, cookies are marked
    /// secure [default: http:// and the address listened on]
    #[arg(long, env = "LATCHKEY_BASE_URL", value_name = "URL")]
    pub base_url: Option<String>,

    /// SMTP server for outgoing mail, as smtp://user:password@host:port (add ?tls=required for STARTTLS) or
    /// smtps://…; without it, mail is kept as .eml files in the data directory
    #[arg(long, env = "LATCHKEY_SMTP_URL", value_name = "URL", hide_env_values = true)]
    pub smtp_url: Option<String>,

    /// File that holds the SMTP server's URL, in place of --smtp-url: a password does not belong on a command
    /// line. Read at the start
    #[arg(long, env = "LATCHKEY_SMTP_URL_FILE", value_name = "FILE", conflicts_with = "smtp_url")]
    pub smtp_url_file: Option<PathBuf>,

    /// PEM file with a certificate to trust for the SMTP server besides the public ones, for example one of
    /// your own
    #[arg(long, env = "LATCHKEY_SMTP_CA", value_name = "FILE")]
    pub smtp_ca: Option<PathBuf>,

    /// Most messages to send a minute, if the mail server has a limit [default: no limit]
    #[arg(long, env = "LATCHKEY_MAIL_RATE", value_name = "NUMBER", value_parser = clap::value_parser!(u32).range(1..=60_000))]
    pub mail_rate: Option<u32>,

    /// Colour of buttons and links in mails, as #rrggbb; white has to be readable on it
    #[arg(long, env = "LATCHKEY_OPERATOR_COLOUR", value_name = "COLOUR", default_value = OPERATOR_COLOUR)]
    pub operator_colour: String,

    /// File with the operator's logo for mails: PNG or JPEG, about 36 pixels high or twice that [default: the
    /// operator's name]
    #[arg(long, env = "LATCHKEY_OPERATOR_LOGO", value_name = "FILE")]
    pub operator_logo: Option<PathBuf>,

    /// File of the installation's key, 32 bytes; keep it away from the database and its backups [default:
    /// latchkey.key in the data directory, made if missing]
    #[arg(long, env = "LATCHKEY_KEY_FILE", value_name = "FILE")]
    pub key_file: Option<PathBuf>,

    /// Sender of all mail, as name@example.com or "Name <name@example.com>"
    /// [default: the operator's name and no-reply@ the host of the base URL]
    #[arg(long, env = "LATCHKEY_MAIL_FROM", value_name = "ADDRESS")]
    pub mail_from: Option<String>,

    /// Name of the company that runs the portal, as customers know it
    #[arg(long, env = "LATCHKEY_OPERATOR_NAME", value_name = "NAME", default_value = OPERATOR_NAME)]
    pub operator_name: String,

    /// Address that customers' requests go to, for example for a cancellation, and replies to any e-mail
    /// [default: the address of the sender of all mail]
    #[arg(long, env = "LATCHKEY_STAFF_EMAIL", value_name = "ADDRESS")]
    pub staff_email: Option<String>,

    /// Reverse proxies whose X-Forwarded-For header is believed, as IP addresses; may be given several times
    #[arg(
        long = "trusted-proxy",
        env = "LATCHKEY_TRUSTED_PROXIES",
        value_name = "IP",
        value_delimiter = ','
    )]
    pub trusted_proxies: Vec<IpAddr>,

    /// Token with which Prometheus reads /metrics, as `Authorization: Bearer …` [default: only this machine may,
    /// and not through a proxy]
    #[arg(long, env = "LATCHKEY_METRICS_TOKEN", value_name = "TOKEN", hide_env_values = true)]
    pub metrics_token: Option<String>,

    /// Address and port, or `unix:` and the path of a socket, on which the mail server in front hands e-mails over by
    /// LMTP [default: none, and `latchkey mail-in` does]
    #[arg(long, env = "LATCHKEY_LMTP_LISTEN", value_name = "ADDR")]
    pub lmtp_listen: Option<LmtpAddress>,

    /// Name that the mail server in front writes into Authentication-Results: e-mails whose sender it does not
    /// confirm wait for staff [default: every sender is believed]
    #[arg(long, env = "LATCHKEY_MAIL_TRUSTS", value_name = "NAME")]
    pub mail_trusts: Option<String>,

    /// What to log: error, warn, info, debug or trace, also per module
    #[arg(long, env = "LATCHKEY_LOG", value_name = "FILTER", default_value = "info")]
    pub log: String,

    /// How to log: text for people, json for machines
    #[arg(long, env = "LATCHKEY_LOG_FORMAT", value_name = "FORMAT", default_value = "text", value_parser = ["text", "json"])]
    pub log_format: String,
}

impl Serve {
    /// The SMTP server's URL, wherever it is said.
    ///
    /// # Errors
    /// A sentence that names the file that cannot be read.
    pub fn smtp_url(&self) -> Result<Option<String>, String> {
        let Some(file) = &self.smtp_url_file else { return Ok(self.smtp_url.clone()) };
        let text = std::fs::read_to_string(file).map_err(|error| {
            format!("The file {} with the SMTP server's URL cannot be read: {error}.", file.display())
        })?;
        Ok(Some(text.trim().to_owned()))
    }

    /// What mail depends on, as it is set here.
    pub fn served(&self, config: &Config) -> Served {
        Served {
            base_url: Some(config.base_url.clone()),
            operator_name: Some(self.operator_name.clone()),
            operator_colour: Some(self.operator_colour.clone()),
            operator_logo: self
                .operator_logo
                .as_ref()
                .map(|file| std::path::absolute(file).unwrap_or_else(|_| file.clone())),
            staff_email: self.staff_email.clone(),
        }
    }

    /// Takes from how the portal was last served what is not said here: a command's mail looks like any
    /// other.
    pub fn like(mut self, served: Served) -> Self {
        self.base_url = self.base_url.or(served.base_url);
        self.operator_logo = self.operator_logo.or(served.operator_logo);
        self.staff_email = self.staff_email.or(served.staff_email);
        if self.operator_name == OPERATOR_NAME {
            self.operator_name = served.operator_name.unwrap_or(self.operator_name);
        }
        if self.operator_colour == OPERATOR_COLOUR {
            self.operator_colour = served.operator_colour.unwrap_or(self.operator_colour);
        }
        self
    }

    /// The file of the installation's key.
    pub fn key_file(&self) -> PathBuf {
        self.key_file.clone().unwrap_or_else(|| self.data.key_file())
    }
}

/// How the operator's mails look.
#[derive(Clone, Debug)]
pub struct Look {
    /// Colour of buttons and links, "#0f5c5c".
    pub accent: String,
    /// The same for links on a dark page.
    pub accent_in_the_dark: String,
    /// The logo, with its media type.
    pub logo: Option<(Arc<[u8]>, &'static str)>,
    /// Path of the logo, with what makes a browser load a new one; empty without a logo.
    pub logo_path: String,
}

impl Look {
    /// Checks colour and logo.
    ///
    /// # Errors
    /// A sentence for the operator.
    pub fn check(colour: &str, logo: Option<&Path>) -> Result<Self, String> {
        let rgb = parse_colour(colour)
            .ok_or_else(|| format!("{colour} is not a colour. Write it like #0f5c5c."))?;
        // WCAG 2.2, 1.4.3: words on buttons are white.
        if contrast(rgb, [255; 3]) < 4.5 {
            return Err(format!(
                "The colour {colour} is too light: white text on it cannot be read (its contrast is {:.1}, and 4.5 is needed).",
                contrast(rgb, [255; 3])
            ));
        }
        let mut light = rgb;
        while contrast(light, DARK_CARD) < 4.5 {
            light = light.map(|part| part.saturating_add(8));
        }
        let logo = match logo {
            None => None,
            Some(file) => {
                let bytes = std::fs::read(file)
                    .map_err(|error| format!("The logo {} cannot be read: {error}.", file.display()))?;
                let kind = match bytes.as_slice() {
                    [0x89, b'P', b'N', b'G', ..] => "image/png",
                    [0xff, 0xd8, 0xff, ..] => "image/jpeg",
                    _ => return Err(format!("The logo {} is neither PNG nor JPEG.", file.display())),
                };
                if bytes.len() > MAX_LOGO {
                    return Err(format!(
                        "The logo {} is {} bytes. Mail programs load at most {MAX_LOGO}.",
                        file.display(),
                        bytes.len()
                    ));
                }
                Some((bytes.into(), kind))
            }
        };
        let hex = |[r, g, b]: [u8; 3]| format!("#{r:02x}{g:02x}{b:02x}");
        let look =
            Self { accent: hex(rgb), accent_in_the_dark: hex(light), logo: None, logo_path: String::new() };
        Ok(look.with_logo(logo))
    }

    /// The same with another logo, or none.
    fn with_logo(self, logo: Option<(Arc<[u8]>, &'static str)>) -> Self {
        let sum = |bytes: &[u8]| {
            bytes.iter().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(*byte)))
        };
        let logo_path = logo.as_ref().map_or_else(String::new, |(bytes, _)| {
            format!("{}?v={}-{:x}", crate::paths::LOGO, bytes.len(), sum(bytes))
        });
        Self { logo, logo_path, ..self }
    }
}

/// The contact of a mail in the dark.
const DARK_CARD: [u8; 3] = [0x24, 0x23, 0x20];
/// Bytes of a logo.
const MAX_LOGO: usize = 100_000;

/// What the running program needs to know of its settings.
#[derive(Clone, Debug)]
pub struct Config {
    /// Scheme and host that links start with, without a slash at the end.
    pub base_url: String,
    /// Name of the company that runs the portal.
    pub operator_name: String,
    /// Sender of all mail.
    pub mail_from: lettre::message::Mailbox,
    /// Where requests of customers are mailed to.
    pub staff_email: String,
    /// Where answers to mail go, if not to its sender.
    pub answers_to: Option<lettre::message::Mailbox>,
    /// Proxies whose X-Forwarded-For header is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// How the operator's mails look.
    pub look: Look,
    /// Pause before each message; nothing for none.
    pub mail_pace: Option<Duration>,
    /// The data directory is marked as a demo, and staff left it on.
    pub demo: bool,
    /// The data directory is marked as a demo.
    pub demo_data: bool,
    /// Guessing limits are on; the demo maker turns them off.
    pub limits: bool,
    /// Mail to who confirmed nothing has an allowance; the demo maker turns it off.
    pub mail_allowance: bool,
    /// What the command line says, so that staff cannot change it in the browser.
    pub fixed: Fixed,
    /// Customers may open accounts by themselves.
    pub sign_up: bool,
    /// Customers may invite people by themselves.
    pub invites: bool,
    /// Contacts may choose the mail they get by themselves.
    pub own_mail: bool,
    /// How long things last that staff decide.
    pub lifetimes: Lifetimes,
    /// The mails that staff word, by kind.
    pub templates: Arc<BTreeMap<String, Template>>,
    /// URL of the mail server as staff set it, sealed with the installation's key; empty for none.
    pub mail_server: String,
    /// Where everything is kept.
    pub data_dir: PathBuf,
    /// What Prometheus brings.
    pub metrics_token: Option<String>,
    /// The mail server whose Authentication-Results count.
    pub mail_trusts: Option<String>,
}

/// What the command line says, and staff therefore see but cannot change.
#[derive(Clone, Copy, Debug, Default)]
pub struct Fixed {
    /// The company's name.
    pub name: bool,
    /// Its colour.
    pub colour: bool,
    /// Its logo.
    pub logo: bool,
    /// Where requests and answers go.
    pub email: bool,
    /// The sender of all mail.
    pub sender: bool,
    /// The mail server.
    pub mail_server: bool,
}

/// What staff set in the browser about their company and their portal. Empty parts stay as the command line
/// says.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Company {
    /// Name, as customers know it.
    pub name: String,
    /// Postal address, several lines.
    pub address: String,
    /// Number for taxes.
    pub tax_id: String,
    /// Colour of buttons and links, "#0f5c5c".
    pub colour: String,
    /// Where requests and answers go.
    pub email: String,
    /// Customers may not open accounts by themselves.
    pub no_sign_up: bool,
    /// Customers may not invite people by themselves.
    pub no_invites: bool,
    /// Contacts may not choose the mail they get by themselves.
    pub no_own_mail: bool,
    /// This is no demo any more.
    pub no_demo: bool,
    /// Sender of all mail.
    pub sender: String,
    /// URL of the mail server, sealed with the installation's key.
    pub mail_server: String,
    /// Both as they were before they were changed last.
    pub mail_before: Option<(String, String)>,
    /// How long things last.
    pub lifetimes: Lifetimes,
    /// The logo as base64, with its media type before a comma; empty for none.
    pub logo: String,
}

/// How staff word a kind of mail: with variables.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Template {
    /// Subject.
    pub subject: String,
    /// Heading inside the mail.
    pub heading: String,
    /// The text as Markdown.
    pub body: String,
}

/// How long things last that staff decide. A portal whose staff decided nothing has the defaults.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Lifetimes {
    /// Days that an invitation is open, unless whoever invites says another number.
    pub invitation_days: i64,
    /// Days without use after which a session ends.
    pub idle_days: i64,
    /// Days before an owner who is gone is replaced.
    pub replacement_days: i64,
    /// Days that mail about logins is kept.
    pub login_mail_days: i64,
    /// Days that mail about accounts is kept.
    pub account_mail_days: i64,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            invitation_days: 7,
            idle_days: 7,
            replacement_days: 7,
            login_mail_days: 90,
            account_mail_days: 730,
        }
    }
}

impl Company {
    /// Bytes and media type of the logo.
    fn logo(&self) -> Option<(Arc<[u8]>, &'static str)> {
        let (kind, text) = self.logo.split_once(',')?;
        let kind = ["image/png", "image/jpeg"].into_iter().find(|known| *known == kind)?;
        let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, text).ok()?;
        Some((bytes.into(), kind))
    }
}

/// Checks an image for a logo. Returns its media type.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub fn check_logo(bytes: &[u8]) -> Result<&'static str, String> {
    let kind = match bytes {
        [0x89, b'P', b'N', b'G', ..] => "image/png",
        [0xff, 0xd8, 0xff, ..] => "image/jpeg",
        _ => return Err("This is neither a PNG nor a JPEG image.".into()),
    };
    if bytes.len() > MAX_LOGO {
        return Err(format!("This image is too large: mail programs load at most {} kB.", MAX_LOGO / 1000));
    }
    match imagesize::blob_size(bytes) {
        Ok(size) if (1..=4_000).contains(&size.width) && (1..=4_000).contains(&size.height) => Ok(kind),
        Ok(_) => Err("This image has more than 4,000 pixels at one side.".into()),
        Err(_) => Err("This image is damaged.".into()),
    }
}

impl Config {
    /// Checks the settings of `serve`.
    ///
    /// # Errors
    /// A sentence that names the setting and what is wrong with it.
    pub fn check(serve: &Serve, demo: bool) -> Result<Self, String> {
        let base_url = serve.base_url.clone().unwrap_or_else(|| format!("http://{}", serve.listen));
        let base_url = base_url.trim_end_matches('/').to_owned();
        let uri: http::Uri =
            base_url.parse().map_err(|_| format!("The base URL {base_url} is not a URL."))?;
        let host = uri.host().ok_or_else(|| {
            format!("The base URL {base_url} has no host; write it like https://portal.example.com.")
        })?;
        if !matches!(uri.scheme_str(), Some("http" | "https")) {
            return Err(format!("The base URL {base_url} starts with neither http:// nor https://."));
        }
        if uri.path() != "/" || uri.query().is_some() {
            return Err(format!(
                "The base URL {base_url} has a path; Latchkey is served from the root of a host."
            ));
        }
        let sender_host =
            if host.parse::<IpAddr>().is_ok() || !host.contains('.') { "latchkey.invalid" } else { host };
        let mail_from = match &serve.mail_from {
            Some(text) => text.parse().map_err(|_| format!("The sender {text} is not an e-mail address."))?,
            None => lettre::message::Mailbox::new(
                Some(serve.operator_name.clone()),
                format!("no-reply@{sender_host}")
                    .parse()
                    .map_err(|_| format!("The host of {base_url} cannot be used in a sender's address."))?,
            ),
        };
        let staff_email = match &serve.staff_email {
            Some(text) => EmailAddress::parse(text)
                .map_err(|_| format!("The address for requests {text} is not an e-mail address."))?
                .to_string(),
            None => mail_from.email.to_string(),
        };
        let answers_to = serve.staff_email.as_ref().and_then(|_| staff_email.parse().ok());
        let answers_to = answers_to
            .map(|address| lettre::message::Mailbox::new(Some(serve.operator_name.clone()), address));
        Ok(Self {
            base_url,
            answers_to,
            operator_name: serve.operator_name.clone(),
            mail_from,
            staff_email,
            trusted_proxies: serve.trusted_proxies.clone(),
            look: Look::check(&serve.operator_colour, serve.operator_logo.as_deref())?,
            mail_pace: serve.mail_rate.map(|rate| Duration::from_secs(60) / rate),
            demo,
            demo_data: demo,
            limits: true,
            mail_allowance: true,
            fixed: Fixed {
                name: serve.operator_name != OPERATOR_NAME,
                colour: serve.operator_colour != OPERATOR_COLOUR,
                logo: serve.operator_logo.is_some(),
                email: serve.staff_email.is_some(),
                sender: serve.mail_from.is_some(),
                mail_server: serve.smtp_url.is_some() || serve.smtp_url_file.is_some(),
            },
            sign_up: true,
            invites: true,
            own_mail: true,
            lifetimes: Lifetimes::default(),
            templates: Arc::default(),
            mail_server: String::new(),
            data_dir: serve.data.path.clone(),
            metrics_token: serve.metrics_token.clone(),
            mail_trusts: serve.mail_trusts.clone(),
        })
    }

    /// These settings with what staff set, where the command line says nothing.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn with_company(&self, company: &Company) -> Result<Self, String> {
        let mut new = self.clone();
        new.sign_up = !company.no_sign_up;
        new.invites = !company.no_invites;
        new.own_mail = !company.no_own_mail;
        new.demo = self.demo && !company.no_demo;
        new.lifetimes = company.lifetimes;
        if !self.fixed.mail_server {
            new.mail_server.clone_from(&company.mail_server);
        }
        if !self.fixed.sender && !company.sender.is_empty() {
            new.mail_from.email = company
                .sender
                .parse()
                .map_err(|_| format!("The sender {} is not an e-mail address.", company.sender))?;
        }
        if !self.fixed.name && !company.name.is_empty() {
            new.operator_name.clone_from(&company.name);
        }
        if !self.fixed.colour && !company.colour.is_empty() {
            let logo = new.look.logo.take();
            new.look = Look::check(&company.colour, None)?.with_logo(logo);
        }
        if !self.fixed.logo
            && let Some(logo) = company.logo()
        {
            new.look = new.look.with_logo(Some(logo));
        }
        if !self.fixed.email && !company.email.is_empty() {
            let email = EmailAddress::parse(&company.email)?;
            new.staff_email = email.to_string();
            new.answers_to =
                email.as_str().parse().ok().map(|address| lettre::message::Mailbox::new(None, address));
        }
        if !self.fixed.sender {
            new.mail_from.name = Some(new.operator_name.clone());
        }
        if let Some(answers) = &mut new.answers_to {
            answers.name = Some(new.operator_name.clone());
        }
        Ok(new)
    }

    /// True when people reach the portal over https.
    pub fn secure(&self) -> bool {
        self.base_url.starts_with("https://")
    }
}

/// What mail that is written depends on, as the portal was last served: commands write it in the same way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Served {
    /// Scheme and host that links start with.
    pub base_url: Option<String>,
    /// Name of the company that runs the portal.
    pub operator_name: Option<String>,
    /// Its colour.
    pub operator_colour: Option<String>,
    /// The file with its logo.
    pub operator_logo: Option<PathBuf>,
    /// Where requests and answers go.
    pub staff_email: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_writes_as_the_portal_that_was_served() {
        use clap::Parser as _;
        let serve = |line: &str| match CommandLine::parse_from(
            ["latchkey", "doctor", "--data-dir", "d"].into_iter().chain(line.split_whitespace()),
        )
        .command
        {
            Command::Doctor(serve) => serve,
            other => panic!("{other:?}"),
        };
        let set = serve(
            "--base-url https://portal.example.com --operator-name Hosting --operator-colour #102030 --staff-email staff@example.com",
        );
        let served = set.served(&Config::check(&set, false).unwrap());
        let config = Config::check(&serve("").like(served.clone()), false).unwrap();
        assert_eq!(
            (config.base_url.as_str(), config.operator_name.as_str(), config.look.accent.as_str()),
            ("https://portal.example.com", "Hosting", "#102030")
        );
        assert_eq!(config.staff_email, "staff@example.com");
        let said = Config::check(
            &serve("--operator-name Other --base-url https://b.example.com").like(served),
            false,
        )
        .unwrap();
        assert_eq!(
            (said.base_url.as_str(), said.operator_name.as_str(), said.look.accent.as_str()),
            ("https://b.example.com", "Other", "#102030")
        );
    }

    #[test]
    fn colours_are_read_and_have_to_carry_white_words() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 0.01);
        let look = Look::check("#0F5C5C", None).unwrap();
        assert_eq!(look.accent, "#0f5c5c");
        assert!(contrast(parse_colour(&look.accent_in_the_dark).unwrap(), DARK_CARD) >= 4.5);
        for (bad, why) in [
            ("#ffcc00", "too light"),
            ("teal", "not a colour"),
            ("#12345", "not a colour"),
            ("#é1234", "not a colour"),
        ] {
            assert!(Look::check(bad, None).unwrap_err().contains(why), "{bad}");
        }
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), b"<svg onload=alert(1)>").unwrap();
        assert!(Look::check("#0f5c5c", Some(file.path())).unwrap_err().contains("neither PNG nor JPEG"));
    }
}
