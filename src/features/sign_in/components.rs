//! The password field with its strength, used wherever somebody chooses a password.

use super::rpc::PasswordStrength;
use super::words;
use crate::ui::field::Field;
use crate::ui::load::ask;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::time::Duration;

/// A field for a new password. With WASM its strength is shown while typing; the server decides.
#[component]
pub fn NewPassword(
    /// Name in the form.
    #[prop(default = "password")]
    name: &'static str,
    /// Label.
    #[prop(default = "Password")]
    label: &'static str,
    /// Name and address of the person, which make a password weak when it contains them; one per line.
    #[prop(optional, into)]
    words: String,
) -> impl IntoView {
    let strength = RwSignal::new(None::<(u8, String)>);
    let asked = StoredValue::new(0_u32);
    let words = StoredValue::new(words);
    let changed = Callback::new(move |password: String| {
        asked.update_value(|count| *count += 1);
        let mine = asked.get_value();
        if password.is_empty() {
            strength.set(None);
            return;
        }
        // Asked once the typing pauses; an answer to an older question is dropped.
        set_timeout(
            move || {
                if asked.try_get_value() == Some(mine) {
                    spawn_local(async move {
                        if let Ok(answer) =
                            ask(PasswordStrength { password: password.into(), words: words.get_value() })
                                .await
                            && asked.try_get_value() == Some(mine)
                        {
                            strength.set(Some(answer));
                        }
                    });
                }
            },
            Duration::from_millis(200),
        );
    });
    view! {
        <Field name=name label=label kind="password" autocomplete="new-password" required=true changed=changed
            hint=words::AT_LEAST_10_CHARACTERS_THREE/>
        <div class="strength" aria-live="polite">
            {move || strength.get().map(|(score, advice)| {
                let word = [words::VERY_EASY_TO_GUESS, words::EASY_TO_GUESS, words::COULD_BE_BETTER, words::GOOD, words::VERY_GOOD][usize::from(score.min(4))];
                view! {
                    <meter min="0" max="4" low="2.5" high="2.9" optimum="4" value=score.to_string() aria-label=words::PASSWORD_STRENGTH></meter>
                    <span>{word}". "{advice}</span>
                }
            })}
        </div>
    }
}
