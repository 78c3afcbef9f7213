//! A letter: the words of a mail, rendered as HTML and as plain text.

use super::template::fill;
use super::words;
use crate::access::state::AppState;
use crate::category::Category;
use crate::features::recipients::model::Recipient;
use crate::outbox::{CHOICE, CHOICE_URL, MailFile, Message};
use crate::paths;
use crate::platform::config::{Config, Template};
use crate::types::AccountId;
use axum::body::Body;
use axum::http::{Response, header};
use axum::response::IntoResponse as _;
use maud::{DOCTYPE, Markup, PreEscaped, html};

/// The words of one mail to one person.
#[derive(Clone, Debug, Default)]
pub struct Letter {
    /// What it is, for example `invitation`.
    pub kind: &'static str,
    /// The account it is about.
    pub account: Option<AccountId>,
    /// The category it is sent in; nothing for mail to one person about themself.
    pub category: Option<Category>,
    /// Name of the recipient; may be empty.
    pub to_name: String,
    /// Address of the recipient.
    pub to_email: String,
    /// Subject.
    pub subject: String,
    /// Heading inside the mail.
    pub heading: String,
    /// Paragraphs before the button.
    pub paragraphs: Vec<String>,
    /// In place of paragraphs: text with markup, see [`Rich`].
    pub rich: Option<Rich>,
    /// Label and path of the one button.
    pub button: Option<(&'static str, String)>,
    /// The secret in the button's path, if it has one.
    pub secret: Option<String>,
    /// Small print under the button.
    pub after: Vec<String>,
    /// Why the person gets this mail; the last line.
    pub reason: String,
    /// What is its own among the variables of a template: name and value. `link`, the address behind the button,
    /// joins when it is sealed.
    pub values: Vec<(&'static str, String)>,
    /// Where an answer goes; empty for the address that all mail names.
    pub reply_to: String,
    /// The Message-ID of the mail that it answers; empty for none.
    pub in_reply_to: String,
    /// What caused it and how long it can be called back, see [`Message`].
    pub cause: Option<(String, i64)>,
    /// Files that it carries.
    pub files: Vec<MailFile>,
    /// What it belongs to, so that mail programs show it together: "request-01k9…". Empty for nothing.
    pub thread: String,
}

/// One line without control characters, for a subject.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// A text without control characters but line breaks: the marks of this file and of the outbox are made of
/// them.
fn plain(text: &mut String) {
    text.retain(|c| !c.is_control() || c == '\n');
}

impl Letter {
    /// The same letter to somebody whom the recipient rule names.
    pub fn to(self, account: &AccountId, recipient: &Recipient, category: Category) -> Self {
        Self {
            account: Some(account.clone()),
            category: Some(category),
            to_name: recipient.name.clone(),
            to_email: recipient.email.clone(),
            reason: words::you_get_this_mail_because(&recipient.because(category)),
            ..self
        }
    }

    /// Renders both bodies.
    pub fn seal(self, app: &AppState) -> Message {
        self.seal_as(&app.config())
    }

    /// The same letter as staff word it.
    fn worded_by(self, template: &Template, config: &Config) -> Self {
        let text = self.rich.as_ref().map_or_else(|| self.paragraphs.join("\n\n"), |rich| rich.text.clone());
        let value = |name: &str| match name {
            "text" => Some(text.clone()),
            "subject" => Some(self.subject.clone()),
            "heading" => Some(self.heading.clone()),
            "name" => Some(self.to_name.clone()),
            "operator" => Some(config.operator_name.clone()),
            "portal" => Some(config.base_url.clone()),
            _ => self.values.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone()),
        };
        // Addresses may stand in a link, which Markdown has to read.
        let source =
            fill(&template.body, |name| matches!(name, "portal" | "link").then(|| value(name)).flatten());
        let Rich { html, .. } = Rich::markdown(&source);
        let marked = |line: &String| html! { p style="margin:0 0 16px" { (line) } }.into_string();
        let original = match &self.rich {
            Some(rich) => rich.html.clone(),
            None => self.paragraphs.iter().map(marked).collect(),
        };
        // Paragraphs stand in no other paragraph.
        let html = html.replace("<p style=\"margin:0 0 16px\">{{text}}</p>", "{{text}}");
        let html = fill(&html, |name| match name {
            "text" => Some(original.clone()),
            name => value(name).map(|value| html! { (value) }.into_string()),
        });
        let rich = Rich { html, text: fill(&source, value) };
        let (subject, heading) = (fill(&template.subject, value), fill(&template.heading, value));
        Self { subject, heading, rich: Some(rich), paragraphs: Vec::new(), ..self }
    }

    fn seal_as(mut self, config: &Config) -> Message {
        if let Some((_, path)) = &self.button {
            self.values.push(("link", format!("{}{path}", config.base_url)));
        }
        if let Some(template) = config.templates.get(self.kind) {
            self = self.worded_by(template, config);
        }
        let (rich, button) = (self.rich.iter_mut(), self.button.iter_mut());
        [&mut self.heading, &mut self.reason]
            .into_iter()
            .chain(&mut self.paragraphs)
            .chain(&mut self.after)
            .chain(rich.flat_map(|rich| [&mut rich.html, &mut rich.text]))
            .chain(button.map(|(_, path)| path))
            .for_each(plain);
        let button = self.button.as_ref().map(|(label, path)| (*label, format!("{}{path}", config.base_url)));
        Message {
            html: self.html(config, button.as_ref()),
            text: self.text(&config.operator_name, button.as_ref()),
            kind: self.kind,
            category: self.category,
            account: self.account,
            to_name: one_line(&self.to_name),
            to_email: self.to_email,
            subject: one_line(&self.subject),
            secret: self.secret,
            thread: self.thread,
            values: self.values,
            reply_to: self.reply_to,
            in_reply_to: self.in_reply_to,
            cause: self.cause,
            files: self.files,
            confirmed: false,
        }
    }

    fn text(&self, operator: &str, button: Option<&(&str, String)>) -> String {
        let body = self.rich.as_ref().map_or_else(|| self.paragraphs.join("\n\n"), |rich| rich.text.clone());
        let mut out = format!("{}\n\n{body}\n", self.heading);
        if let Some((label, url)) = button {
            out.push_str(&format!("\n{label}:\n{url}\n"));
        }
        for line in &self.after {
            out.push_str(&format!("\n{line}\n"));
        }
        out.push_str(&format!("\n-- \n{operator}\n{}\n", self.reason));
        if self.account.is_some() {
            out.push_str(&words::choose_which_mail_you_get(&CHOICE.0, &CHOICE_URL, &CHOICE.1));
        }
        out
    }

    fn html(&self, config: &Config, button: Option<&(&str, String)>) -> String {
        let look = &config.look;
        let (accent, in_the_dark) = (&look.accent, &look.accent_in_the_dark);
        let link = format!("color:{accent}");
        let dark = format!(
            "@media (prefers-color-scheme:dark){{.page{{background:#1a1917!important}}.card{{background:#242320!important;color:#ebe8e1!important}}\
             .faint{{color:#a8a398!important}}.link,.mark{{color:{in_the_dark}!important}}}}@media (max-width:480px){{.card{{padding:24px 20px!important}}}}"
        );
        // Tables and attributes beside styles, because some mail programs know nothing newer; 600 px, because
        // their windows are that wide.
        let letter = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width";
                    meta name="color-scheme" content="light dark";
                    meta name="supported-color-schemes" content="light dark";
                    title { (self.heading) }
                    style { (PreEscaped(dark)) }
                }
                body.page style="margin:0;background:#f4f2ee" {
                    table.page role="presentation" width="100%" cellspacing="0" cellpadding="0" bgcolor="#f4f2ee"
                        style="background:#f4f2ee" {
                        tr { td align="center" style="padding:24px 12px" {
                            table role="presentation" width="600" cellspacing="0" cellpadding="0"
                                style="max-width:600px;width:100%" {
                                tr { td.mark style={ "padding:0 8px 12px;" (FONT) ";font-size:14px;font-weight:600;" (link) } {
                                    (mark(config))
                                } }
                                tr { td.card bgcolor="#ffffff" style={
                                    "padding:32px;border-top:3px solid " (accent) ";border-radius:8px;background:#ffffff;"
                                    (FONT) ";font-size:16px;line-height:1.5;color:#23211d"
                                } {
                                    h1 style="margin:0 0 16px;font-size:22px;line-height:1.3" { (self.heading) }
                                    (self.body(&link))
                                    @if let Some((label, url)) = button { (drawn_button(label, url, accent)) }
                                    @for line in &self.after {
                                        p.faint style={ "font-size:13px;color:" (FAINT) (words::MARGIN_0_0_16PX) } { (line) }
                                    }
                                } }
                                tr { td.faint style={
                                    "padding:16px 8px;" (FONT) ";font-size:12px;line-height:1.5;color:" (FAINT)
                                } {
                                    (self.reason)
                                    @if self.account.is_some() {
                                        (PreEscaped(CHOICE.0)) br;
                                        a.link href=(CHOICE_URL) style=(link) { (words::CHOOSE_WHICH_MAIL_YOU_GET) }
                                        (PreEscaped(CHOICE.1))
                                    }
                                } }
                            }
                        } }
                    }
                }
            }
        };
        letter.into_string()
    }

    fn body(&self, link: &str) -> Markup {
        match &self.rich {
            Some(rich) => PreEscaped(
                rich.html.replace("<a href=", &format!("<a class=\"link\" style=\"{link}\" href=")),
            ),
            None => html! { @for line in &self.paragraphs { p style="margin:0 0 16px" { (line) } } },
        }
    }
}

/// The operator's logo, or name.
fn mark(config: &Config) -> Markup {
    let (operator, accent) = (&config.operator_name, &config.look.accent);
    if config.look.logo.is_none() {
        return html! { (operator) };
    }
    html! {
        img src={ (config.base_url) (paths::LOGO) } alt=(operator) height="36"
            style={ "display:block;height:36px;width:auto;border:0;font-weight:600;color:" (accent) };
    }
}

fn drawn_button(label: &str, url: &str, accent: &str) -> Markup {
    html! {
        table role="presentation" cellspacing="0" cellpadding="0" style="margin:24px 0" {
            tr { td.button bgcolor=(accent) style={ "border-radius:6px;background:" (accent) } {
                a href=(url) style={
                    "display:inline-block;padding:12px 24px;border:1px solid " (accent)
                    ";border-radius:6px;color:#ffffff;font-weight:600;text-decoration:none"
                } { (label) }
            } }
        }
        p.faint style={ "margin:0 0 16px;font-size:13px;color:" (FAINT) } {
            (words::IF_THE_BUTTON_DOES_NOT) br;
            a.link href=(url) style={ "color:" (accent) ";word-break:break-all" } { (url) }
        }
    }
}

const FONT: &str =
    "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
/// The colour of small print, 4.9:1 on the page.
const FAINT: &str = "#6b675f";

/// Text with markup: both forms of it.
#[derive(Clone, Debug, Default)]
pub struct Rich {
    /// Safe HTML with inlined styles.
    pub html: String,
    /// Plain text.
    pub text: String,
}

impl Rich {
    /// Reads Markdown. HTML in it is text like any other, and links lead to web and mail addresses only.
    pub fn markdown(source: &str) -> Self {
        let mut out = markdown(source);
        for (tag, style) in [
            ("<p>", "margin:0 0 16px"),
            ("<h2>", "margin:24px 0 8px;font-size:18px;line-height:1.3"),
            ("<ul>", "margin:0 0 16px;padding-left:24px"),
            ("<ol>", "margin:0 0 16px;padding-left:24px"),
        ] {
            out = out.replace(tag, &format!("{} style=\"{style}\">", tag.trim_end_matches('>')));
        }
        Self { html: out, text: source.trim().to_owned() }
    }
}

/// Markdown as HTML. HTML in it is text like any other, links lead to web and mail addresses only, and pictures
/// are their words.
pub fn markdown(source: &str) -> String {
    use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, html};
    let safe = |url: &str| ["https://", "http://", "mailto:"].iter().any(|scheme| url.starts_with(scheme));
    let events = Parser::new_ext(source, Options::ENABLE_STRIKETHROUGH).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) => Event::Text(text),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = if safe(&dest_url) || link_type == LinkType::Email { dest_url } else { "".into() };
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        // Pictures from elsewhere are blocked by most mail programs, and tell who reads: their words
        // stay.
        Event::Start(Tag::Image { .. }) => Event::Start(Tag::Emphasis),
        Event::End(pulldown_cmark::TagEnd::Image) => Event::End(pulldown_cmark::TagEnd::Emphasis),
        other => other,
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

/// What a message may do in its frame: show itself and be left by a click. No script, no picture from
/// elsewhere.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; \
    sandbox allow-popups allow-top-navigation-by-user-activation";

/// The HTML of a mail as a document of its own, for a frame of a page.
pub fn framed(html: &str) -> Response<Body> {
    // A link in a mail opens a page, not a page inside a frame.
    let html = html.replacen("<head>", words::HEAD_BASE_TARGET_TOP, 1);
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_FRAME_OPTIONS, words::SAMEORIGIN),
    ];
    (headers, html).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::{PLACEHOLDER, with_choice};

    #[test]
    fn words_from_people_stay_words() {
        let nasty = format!(
            "<script>alert(1)</script>{{{{x}}}}\r\nBcc: a@b.c {}{CHOICE_URL}{}{PLACEHOLDER}",
            CHOICE.1, CHOICE.0
        );
        let letter = Letter {
            account: Some(crate::access::membership::Membership::sample().account),
            heading: nasty.clone(),
            subject: nasty.clone(),
            paragraphs: vec![nasty.clone()],
            button: Some(("Go", "/?a=1&b=\"".into())),
            reason: nasty.clone(),
            ..Letter::default()
        };
        let message = letter.seal_as(&crate::tests::support::config());
        assert!(!message.html.contains("<script>"));
        assert!(message.html.contains("&lt;script&gt;alert(1)&lt;/script&gt;{{x}}"));
        assert!(message.html.contains("a=1&amp;b=&quot;"));
        assert!(!message.subject.contains(['\r', '\n']));
        // Nor can they be taken for what the outbox fills in or cuts out.
        for body in [&message.html, &message.text] {
            assert!(!body.contains(PLACEHOLDER) && body.matches(CHOICE_URL).count() == 1, "{body:?}");
            let (kept, cut) = (with_choice(body, true), with_choice(body, false));
            assert!(
                kept.contains("Choose which mail")
                    && !cut.contains("Choose which mail")
                    && !cut.contains('\u{1}'),
                "{cut:?}"
            );
            assert_eq!(kept.matches("alert(1)").count(), body.matches("alert(1)").count());
        }
    }

    #[test]
    fn a_template_words_a_mail_and_values_stay_words() {
        let mut config = crate::tests::support::config();
        let template = Template {
            subject: "{{operator}}: {{subject}}".into(),
            heading: "{{heading}} for {{inviter}}".into(),
            body: "Dear **{{name}}**, from {{ inviter }}.\n\n{{text}}\n\n[Open]({{portal}}/accounts)".into(),
        };
        config.templates = std::sync::Arc::new([("invitation".to_owned(), template)].into());
        let letter = Letter {
            kind: "invitation",
            to_name: "<b>Ben</b> {{operator}} [x](https://evil.example)".into(),
            subject: "Hello".into(),
            heading: "Join".into(),
            paragraphs: vec!["One & two".into(), "Three {{name}}".into()],
            button: Some(("Go", "/go".into())),
            values: vec![("inviter", "Ada".into())],
            ..Letter::default()
        };
        let message = letter.clone().seal_as(&config);
        assert_eq!(message.subject, "Test Hosting: Hello");
        for part in [
            "<h1 style=\"margin:0 0 16px;font-size:22px;line-height:1.3\">Join for Ada</h1>",
            "<strong>&lt;b&gt;Ben&lt;/b&gt; {{operator}} [x](https://evil.example)</strong>, from Ada.",
            "<p style=\"margin:0 0 16px\">One &amp; two</p><p style=\"margin:0 0 16px\">Three {{name}}</p>",
            "href=\"http://portal.example/accounts\">Open</a>",
            "href=\"http://portal.example/go\"",
        ] {
            assert!(message.html.contains(part), "{part} in {}", message.html);
        }
        assert!(message.text.contains("One & two\n\nThree {{name}}"), "{}", message.text);
        let other = Letter { kind: "another", ..letter }.seal_as(&config);
        assert_eq!(other.subject, "Hello");
    }

    #[test]
    fn markdown_cannot_bring_markup_scripts_or_pictures() {
        let rich = Rich::markdown(
            "**Hello** [us](https://x.example) [bad](javascript:alert(1)) <script>alert(1)</script> ![eye](https://x.example/eye.gif)\n\n- one\n\n<img src=x onerror=alert(1)>",
        );
        assert!(
            rich.html.contains("<strong>Hello</strong>")
                && rich.html.contains("<a href=\"https://x.example\">us</a>"),
            "{}",
            rich.html
        );
        assert!(
            !rich.html.contains("javascript:")
                && !rich.html.contains("<script")
                && !rich.html.contains("<img"),
            "{}",
            rich.html
        );
        assert!(rich.html.contains("<ul style=\"margin"));
    }
}
