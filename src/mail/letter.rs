//! A letter: the words of a mail, rendered as HTML and as plain text.

use crate::server::outbox::Message;
use crate::server::state::House;
use crate::types::AccountId;
use crate::ui::markup::Escaped;

/// The words of one mail to one person.
pub struct Letter {
    /// What it is, for example `invitation`.
    pub kind: &'static str,
    /// The account it is about.
    pub account: Option<AccountId>,
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
    /// Label and path of the one button.
    pub button: Option<(&'static str, String)>,
    /// The secret in the button's path, if it has one.
    pub secret: Option<String>,
    /// Small print under the button.
    pub after: Vec<String>,
    /// Why the person gets this mail; the last line.
    pub reason: String,
}

fn escape(text: &str) -> String {
    Escaped(text).to_string()
}

/// One line without control characters, for a subject.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

impl Letter {
    /// Renders both bodies.
    pub fn seal(self, house: &House) -> Message {
        let operator = &house.config().operator_name;
        let button = self.button.map(|(label, path)| (label, house.url(&path)));
        Message {
            kind: self.kind,
            account: self.account,
            to_name: one_line(&self.to_name),
            to_email: self.to_email,
            html: html(operator, &self.heading, &self.paragraphs, button.as_ref(), &self.after, &self.reason),
            text: text(operator, &self.heading, &self.paragraphs, button.as_ref(), &self.after, &self.reason),
            subject: one_line(&self.subject),
            secret: self.secret,
        }
    }
}

fn text(operator: &str, heading: &str, paragraphs: &[String], button: Option<&(&str, String)>, after: &[String], reason: &str) -> String {
    let mut out = format!("{heading}\n\n{}\n", paragraphs.join("\n\n"));
    if let Some((label, url)) = button {
        out.push_str(&format!("\n{label}:\n{url}\n"));
    }
    for line in after {
        out.push_str(&format!("\n{line}\n"));
    }
    out.push_str(&format!("\n-- \n{operator}\n{reason}\n"));
    out
}

fn html(operator: &str, heading: &str, paragraphs: &[String], button: Option<&(&str, String)>, after: &[String], reason: &str) -> String {
    const FONT: &str = "font-family:-apple-system,BlinkMacSystemFont,'Segoe UI',Roboto,Helvetica,Arial,sans-serif";
    let paragraph = |style: &str, line: &String| format!("<p style=\"margin:0 0 16px;{style}\">{}</p>", escape(line));
    let body: String = paragraphs.iter().map(|line| paragraph("", line)).collect();
    let after: String = after.iter().map(|line| paragraph("font-size:13px;color:#6b675f", line)).collect();
    let button = button.map_or(String::new(), |(label, url)| {
        format!(
            "<p style=\"margin:24px 0\"><a href=\"{0}\" style=\"display:inline-block;padding:12px 24px;border-radius:6px;background:#0f5c5c;color:#ffffff;font-weight:600;text-decoration:none\">{1}</a></p>\
             <p style=\"margin:0 0 16px;font-size:13px;color:#6b675f\">If the button does not work, open this address:<br><a href=\"{0}\" style=\"color:#0f5c5c;word-break:break-all\">{0}</a></p>",
            escape(url),
            escape(label)
        )
    });
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">\
         <meta name=\"color-scheme\" content=\"light dark\"><meta name=\"supported-color-schemes\" content=\"light dark\"><title>{heading}</title>\
         <style>@media (prefers-color-scheme:dark){{.page{{background:#1a1917!important}}.card{{background:#242320!important;color:#ebe8e1!important}}}}</style></head>\
         <body class=\"page\" style=\"margin:0;background:#f4f2ee\"><table role=\"presentation\" class=\"page\" width=\"100%\" cellspacing=\"0\" cellpadding=\"0\" style=\"background:#f4f2ee\"><tr><td align=\"center\" style=\"padding:24px 12px\">\
         <table role=\"presentation\" width=\"600\" cellspacing=\"0\" cellpadding=\"0\" style=\"max-width:600px;width:100%\">\
         <tr><td style=\"padding:0 8px 12px;{FONT};font-size:14px;font-weight:600;color:#0f5c5c\">{operator}</td></tr>\
         <tr><td class=\"card\" style=\"padding:32px;border-radius:8px;background:#ffffff;{FONT};font-size:16px;line-height:1.5;color:#23211d\">\
         <h1 style=\"margin:0 0 16px;font-size:22px;line-height:1.3\">{heading}</h1>{body}{button}{after}</td></tr>\
         <tr><td style=\"padding:16px 8px;{FONT};font-size:12px;line-height:1.5;color:#6b675f\">{reason}</td></tr>\
         </table></td></tr></table></body></html>",
        heading = escape(heading),
        operator = escape(operator),
        reason = escape(reason),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_from_people_stay_words() {
        let nasty = "<script>alert(1)</script>{{x}}\r\nBcc: a@b.c".to_owned();
        let body = html("Op", &nasty, std::slice::from_ref(&nasty), Some(&("Go", "https://x.example/?a=1&b=\"".into())), &[], &nasty);
        assert!(!body.contains("<script>"));
        assert!(body.contains("&lt;script&gt;alert(1)&lt;/script&gt;{{x}}"));
        assert!(body.contains("a=1&amp;b=&quot;"));
        assert!(!one_line(&nasty).contains(['\r', '\n']));
    }
}
