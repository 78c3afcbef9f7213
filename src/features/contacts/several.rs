//! Several contacts at once (P12): the bar under the list, and the question that names them.

use super::model::{SeveralAct, SeveralQuestion};
use super::parts::above;
use super::rpc::{AskSeveral, ChangeSeveral};
use super::words;
use crate::category::Categories;
use crate::features::permissions::components::{PresetCards, needs_manager};
use crate::features::permissions::model::PresetChoice;
use crate::features::recipients::components::CategoryBoxes;
use crate::frame::{account_in_url, use_frame};
use crate::paths;
use crate::permission::Permissions;
use crate::types::AccountId;
use crate::ui::dom;
use crate::ui::field::FieldError;
use crate::ui::form::{Form, Submit};
use crate::ui::form_state::FormState;
use crate::ui::icon::Icon;
use crate::ui::layout::Heading;
use crate::ui::load::{fetch, load};
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use leptos_router::hooks::use_query_map;
use web_sys::HtmlInputElement;

/// What can be done to the rows that are ticked. It is there, also without WASM, once one is.
#[component]
pub fn SeveralBar(
    /// The account.
    account: AccountId,
    /// The query of the list.
    list: String,
    /// The list shows closed contacts.
    of_closed: bool,
) -> impl IntoView {
    let tick_all = move |_| {
        let Some(page) = document().document_element() else { return };
        let boxes: Vec<HtmlInputElement> = dom::all(&page, "input[form=pick]");
        let on = !boxes.iter().all(HtmlInputElement::checked);
        boxes.iter().for_each(|input| input.set_checked(on));
    };
    let buttons = SeveralAct::ALL
        .into_iter()
        .filter(|act| act.is_offered(of_closed))
        .map(|act| {
            view! { <button type="submit" class="button" name="act" value=act.key()>{act.title()}</button> }
        })
        .collect_view();
    view! {
        <form id="pick" method="get" class="several" action=paths::several_contacts(&account) aria-label=words::WHAT_TO_DO_WITH_THE>
            <input type="hidden" name="back" value=list/>
            <button type="button" class="button quiet only-wasm" on:click=tick_all>{words::TICK_ALL_ON_THIS_PAGE}</button>
            {buttons}
        </form>
    }
}

/// `/a/{account}/contacts/several`: the question before something is done to several contacts.
#[component]
pub fn SeveralContactsPage() -> impl IntoView {
    let frame = use_frame();
    if let Some(refused) = needs_manager(&frame) {
        return refused;
    }
    let account = account_in_url();
    let url = use_query_map();
    let part = move |name: &str| url.with(|url| url.get(name)).unwrap_or_default();
    let who = move || {
        let all = url.with(|url| url.get_all("who")).unwrap_or_default();
        all.join(",")
    };
    let question = fetch(move || AskSeveral { account: account.get(), act: part("act"), who: who() });
    load(question, move |question: SeveralQuestion| {
        let act = SeveralAct::from_key(&part("act")).unwrap_or(SeveralAct::Close);
        let back = part("back");
        let cancel = format!("{}{back}", paths::contacts(&frame.account));
        let SeveralQuestion { people, left_out, may, presets } = question;
        let count = match people.len() {
            0 => "people".to_owned(),
            1 => people[0].1.clone(),
            many => words::people(&many),
        };
        let ids = people.iter().map(|(id, ..)| id.as_str()).collect::<Vec<_>>().join(",");
        let nobody = people.is_empty();
        let names = people
            .into_iter()
            .map(|(id, name, says)| {
                let says = says.into_iter().map(|say| view! { <li>{say}</li> }).collect_view();
                view! { <li><a href=paths::contact(&frame.account, &id)>{name}</a><ul>{says}</ul></li> }
            })
            .collect_view();
        let left_out = (!left_out.is_empty()).then(|| {
            let all = left_out.into_iter().map(|say| view! { <li>{say}</li> }).collect_view();
            view! { <div class="notice"><Icon name="info"/><div><p>{words::LEFT_OUT}</p><ul>{all}</ul></div></div> }
        });
        let (title, verb, kind) = match act {
            SeveralAct::Close => (words::close(&count), words::close_2(&count), "primary"),
            SeveralAct::Reopen => (words::reopen(&count), words::reopen_2(&count), "primary"),
            SeveralAct::Delete => (words::delete(&count), words::delete_2(&count), "danger"),
            SeveralAct::Resend => {
                (words::resend_the_invitation_to(&count), words::RESEND_INVITATION.to_owned(), "primary")
            }
            SeveralAct::Mail => (
                words::change_mail_preferences_for(&count),
                words::CHANGE_MAIL_PREFERENCES.to_owned(),
                "primary",
            ),
            SeveralAct::Preset => (words::give_a_preset(&count), words::GIVE_PRESET.to_owned(), "primary"),
        };
        let of = frame.account.to_string();
        view! {
            <Heading title=title above=above(&frame)/>
            {left_out}
            {if nobody {
                view! { <p>{words::THERE_IS_NOBODY_TO_DO}</p><p class="actions"><a class="button" href=cancel>{words::BACK_TO_THE_LIST}</a></p> }.into_any()
            } else {
                view! {
                    <Form action=ChangeSeveral::PATH>
                        <input type="hidden" name="account" value=of/>
                        <input type="hidden" name="act" value=act.key()/>
                        <input type="hidden" name="who" value=ids/>
                        <input type="hidden" name="back" value=back/>
                        {(act == SeveralAct::Mail).then(|| view! { <MailChoice may=may/> })}
                        {(act == SeveralAct::Preset).then(|| view! { <PresetField choices=presets/> })}
                        <section class="card"><h2><Icon name="users"/>{words::WHO}</h2><ul class="named">{names}</ul></section>
                        <div class="actions">
                            <Submit label=verb kind=kind/>
                            <a class="button" href=cancel>{words::CANCEL}</a>
                        </div>
                    </Form>
                }.into_any()
            }}
        }
    })
}

#[component]
fn MailChoice(may: Permissions) -> impl IntoView {
    let form: FormState = expect_context();
    let off = form.value("switch", String::new()) == "off";
    view! {
        <fieldset class="card">
            <legend>{words::EMAIL_PREFERENCES}</legend>
            <div class="ticks">
                <div class="tick"><input type="radio" name="switch" id="f-switch-on" value="on" checked=!off/><label for="f-switch-on">{words::SWITCH_THESE_ON}</label></div>
                <div class="tick"><input type="radio" name="switch" id="f-switch-off" value="off" checked=off/><label for="f-switch-off">{words::SWITCH_THESE_OFF}</label></div>
            </div>
            <CategoryBoxes mail=Categories::default() may=may/>
        </fieldset>
    }
}

#[component]
fn PresetField(choices: Vec<PresetChoice>) -> impl IntoView {
    let form: FormState = expect_context();
    let chosen = RwSignal::new(form.value("preset", String::new()));
    view! {
        <fieldset class="card">
            <legend>{words::PRESET}</legend>
            <p class="hint">{words::IT_REPLACES_ALL_OF_THEIR}</p>
            <div class="presets" id="f-preset"><PresetCards choices=choices chosen=chosen/></div>
            <FieldError name="preset"/>
        </fieldset>
    }
}
