//! Variables in the words of a mail that staff edit: `{{name}}`. Filled in once, so that what people typed is
//! never read as a variable.

use super::words;

/// The variables that every kind of mail has, with what each stands for.
pub const VARIABLES: &[(&str, &str)] = &[
    ("text", words::VARIABLE_TEXT),
    ("subject", words::VARIABLE_SUBJECT),
    ("heading", words::VARIABLE_HEADING),
    ("name", words::VARIABLE_NAME),
    ("operator", words::VARIABLE_OPERATOR),
    ("portal", words::VARIABLE_PORTAL),
];

const OPEN: &str = "{{";
const CLOSE: &str = "}}";

/// Fills in the variables of a text. What is no variable stays as it is.
pub fn fill(source: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let (mut out, mut rest) = (String::with_capacity(source.len()), source);
    while let Some((before, after)) = rest.split_once(OPEN) {
        out.push_str(before);
        rest = match after.split_once(CLOSE) {
            Some((name, behind)) => {
                match value(name.trim()) {
                    Some(value) => out.push_str(&value),
                    None => out.push_str(&format!("{OPEN}{name}{CLOSE}")),
                }
                behind
            }
            None => {
                out.push_str(OPEN);
                after
            }
        };
    }
    out.push_str(rest);
    out
}

/// Checks that every variable of a text is closed and known.
///
/// # Errors
/// A sentence that names the first that is not.
pub fn check(source: &str, known: &[String]) -> Result<(), String> {
    let mut rest = source;
    while let Some((_, after)) = rest.split_once(OPEN) {
        let begins: String = after.chars().take(20).collect();
        let (name, behind) = after.split_once(CLOSE).ok_or_else(|| words::not_closed(&begins))?;
        if !known.iter().any(|one| one == name.trim()) {
            return Err(words::no_such_variable(&name.trim(), &known.join(", ")));
        }
        rest = behind;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn variables_are_filled_in_once() {
        let value = |name: &str| match name {
            "name" => Some("{{operator}}".to_owned()),
            "operator" => Some("Nord".to_owned()),
            _ => None,
        };
        assert_eq!(
            fill("Hello {{ name }}, {{operator}}! {{x}} {{", value),
            "Hello {{operator}}, Nord! {{x}} {{"
        );
    }

    #[test]
    fn a_variable_is_closed_and_known() {
        let known = ["name".to_owned()];
        assert_eq!(check("Hello {{name}} and {{ name }}", &known), Ok(()));
        assert!(check("Hello {{name", &known).unwrap_err().contains("name"));
        assert!(check("Hello {{nome}}", &known).unwrap_err().contains("“nome”"));
    }

    proptest! {
        #[test]
        fn what_is_no_variable_stays(source in "[a-z{} ]{0,40}") {
            prop_assert_eq!(fill(&source, |_| None), source);
        }
    }
}
