//! The permissions section: preset contacts, boxes in groups, tables of services and domains, and a sentence
//! that says what they add up to. With WASM a preset fills the boxes and a box changes the preset; the boxes
//! themselves are the state.

use super::grant_form::GrantForm;
use super::model::{Asset, Givable, Grant, OpenAsk, PresetChoice};
use super::rpc::{AskForAccess, GrantAccess, RefuseAccess, ShowGivable, ShowGranters};
use super::table::{Boxes, column};
use super::words;
use crate::error::AppError;
use crate::frame::Frame;
use crate::permission::{Group, Permission, Permissions, Preset, join_and};
use crate::types::{AccountId, AssetId, ContactId, Timestamp, lowercase};
use crate::ui::field::{Field, FieldError};
use crate::ui::form::{Form, Submit};
use crate::ui::form_state::FormState;
use crate::ui::icon::Icon;
use crate::ui::load::{Loading, fetch, load_quietly};
use crate::ui::refused::{Redirect, Refused};
use crate::ui::respond;
use crate::ui::section::{self, Section, SectionSummary};
use crate::ui::time_format::RelativeTime;
use crate::ui::{dom, drafts};
use leptos::html;
use leptos::prelude::*;
use leptos::server_fn::ServerFn;
use wasm_bindgen::JsCast as _;
use web_sys::{Element, HtmlElement, HtmlInputElement};

/// From this many things up their table has a search field.
const SEARCH_FROM: usize = 8;

/// The refusal of a form to somebody who may not manage contacts; the server function would refuse it too.
pub fn needs_manager(frame: &Frame) -> Option<AnyView> {
    let needed = Permission::ManageContacts;
    (!frame.permissions.has(needed)).then(|| Denial::prepare(&frame.account, needed, None).show())
}

/// What the person who looks can give, for forms with a permissions section.
pub fn givable(account: AccountId) -> Loading<Givable> {
    fetch(move || ShowGivable { account: account.clone() })
}

/// Presets and boxes. Boxes for what the editor does not hold are shown as they stand and cannot be changed
/// (R5).
#[component]
pub fn PermissionsSection(
    /// What the contact holds.
    before: Grant,
    /// What the editor can give.
    givable: Givable,
    /// The form can also save the permissions as a role.
    #[prop(default = true)]
    saves_roles: bool,
) -> impl IntoView {
    let form: FormState = expect_context();
    let held = givable.everywhere;
    // What was typed before counts, and what could not be changed stands as it is.
    let typed = form.values("permissions[]").map(|keys| Permissions::from_keys(&keys.join(",")));
    let ticked = form.values("on[]");
    let everywhere =
        typed.map_or(before.everywhere, |typed| typed.within(held).and(before.everywhere.minus(held)));
    let on = |asset: &Asset| -> Permissions {
        let stands = before.on(&asset.id);
        match &ticked {
            None => stands.and(everywhere),
            Some(names) => {
                let of_asset = |p: &Permission| names.contains(&super::grant_form::box_name(&asset.id, *p));
                let typed: Permissions = Permission::ALL
                    .iter()
                    .copied()
                    .filter(|p| p.group().is_of_assets())
                    .filter(of_asset)
                    .collect();
                let group = if givable.services.iter().any(|known| known.id == asset.id) {
                    Group::Service
                } else {
                    Group::Domain
                };
                let fixed = stands
                    .iter()
                    .filter(|p| !givable.editable(asset, group, *p, before.everywhere))
                    .collect();
                typed.and(fixed)
            }
        }
    };
    let start = Grant::ticked(
        everywhere,
        givable.assets().map(|(asset, group)| (asset.id.clone(), on(asset).within(group.permissions()))),
    );
    let chosen = RwSignal::new(form.value("preset", givable.choice_of(&start)));
    let current = RwSignal::new(start);
    let root = NodeRef::<html::Div>::new();
    let names = StoredValue::new(givable.clone());
    let read = move || {
        if let Some(root) = root.get_untracked() {
            let now = read_boxes(&root);
            show_mixed(&root);
            chosen.set(names.with_value(|names| names.choice_of(&now)));
            current.set(now);
        }
    };
    let changed = move |event: leptos::ev::Event| {
        let Some((root, input)) = root
            .get_untracked()
            .zip(event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()))
        else {
            return;
        };
        match input.name().as_str() {
            "preset" => {
                let key = input.value();
                if let Some(meant) = names.with_value(|names| names.meant(&key).map(|(_, meant)| meant)) {
                    set_boxes(&root, |permission, asset| Some(meant.has(permission, asset)));
                }
                show_mixed(&root);
                current.set(read_boxes(&root));
                chosen.set(key);
            }
            "permissions[]" | "on[]" => {
                follow(&root, &input);
                read();
            }
            _ => {}
        }
    };
    let clicked = move |event: leptos::ev::MouseEvent| {
        let button = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok())
            .and_then(|element| element.closest("[data-column]").ok().flatten());
        if let Some((root, button)) = root.get_untracked().zip(button) {
            toggle_column(&root, &button);
            read();
            drafts::tell(&root, "input");
        }
    };
    let recommend = move |_| {
        if let Some(root) = root.get_untracked() {
            set_boxes(&root, |permission, _| Preset::recommended_away().has(permission).then_some(false));
            read();
            drafts::tell(&root, "input");
        }
    };
    // Hundreds of boxes are no place to tab through: the row for all of them leads into the table, arrow keys
    // walk through it.
    Effect::new(move || {
        if let Some(root) = root.get() {
            inputs(&root, "input[name='on[]']").iter().for_each(|input| input.set_tab_index(-1));
            show_mixed(&root);
        }
    });
    // Said when one that is taken away takes "all, including future ones" along.
    let no_longer_all = move || {
        let now = current.get();
        let gone = everywhere.of_assets().minus(now.everywhere);
        [(Group::Service, "service"), (Group::Domain, "domain")]
            .into_iter()
            .filter_map(|(group, one)| no_longer(gone.within(group.permissions()), &now, one))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let choices = givable.choices(true);
    let plain = [Group::Account, Group::Billing, Group::Support].map(|group| {
        let (title, sentence) = group.title();
        let boxes = group
            .permissions()
            .iter()
            .map(|permission| {
                let id = format!("{}-{}", form.id("permissions"), permission.key());
                view! {
                    <div class="tick">
                        <input type="checkbox" name="permissions[]" id=id.clone() value=permission.key() data-of=permission.key() disabled=!held.has(permission)
                            checked=everywhere.has(permission) aria-describedby=format!("{id}-hint")/>
                        <label for=id.clone()>{permission.title()}</label>
                        <p class="hint" id=format!("{id}-hint")>{permission.sentence()}</p>
                    </div>
                }
            })
            .collect_view();
        let held: Vec<&str> =
            everywhere.within(group.permissions()).iter().map(Permission::title).collect();
        view! {
            <Section title=title says=section::said(&held.join(", ")) read=section::ticked class="group">
                <p class="hint">{sentence}</p>
                <div class="ticks">{boxes}</div>
            </Section>
        }
    });
    let boxes = Boxes { givable: &givable, before: before.everywhere, everywhere, on: &on };
    let assets = [Group::Service, Group::Domain].map(|group| {
        let (title, sentence) = group.title();
        let meanings = group.permissions().iter().map(|permission| view! { <dt>{permission.title()}</dt><dd>{permission.sentence()}</dd> }).collect_view();
        let count = givable.of(group).len();
        let singles = givable.of(group).iter().filter(|asset| !on(asset).minus(everywhere).is_empty()).count();
        let all = everywhere.within(group.permissions()).iter().count();
        let says = words::on_assets(all, singles, group);
        let (head, rows) = (boxes.head(group), boxes.rows(group));
        let read: SectionSummary = if group == Group::Service { services_say } else { domains_say };
        let what = if group == Group::Service { "services" } else { "domains" };
        let search = (count >= SEARCH_FROM).then(|| {
            let label = words::search(&what);
            let find = move |event| {
                if let Some(root) = root.get_untracked() {
                    filter_rows(&root, what, &event_target_value(&event));
                }
            };
            view! { <input type="search" class="only-wasm find" placeholder=label.clone() aria-label=label autocomplete="off" on:input=find/> }
        });
        view! {
            <Section title=title says=says read=read class="group">
                <p class="hint">{sentence}</p>
                <details class="meanings"><summary>{words::WHAT_EACH_PERMISSION_ALLOWS}</summary><dl class="facts">{meanings}</dl></details>
                <p class="hint only-wasm">{words::SELECT_A_HEADING_TO_TICK}</p>
                {search}
                <table class="grants" data-assets=what>
                    <caption class="visually-hidden">{words::permissions_on(&what)}</caption>
                    <thead inner_html=head></thead>
                    <tbody inner_html=rows></tbody>
                </table>
            </Section>
        }
    });
    let drawn = givable.assets().map(|(asset, _)| asset.id.to_string()).collect::<Vec<_>>().join(",");
    let lacking = held != Permissions::all();
    view! {
        <div class="permissions" id=form.id("preset") node_ref=root on:change=changed on:click=clicked on:keydown=walk>
            <input type="hidden" name="drawn" value=drawn/>
            <fieldset class="presets"><legend>{words::PRESET}</legend><PresetCards choices=choices chosen=chosen/></fieldset>
            <FieldError name="preset"/>
            {lacking.then(|| view! { <p class="hint">{words::YOU_CAN_GIVE_ONLY_WHAT}</p> })}
            <div class="notice recommended">
                <Icon name="info"/>
                <div>
                    <p>{words::RECOMMENDED_FOR_AN_OUTSIDE_WEB}</p>
                    <button type="button" class="button small only-wasm" on:click=recommend>{words::TAKE_THEM_AWAY}</button>
                    <div class="tick no-wasm">
                        <input type="checkbox" name="recommended" id=form.id("recommended") value="on" checked=form.ticked("recommended", "on", false)/>
                        <label for=form.id("recommended")>{words::TAKE_THEM_AWAY_WHEN_THIS}</label>
                    </div>
                </div>
            </div>
            {plain.into_iter().collect_view()}
            {assets.into_iter().collect_view()}
            <p class="hint no-wasm">{words::IF_YOU_UNTICK_A_BOX}</p>
            <p class="notice amber no-longer-all" aria-live="polite" hidden=move || no_longer_all().is_empty()><Icon name="info"/><span>{no_longer_all}</span></p>
            <p class="sum" aria-live="polite">{move || names.with_value(|names| sum(&current.get(), names))}</p>
            {saves_roles.then(|| view! {
                <details class="save-role" open=!form.value("role_name", String::new()).is_empty()>
                    <summary>{words::SAVE_AS_A_ROLE}</summary>
                    <Field name="role_name" label=words::ROLE_NAME hint=words::ROLE_HINT/>
                </details>
            })}
        </div>
    }
}

/// A card for each preset and role to choose from.
#[component]
pub fn PresetCards(
    /// What can be chosen.
    choices: Vec<PresetChoice>,
    /// The value of what is.
    chosen: RwSignal<String>,
) -> impl IntoView {
    let form: FormState = expect_context();
    choices
        .into_iter()
        .map(|choice| {
            let id = format!("{}-{}", form.id("preset"), choice.key);
            let (key, of_signal) = (choice.key.clone(), choice.key.clone());
            let checked = chosen.with_untracked(|chosen| *chosen == key);
            view! {
                <div class="preset">
                    <input type="radio" name="preset" id=id.clone() value=key disabled=!choice.may_give
                        checked=checked prop:checked=move || chosen.with(|chosen| *chosen == of_signal)/>
                    <label for=id><strong>{choice.title}</strong><span>{choice.sentence}</span></label>
                </div>
            }
        })
        .collect_view()
}

/// Why a permission that was given for all is not any more, though single ones keep it.
fn no_longer(gone: Permissions, now: &Grant, one: &str) -> Option<String> {
    let kept = |permission: &Permission| now.each.values().any(|set| set.has(*permission));
    let titles: Vec<String> =
        gone.iter().filter(kept).map(|permission| format!("“{}”", permission.title())).collect();
    let titles = join_and(&titles.iter().map(String::as_str).collect::<Vec<_>>());
    (!titles.is_empty()).then(|| words::no_longer_for_every_the(&titles, &one))
}

/// Some, but not all, of a column: its box for all of them says so.
fn show_mixed(root: &Element) {
    for all in inputs(root, "input[name='permissions[]'][data-of]") {
        let Some(permission) = of(&all).filter(|permission| permission.group().is_of_assets()) else {
            continue;
        };
        let some = format!("input[name='on[]'][data-of='{}']:checked", permission.key());
        all.set_indeterminate(!all.checked() && !inputs(root, &some).is_empty());
    }
}

/// "They will be able to … They will not see …"
fn sum(grant: &Grant, names: &Givable) -> String {
    let able_to = grant.able_to(|id| names.name(id));
    let closed = grant.closed_areas();
    let opens = if able_to.is_empty() {
        words::THEY_WILL_BE_ABLE_TO.to_owned()
    } else {
        words::they_will_be_able_to(&able_to.say())
    };
    if closed.is_empty() { opens } else { words::they_will_not_see(&opens, &closed) }
}

fn services_say(section: &Element) -> String {
    assets_say(section, Group::Service)
}

fn domains_say(section: &Element) -> String {
    assets_say(section, Group::Domain)
}

fn assets_say(section: &Element, group: Group) -> String {
    let all = inputs(section, "input[name='permissions[]']:checked");
    let held: Permissions = all.iter().filter_map(|input| of(input)).collect();
    let beyond = |row: &Element| {
        let boxes = inputs(row, "input[name='on[]']:checked");
        boxes.iter().filter_map(|input| of(input)).any(|permission| !held.has(permission))
    };
    let singles = dom::all::<Element>(section, "tbody tr[id]").iter().filter(|row| beyond(row)).count();
    words::on_assets(all.len(), singles, group)
}

fn inputs(root: &Element, selector: &str) -> Vec<HtmlInputElement> {
    dom::all(root, selector)
}

/// What the boxes say now.
fn read_boxes(root: &Element) -> Grant {
    let values =
        |selector: &str| inputs(root, selector).iter().map(HtmlInputElement::value).collect::<Vec<_>>();
    GrantForm::parse(
        "",
        &values("input[name='permissions[]']:checked"),
        &values("input[name='on[]']:checked"),
        "",
        false,
    )
    .as_ticked(|id| {
        let row = document()
            .get_element_by_id(&format!("on-{id}"))
            .and_then(|row| row.closest("[data-assets]").ok().flatten());
        match row.and_then(|table| table.get_attribute("data-assets")).as_deref() {
            Some("services") => Group::Service,
            _ => Group::Domain,
        }
    })
}

/// The permission that a box is about.
fn of(input: &Element) -> Option<Permission> {
    input.get_attribute("data-of").and_then(|key| Permission::from_key(&key))
}

fn set_boxes(root: &Element, wanted: impl Fn(Permission, Option<&AssetId>) -> Option<bool>) {
    for input in inputs(root, "input[data-of]:not(:disabled)") {
        let value = input.value();
        let asset = (input.name() == "on[]").then(|| value.split('.').next().and_then(AssetId::parse));
        if let Some(on) = of(&input).and_then(|permission| wanted(permission, asset.flatten().as_ref())) {
            input.set_checked(on);
        }
    }
}

/// What a box takes along: its column when it stands for all assets, and "View", without which the others of
/// a row open nothing.
fn follow(root: &Element, input: &HtmlInputElement) {
    let Some(permission) = of(input).filter(|permission| permission.group().is_of_assets()) else { return };
    let on = input.checked();
    let mut boxes = vec![(input.clone(), permission)];
    if let Ok(Some(row)) = input.closest("tr") {
        for other in inputs(&row, "input[data-of]:not(:disabled)") {
            let Some(its) = of(&other) else { continue };
            let along = if on { permission.needs() == Some(its) } else { its.needs() == Some(permission) };
            if along && other.checked() != on {
                other.set_checked(on);
                boxes.push((other, its));
            }
        }
    }
    let all = input.name() == "permissions[]";
    for (_, permission) in boxes {
        let key = permission.key();
        match (all, on) {
            (true, true) => inputs(root, &format!("input[name='on[]'][data-of='{key}']:not(:disabled)"))
                .iter()
                .for_each(|cell| cell.set_checked(true)),
            (false, false) => {
                inputs(root, &format!("input[name='permissions[]'][data-of='{key}']:not(:disabled)"))
                    .iter()
                    .for_each(|all| all.set_checked(false));
            }
            _ => {}
        }
    }
}

/// Ticks a column's boxes in the rows that are shown, or unticks them when all are ticked.
fn toggle_column(root: &Element, button: &Element) {
    let Some(permission) = button.get_attribute("data-column").and_then(|key| column(&key)) else { return };
    let shown = format!("tr:not([hidden]) input[name='on[]'][data-of='{}']:not(:disabled)", permission.key());
    let cells = inputs(root, &shown);
    let on = !cells.iter().all(HtmlInputElement::checked);
    for cell in cells.iter().filter(|cell| cell.checked() != on) {
        cell.set_checked(on);
        follow(root, cell);
    }
}

/// Shows the rows whose name contains the words.
fn filter_rows(root: &Element, assets: &str, words: &str) {
    let words = lowercase(words.trim());
    for row in dom::all::<Element>(root, &format!("[data-assets='{assets}'] tbody tr[id]")) {
        let text =
            row.query_selector("th").ok().flatten().and_then(|name| name.text_content()).unwrap_or_default();
        let _ = if lowercase(&text).contains(&words) {
            row.remove_attribute("hidden")
        } else {
            row.set_attribute("hidden", "")
        };
    }
}

/// Arrow keys walk through a table's boxes, so that hundreds of rows need not be tabbed through; End leads to
/// the last row.
fn walk(event: leptos::ev::KeyboardEvent) {
    let (rows, columns) = match event.key().as_str() {
        "ArrowDown" => (1, 0),
        "ArrowUp" => (-1, 0),
        "ArrowRight" => (0, 1),
        "ArrowLeft" => (0, -1),
        "Home" => (i32::MIN, 0),
        "End" => (i32::MAX, 0),
        _ => return,
    };
    let cell = event
        .target()
        .and_then(|target| target.dyn_into::<HtmlInputElement>().ok())
        .and_then(|input| input.closest("td").ok().flatten());
    let Some((cell, table)) =
        cell.and_then(|cell| cell.closest("tbody").ok().flatten().map(|table| (cell, table)))
    else {
        return;
    };
    event.prevent_default();
    let rows_shown: Vec<Element> = dom::all(&table, "tr:not([hidden])");
    let Some(at) = rows_shown
        .iter()
        .position(|row| cell.parent_node().is_some_and(|parent| row.is_same_node(Some(&parent))))
    else {
        return;
    };
    let last = i32::try_from(rows_shown.len()).unwrap_or(i32::MAX) - 1;
    let row = i32::try_from(at).unwrap_or_default().saturating_add(rows).clamp(0, last);
    let Some(row) = usize::try_from(row).ok().and_then(|row| rows_shown.get(row)) else { return };
    let boxes = inputs(row, "input[data-of]");
    let column = inputs(&rows_shown[at], "input[data-of]")
        .iter()
        .position(|input| cell.contains(Some(input)))
        .unwrap_or_default();
    let column = i32::try_from(column)
        .unwrap_or_default()
        .saturating_add(columns)
        .clamp(0, i32::try_from(boxes.len()).unwrap_or(1) - 1);
    if let Some(input) = usize::try_from(column).ok().and_then(|column| boxes.get(column)) {
        let element: &HtmlElement = input;
        let _ = element.focus();
    }
}

/// A page that may be denied for one permission: says what is missing, who can give it, and offers to ask
/// them (R6).
#[derive(Clone)]
pub struct Denial {
    account: AccountId,
    permission: Permission,
    asset: Option<AssetId>,
    granters: Loading<Vec<(ContactId, String)>>,
}

impl Denial {
    /// Made at the head of a page, before anything is waited for: what a page reads is put in the same order
    /// by server and browser.
    pub fn prepare(account: &AccountId, permission: Permission, asset: Option<AssetId>) -> Self {
        let question = (account.clone(), asset.as_ref().map(ToString::to_string).unwrap_or_default());
        let granters = fetch(move || ShowGranters {
            account: question.0.clone(),
            permission: permission.key().to_owned(),
            asset: question.1.clone(),
        });
        Self { account: account.clone(), permission, asset, granters }
    }

    /// The page that is shown instead.
    pub fn show(&self) -> AnyView {
        let Self { account, permission, asset, granters } = self.clone();
        let error = AppError::Lacks { permission: permission.key().into(), asset: asset.clone() };
        let more = load_quietly(granters, move |granters: Vec<(ContactId, String)>| {
            view! { <AskThem account=account.clone() permission=permission asset=asset.clone() granters=granters/> }
        });
        view! { <Refused error=error more=more/> }.into_any()
    }
}

/// A page that only goes on to another site: there, or what keeps the person from it.
pub fn go_on(link: Loading<String>, denial: Denial) -> AnyView {
    link.show(move |link| match link {
        Ok(link) => view! { <Redirect to=link/> }.into_any(),
        Err(AppError::Lacks { .. }) => denial.show(),
        Err(error) => view! { <Refused error=error/> }.into_any(),
    })
}

/// Who can give what is missing, and a button to ask each.
#[component]
fn AskThem(
    account: AccountId,
    permission: Permission,
    asset: Option<AssetId>,
    granters: Vec<(ContactId, String)>,
) -> impl IntoView {
    let first: Vec<(ContactId, String)> = granters.into_iter().take(5).collect();
    let who = join_and(&first.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>());
    let asset = asset.map(|asset| asset.to_string()).unwrap_or_default();
    let asks = first
        .into_iter()
        .map(|(contact, name)| {
            let (account, asset, label) = (account.to_string(), asset.clone(), words::ask_for_access(&name));
            view! {
                <Form action=AskForAccess::PATH about=("asked", contact.to_string())>
                    <input type="hidden" name="account" value=account/>
                    <input type="hidden" name="permission" value=permission.key()/>
                    <input type="hidden" name="asset" value=asset/>
                    <input type="hidden" name="back" value=respond::current_path()/>
                    <Submit label=label/>
                </Form>
            }
        })
        .collect_view();
    view! { <p>{permission.sentence()}" "{(!who.is_empty()).then(|| words::can_grant_it_to_you(&who))}</p><div class="asks">{asks}</div> }
}

/// A request for access, with the answers (R6).
#[component]
pub fn Ask(
    ask: OpenAsk,
    account: AccountId,
    contact: ContactId,
    name: String,
    now: Timestamp,
) -> impl IntoView {
    let asset = ask.asset.as_ref().map(ToString::to_string).unwrap_or_default();
    let about = Permission::from_key(&ask.permission).map(Permission::sentence);
    let (may_give, label, at) = (ask.may_give, ask.label, ask.at);
    let title = words::asks_for(&name, &label);
    let fields = move || {
        let (account, contact, permission, asset) =
            (account.to_string(), contact.to_string(), ask.permission.clone(), asset.clone());
        view! {
            <input type="hidden" name="account" value=account/>
            <input type="hidden" name="contact" value=contact/>
            <input type="hidden" name="permission" value=permission/>
            <input type="hidden" name="asset" value=asset/>
        }
    };
    view! {
        <section class="notice asked" aria-label=title>
            <Icon name="key"/>
            <div>
                <p><strong>{name}</strong>{words::ASKS_FOR}{label}"”, "<RelativeTime at=at now=now/></p>
                {about.map(|about| view! { <p class="hint">{about}</p> })}
                <div class="actions">
                    {if may_give {
                        let fields = fields.clone();
                        view! { <Form action=GrantAccess::PATH>{fields()}<Submit label=words::GRANT/></Form> }.into_any()
                    } else {
                        view! { <p class="hint">{words::YOU_DO_NOT_HOLD_THIS}</p> }.into_any()
                    }}
                    <Form action=RefuseAccess::PATH>{fields()}<Submit label=words::REFUSE kind=""/></Form>
                </div>
            </div>
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_longer_for_all_is_said_only_while_single_ones_keep_it() {
        let id = AssetId::from("01k9zv5s8t3w2x1y0abcdefgh1".to_owned());
        let gone: Permissions = [Permission::CancelService, Permission::UpgradeService].into_iter().collect();
        let kept =
            Grant { each: [(id, Permissions::from_keys("service.cancel"))].into(), ..Grant::default() };
        assert_eq!(
            no_longer(gone, &kept, "service").unwrap(),
            "“Cancel”: no longer for every service. The ticked services keep it; a service added later does not get it."
        );
        assert_eq!(no_longer(gone, &Grant::default(), "service"), None, "taken away altogether");
    }
}
