//! The frames of pages: plain ones before signing in, a person's own, and the account's with its navigation.

use super::avatar::Avatar;
use super::client_state::ClientState;
use super::form::{Form, Submit};
use super::icon::{Icon, Mark};
use super::markup::{Text, icon};
use super::refused::Refused;
use super::theme::ThemeChoice;
use crate::error::AppError;
use crate::paths;
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use maud::html;

/// A narrow page for one task, for people who are not signed in.
#[component]
pub fn PlainPage(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <Title text=title/>
        <div class="plain">
            <header><Brand href="/"/></header>
            <main id="main" class="card">
                <h1 tabindex="-1">{title}</h1>
                <StrayError/>
                {children()}
            </main>
        </div>
    }
}

/// The company that runs the portal: its logo, or its name beside a mark (O5).
#[component]
fn Brand(#[prop(into)] href: String) -> impl IntoView {
    let client = ClientState::of_app();
    let (logo, name) = (client.logo(), client.operator());
    let shown = if logo.is_empty() {
        view! { <Mark/>{name} }.into_any()
    } else {
        view! { <img src=logo alt=name/> }.into_any()
    };
    view! { <a class="brand" href=href>{shown}</a> }
}

/// What is said when a request came that no form here sends.
#[component]
pub fn StrayError() -> impl IntoView {
    ClientState::of_app().stray_error().map(|error| {
        view! {
            <div class="summary" role="alert"><Icon name="alert"/><div><p>{error.to_string()}</p></div></div>
        }
    })
}

/// A page of one's own, outside any account. What it shows needs a session; its resources say so.
#[component]
pub fn PersonPage(title: &'static str, children: Children) -> impl IntoView {
    view! {
        <Title text=title/>
        <header class="top">
            <Brand href=paths::ACCOUNTS/>
            {use_context::<PersonMenu>().map(|menu| (menu.0)())}
        </header>
        <main id="main" class="content narrow">
            <h1 tabindex="-1">{title}</h1>
            <StrayError/>
            {children()}
        </main>
    }
}

/// How `ui` shows who is signed in without knowing the feature that knows: provided by `app.rs`.
#[derive(Clone, Copy)]
pub struct PersonMenu(pub fn() -> AnyView);

/// The menu in the top right corner (S3).
#[component]
pub fn WelcomeMenu(
    /// Name of the person.
    name: String,
    /// They may change over to other accounts; staff have none.
    #[prop(default = true)]
    switches: bool,
) -> impl IntoView {
    view! {
        <div class="welcome">
            <button type="button" class="quiet welcome-button" popovertarget="welcome-menu" aria-haspopup="true">
                <Avatar name=name.clone()/>
                <span>"Welcome "{name}</span>
                <Icon name="down"/>
            </button>
            <div id="welcome-menu" class="menu" popover="auto">
                {switches.then(|| view! { <a href=paths::ACCOUNTS><Icon name="switch"/>"Switch Customer Account"</a> })}
                {(!switches).then(|| view! { <a href=paths::OPERATOR><Icon name="home"/>"Staff area"</a> })}
                <a href=paths::PROFILE><Icon name="user"/>"My profile"</a>
                <a href=paths::SECURITY><Icon name="shield"/>"Security"</a>
                <ThemeChoice/>
                <Form action=paths::SIGN_OUT summary=false>
                    <Icon name="out"/>
                    <Submit label="Sign out" kind="item"/>
                </Form>
            </div>
        </div>
    }
}

/// An entry of the left navigation.
pub struct NavItem {
    /// Where it leads.
    pub path: String,
    /// Icon.
    pub icon: &'static str,
    /// Label.
    pub label: &'static str,
}

/// The frame of an account's pages: navigation at the left, account and person at the top (S5).
#[component]
pub fn AccountFrame(
    /// Name of the account.
    account: String,
    /// Its number, as people quote it.
    number: i64,
    /// Name of the person.
    person: String,
    /// The navigation.
    items: Vec<NavItem>,
    /// Asks for the way to other accounts; nothing in a preview, where the person's own menu leads nowhere.
    switch: Option<Callback<()>>,
    children: Children,
) -> impl IntoView {
    let home = items.first().map(|item| item.path.clone()).unwrap_or_default();
    let top_name = account.clone();
    let links = nav_links(items);
    view! {
        <div class="frame">
            <aside class="side" id="side" popover="auto">
                <Switch switch=switch class="account-name">
                    <Avatar name=account.clone()/>
                    <span><strong>{account.clone()}</strong><small>"Account "{number}</small></span>
                </Switch>
                <nav aria-label="Account" inner_html=links></nav>
            </aside>
            <header class="top">
                <button type="button" class="quiet side-button" popovertarget="side" aria-label="Navigation"><Icon name="menu"/></button>
                <Brand href=home/>
                <Switch switch=switch class="top-account">{top_name}</Switch>
                {if switch.is_none() {
                    view! { <div class="welcome"><span class="welcome-button"><Avatar name=person.clone()/><span>{format!("Welcome {person}")}</span></span></div> }.into_any()
                } else {
                    view! { <WelcomeMenu name=person/> }.into_any()
                }}
            </header>
            <main id="main" class="content">
                <StrayError/>
                {children()}
            </main>
        </div>
    }
}

/// The entries of the left navigation, as markup of where one is; the first leads home.
fn nav_links(items: Vec<NavItem>) -> impl Fn() -> String {
    let here = use_location().pathname;
    move || {
        let here = here.get();
        let current = |number: usize, path: &str| {
            // Staff work on a customer's account from the list of customers.
            let on_account = path == paths::CUSTOMERS && here.starts_with("/a/");
            let below = here.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
            (here == path || on_account || (number > 0 && below)).then_some("page")
        };
        let links = html! {
            @for (number, item) in items.iter().enumerate() {
                a href=(Text(&item.path)) aria-current=[current(number, &item.path)] { (icon(item.icon)) (Text(item.label)) }
            }
        };
        links.into_string()
    }
}

/// The frame of the staff area: its navigation at the left, and who is signed in at the top.
#[component]
pub fn StaffFrame(
    /// Name of the person.
    person: String,
    /// The navigation.
    items: Vec<NavItem>,
    children: Children,
) -> impl IntoView {
    let operator = ClientState::of_app().operator();
    let links = nav_links(items);
    view! {
        <div class="frame staff">
            <aside class="side" id="side" popover="auto">
                <p class="account-name"><Avatar name=operator.clone()/><span><strong>{operator}</strong><small>"Staff area"</small></span></p>
                <nav aria-label="Staff area" inner_html=links></nav>
            </aside>
            <header class="top">
                <button type="button" class="quiet side-button" popovertarget="side" aria-label="Navigation"><Icon name="menu"/></button>
                <Brand href=paths::OPERATOR/>
                <p class="top-account">"Staff area"</p>
                <WelcomeMenu name=person switches=false/>
            </header>
            <main id="main" class="content">
                <StrayError/>
                {children()}
            </main>
        </div>
    }
}

/// The name of the account, which leads to others: to the switcher with WASM, to the picker without.
#[component]
fn Switch(switch: Option<Callback<()>>, class: &'static str, children: Children) -> impl IntoView {
    let Some(switch) = switch else { return view! { <p class=class>{children()}</p> }.into_any() };
    let asked = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        switch.run(());
    };
    view! {
        <a class=class href=paths::ACCOUNTS title="Switch Customer Account (Ctrl K)" on:click=asked>
            {children()}
            <Icon name="switch"/>
        </a>
    }
    .into_any()
}

/// What stands in the title of a tab behind that of the page: the name of the account.
#[derive(Clone)]
pub struct TitlePart(pub String);

/// Where one is: pages above this one, and its heading with the one primary action beside it.
#[component]
pub fn Heading(
    /// Title of the page.
    #[prop(into)]
    title: String,
    /// Path and label of the pages above.
    #[prop(optional)]
    above: Vec<(String, String)>,
    /// Buttons at the right.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let crumbs = (!above.is_empty()).then(|| {
        let links = above.into_iter().map(|(path, label)| view! { <li><a href=path>{label}</a></li> }).collect_view();
        view! { <nav class="crumbs" aria-label="Breadcrumb"><ol>{links}<li aria-current="page">{title.clone()}</li></ol></nav> }
    });
    let tab = match use_context::<TitlePart>() {
        Some(TitlePart(account)) if !title.contains(&account) => format!("{title} · {account}"),
        _ => title.clone(),
    };
    view! {
        <Title text=tab/>
        {crumbs}
        <div class="heading">
            <h1 tabindex="-1">{title}</h1>
            {children.map(|children| view! { <div class="heading-actions">{children()}</div> })}
        </div>
    }
}

/// A whole page that says why there is none.
#[component]
pub fn RefusedPage(error: AppError) -> impl IntoView {
    view! {
        <Title text="Not available"/>
        <header class="top">
            <Brand href="/"/>
            {use_context::<PersonMenu>().map(|menu| (menu.0)())}
        </header>
        <main id="main" class="content narrow"><Refused error=error/></main>
    }
}

/// The page of an address that leads nowhere.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! { <RefusedPage error=AppError::NotFound/> }
}
