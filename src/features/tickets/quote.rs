//! What of a mail is new, and what it quotes: the earlier message below an answer. Nothing is cut in storage:
//! the page folds it.

/// Where the quoted part begins, as words at the beginning of a line in the mail programs' languages, in small
/// letters: "On Monday Ben wrote:", "Am … schrieb …:", and the lines that Outlook draws.
const SAYS: &[(&str, &str)] = &[
    ("on ", "wrote:"),
    ("am ", ":"),
    ("le ", "a écrit"),
    ("el ", "escribió:"),
    ("il ", "ha scritto:"),
    ("op ", "schreef"),
    ("em ", "escreveu:"),
    ("den ", "skrev"),
    ("w dniu ", "napisał"),
    ("dnia ", "napisał"),
];

/// Lines that begin the head of an earlier message on their own.
const LINES: &[&str] = &[
    "-----original message-----",
    "-----ursprüngliche nachricht-----",
    "----- original message -----",
    "-----message d'origine-----",
    "-----mensaje original-----",
    "-----messaggio originale-----",
    "-----oorspronkelijk bericht-----",
    "-----mensagem original-----",
    "________________________________",
    "---------- forwarded message",
];

/// First lines of an earlier message's head as Outlook writes it, each followed by "Sent:" in its language.
const HEADS: &[(&str, &[&str])] = &[
    ("from: ", &["sent: ", "date: "]),
    ("von: ", &["gesendet: ", "datum: "]),
    ("de : ", &["envoyé : ", "date : "]),
    ("de: ", &["enviado: ", "enviado el: ", "enviada: ", "enviada em: ", "envoyé: "]),
    ("da: ", &["inviato: "]),
    ("van: ", &["verzonden: "]),
    ("från: ", &["skickat: "]),
    ("fra: ", &["sendt: "]),
];

/// The part of a text that is new, and the part that it quotes; together they are the text.
pub fn split(text: &str) -> (&str, &str) {
    let mut starts = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        starts.push((at, line));
        at += line.len();
    }
    let begins = (0..starts.len()).find(|&index| begins_quote(&starts, index));
    let cut = begins.map_or(text.len(), |index| starts[index].0);
    // Whoever answers below or between the lines has nothing to fold.
    let rest = &text[cut..];
    let answers_below = rest.lines().rev().find(|line| !line.trim().is_empty()).is_some_and(|line| {
        rest.lines().any(|line| line.trim_start().starts_with('>')) && !line.trim_start().starts_with('>')
    });
    if text[..cut].trim().is_empty() || answers_below { (text, "") } else { text.split_at(cut) }
}

fn begins_quote(lines: &[(usize, &str)], index: usize) -> bool {
    let line = |at: usize| lines.get(at).map(|(_, line)| line.trim().to_lowercase()).unwrap_or_default();
    let here = line(index);
    if here.is_empty() {
        return false;
    }
    if LINES.iter().any(|known| here.starts_with(known)) {
        return true;
    }
    if HEADS.iter().any(|(from, then)| {
        here.starts_with(from) && then.iter().any(|then| line(index + 1).starts_with(then.trim_end()))
    }) {
        return true;
    }
    let quotes = |at: usize| {
        (at..at + 3).map(line).find(|line| !line.is_empty()).is_some_and(|line| line.starts_with('>'))
    };
    // The line may be broken in two; what follows is quoted.
    let said = |text: &str| {
        SAYS.iter().any(|(from, verb)| text.starts_with(from) && text.contains(verb) && text.ends_with(':'))
    };
    if (said(&here) && quotes(index + 1))
        || (said(&format!("{here} {}", line(index + 1))) && quotes(index + 2))
    {
        return true;
    }
    here.starts_with('>')
        && (index..lines.len()).map(line).all(|line| line.is_empty() || line.starts_with('>'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_quoted_is_told_apart_in_many_languages() {
        let quoted = [
            "On Mon, 3 May 2026 at 10:00, Support <s@x.example> wrote:\n> Hello\n",
            "Am 03.05.2026 um 10:00 schrieb Support:\n> Hallo\n",
            "Le lun. 3 mai 2026 à 10:00, Support a écrit :\n> Bonjour\n",
            "El lun, 3 may 2026, Support escribió:\n> Hola\n",
            "Il giorno lun 3 mag 2026, Support ha scritto:\n> Ciao\n",
            "Op ma 3 mei 2026 schreef Support:\n> Hallo\n",
            "Em seg., 3 de mai. de 2026, Support escreveu:\n> Oi\n",
            "Den mån 3 maj 2026 skrev Support:\n> Hej\n",
            "On Mon, 3 May 2026 at 10:00, A very long name\n<s@x.example> wrote:\n\n> Hello\n",
            "-----Original Message-----\nFrom: Support\nHello",
            "Von: Support\nGesendet: Montag\nAn: Ben\n\nHallo",
            "De : Support\nEnvoyé : lundi\n\nBonjour",
            "________________________________\nFrom: Support\n",
            "> Hello\n> again\n",
        ];
        for quoted in quoted {
            let text = format!("It works now, thanks.\n\n{quoted}");
            assert_eq!(split(&text), ("It works now, thanks.\n\n", quoted), "{quoted}");
        }
    }

    #[test]
    fn what_is_written_between_or_below_is_not_folded() {
        for text in [
            "On Monday Ben wrote:\n> Does it work?\nYes.\n",
            "From: here to there is a long way.\nThat is all.",
            "On second thought, I wrote: nothing.",
            "> only a quote",
            "",
        ] {
            assert_eq!(split(text), (text, ""), "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_is_lost(text in "(> |On a wrote:|From: |Sent: |[a-zé]{0,5}|\n){0,30}") {
            let (new, old) = split(&text);
            prop_assert_eq!(format!("{new}{old}"), text);
        }
    }
}
