//! How permissions are said: as a phrase in a table, and as the end of "You will be able to …".

use crate::permission::{Group, Permission, Permissions, Preset, join_and};
use crate::types::{AssetId, capital};
use std::collections::BTreeMap;

/// What permissions open, as the end of a sentence that begins "… will be able to …".
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AbilityText {
    /// Single things one can do.
    pub plain: Vec<String>,
    /// Several at once on services or domains: "view and use the control panel on Shop".
    pub on: Vec<String>,
}

impl AbilityText {
    /// Nothing at all?
    pub fn is_empty(&self) -> bool {
        self.plain.is_empty() && self.on.is_empty()
    }

    /// The end of the sentence; empty for nothing.
    pub fn say(&self) -> String {
        let plain = join_and(&self.plain.iter().map(String::as_str).collect::<Vec<_>>());
        let parts: Vec<&str> = std::iter::once(plain.as_str())
            .filter(|plain| !plain.is_empty())
            .chain(self.on.iter().map(String::as_str))
            .collect();
        parts.join("; ")
    }

    /// Each by itself, for a list.
    pub fn list(self) -> Vec<String> {
        self.plain.into_iter().chain(self.on).collect()
    }
}

/// What permissions open everywhere and on single assets. Things on which the same is open stand together;
/// `name` says what an asset is called, and things without a name are only counted.
pub fn able_to(
    everywhere: Permissions,
    each: &BTreeMap<AssetId, Permissions>,
    name: impl Fn(&AssetId) -> Option<String>,
) -> AbilityText {
    if everywhere == Permissions::all() {
        return AbilityText {
            plain: vec!["do everything on the account except transfer its ownership".into()],
            on: Vec::new(),
        };
    }
    let mut able = AbilityText {
        plain: everywhere.iter().map(|permission| permission.able_to().to_owned()).collect(),
        on: Vec::new(),
    };
    let mut sets: Vec<(Permissions, Vec<&AssetId>)> = Vec::new();
    for (asset, set) in each.iter().filter(|(_, set)| !set.is_empty()) {
        match sets.iter_mut().find(|(known, _)| known == set) {
            Some((_, assets)) => assets.push(asset),
            None => sets.push((*set, vec![asset])),
        }
    }
    for (set, assets) in sets {
        let verbs: Vec<&str> = set.iter().map(Permission::on_one).collect();
        let service = set.iter().any(|permission| permission.group() == Group::Service);
        let assets = named(&assets, service, &name);
        match verbs.as_slice() {
            direct if direct.iter().all(|verb| is_direct(verb)) => {
                able.plain.push(format!("{} {assets}", join_and(direct)));
            }
            [one] => able.plain.push(format!("{one} on {assets}")),
            _ => able.on.push(format!("{} on {assets}", join_and(&verbs))),
        }
    }
    able
}

/// "View Shop" rather than "view on Shop".
fn is_direct(verb: &str) -> bool {
    matches!(verb, "view" | "manage")
}

/// "Shop and Blog", "Shop, Blog and 3 more services", "2 services".
fn named(assets: &[&AssetId], service: bool, name: impl Fn(&AssetId) -> Option<String>) -> String {
    const NAMED: usize = 3;
    let kind = |count: usize| {
        format!(
            "{} {}{}",
            count,
            if service { "service" } else { "domain" },
            if count == 1 { "" } else { "s" }
        )
    };
    let most = if assets.len() > NAMED + 1 { NAMED } else { assets.len() };
    let Some(names) = assets[..most].iter().map(|asset| name(asset)).collect::<Option<Vec<_>>>() else {
        return kind(assets.len());
    };
    let rest = match assets.len() - most {
        0 => None,
        more => Some(kind(more).replacen(' ', " more ", 1)),
    };
    let parts: Vec<&str> = names.iter().chain(rest.as_ref()).map(String::as_str).collect();
    join_and(&parts)
}

/// Under the name of a role that a form also saves.
pub const ROLE_HINT: &str = "Optional. Saves these permissions under a name, such as “Bookkeeper”, so that you can choose them beside the presets.";

/// What a role opens, in one sentence.
pub fn opens(able: &AbilityText) -> String {
    if able.is_empty() {
        return "Enters the account and nothing else.".into();
    }
    format!("{}.", capital(&able.say()))
}

/// What a folded section of services or domains says: so many permissions on all of them, and on so many one
/// by one.
pub fn on_assets(all: usize, singles: usize, group: Group) -> String {
    let (one, many) = if group == Group::Service { ("service", "services") } else { ("domain", "domains") };
    let all = match all {
        0 => None,
        1 => Some(format!("1 permission on all {many}")),
        all => Some(format!("{all} permissions on all {many}")),
    };
    let singles = match singles {
        0 => None,
        1 => Some(format!("1 {one} one by one")),
        singles => Some(format!("{singles} {many} one by one")),
    };
    let parts: Vec<String> = all.into_iter().chain(singles).collect();
    if parts.is_empty() { "Nothing".into() } else { parts.join(", ") }
}

/// Said when a role is chosen that was deleted meanwhile.
pub const ROLE_IS_GONE: &str =
    "This role has been deleted. Nothing was saved: choose another role or preset.";

/// Said when preset and boxes were both changed, and contradict each other.
pub fn preset_and_boxes(preset: &str) -> String {
    format!(
        "You chose “{preset}” and also changed boxes. Choose “Custom” to keep your boxes, or save “{preset}” first and change the boxes afterwards."
    )
}

/// After "You cannot do this: ": a role that opens more than whoever gives it holds.
pub fn role_beyond_yours(role: &str) -> String {
    format!("you can give only what you hold yourself, and “{role}” holds more")
}

/// How much a contact holds on single assets: enough for a phrase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// On how many things.
    pub count: usize,
    /// What, if it is the same on each.
    pub same: Option<Permissions>,
}

impl Summary {
    /// Reads what the list's SQL says: number, smallest and largest set, joined by colons; nothing for none.
    pub fn from_column(column: Option<&str>) -> Self {
        let mut parts = column.unwrap_or_default().splitn(3, ':');
        let count = parts.next().and_then(|count| count.parse().ok()).unwrap_or_default();
        let (smallest, largest) = (parts.next(), parts.next());
        Self { count, same: smallest.filter(|_| smallest == largest).map(Permissions::from_keys) }
    }
}

impl Summary {
    /// What it opens beside `everywhere`, without names.
    pub fn able_to(&self, everywhere: Permissions) -> AbilityText {
        let mut able = able_to(everywhere.opening(), &BTreeMap::new(), |_| None);
        let assets =
            match self.same.map(|same| same.iter().any(|permission| permission.group() == Group::Service)) {
                Some(true) => "service",
                Some(false) => "domain",
                None => "service and domain",
            };
        let verbs: Vec<&str> =
            self.same.iter().flat_map(|same| same.iter()).map(Permission::on_one).collect();
        let assets = match self.count {
            0 => return able,
            1 => format!("1 {assets}"),
            count => format!("{count} {}s", assets.replace(" and", "s and")),
        };
        match verbs.as_slice() {
            [] => able.on.push(format!("do different things on {assets}")),
            verbs if verbs.iter().all(|verb| is_direct(verb)) => {
                able.plain.push(format!("{} {assets}", join_and(verbs)));
            }
            verbs => able.on.push(format!("{} on {assets}", join_and(verbs))),
        }
        able
    }
}

/// Permissions in a phrase (P1): a preset's name, a preset on so many services, or "Custom".
pub fn phrase(everywhere: Permissions, each: Summary) -> String {
    if each.count == 0 {
        return everywhere.preset().title().into();
    }
    let like = |preset: &Preset| {
        preset.permissions().is_some_and(|meant| {
            meant.minus(meant.of_assets()) == everywhere && Some(meant.of_assets()) == each.same
        })
    };
    match Preset::NAMED.iter().find(|preset| like(preset)) {
        Some(preset) => {
            format!("{} on {} service{}", preset.title(), each.count, if each.count == 1 { "" } else { "s" })
        }
        None => Preset::Custom.title().into(),
    }
}

crate::words::words! {
    search(what) = "Search {what}";
    WHAT_EACH_PERMISSION_ALLOWS = "What each permission allows";
    SELECT_A_HEADING_TO_TICK = "Select a heading to tick its column. Arrow keys move between the boxes.";
    permissions_on(what) = "Permissions on {what}";
    PRESET = "Preset";
    YOU_CAN_GIVE_ONLY_WHAT = "You can give only what you hold yourself. The other boxes, and services and domains that you cannot see, stay as they are.";
    RECOMMENDED_FOR_AN_OUTSIDE_WEB = "Recommended for an outside web designer: take away Billing information, Upgrade and Cancel, so that nothing they do can cost money or end a service.";
    TAKE_THEM_AWAY = "Take them away";
    TAKE_THEM_AWAY_WHEN_THIS = "Take them away when this form is sent";
    IF_YOU_UNTICK_A_BOX = "If you untick a box for one service while “All” stays ticked, the others keep it one by one and future ones do not get it.";
    SAVE_AS_A_ROLE = "Save as a role";
    ROLE_NAME = "Role name";
    no_longer_for_every_the(titles, one) = "{titles}: no longer for every {one}. The ticked {one}s keep it; a {one} added later does not get it.";
    THEY_WILL_BE_ABLE_TO = "They will be able to enter the account and nothing else.";
    they_will_be_able_to(say) = "They will be able to {say}.";
    they_will_not_see(opens, closed) = "{opens} They will not see {closed}.";
    ask_for_access(name) = "Ask {name} for access";
    can_grant_it_to_you(who) = "{who} can grant it to you.";
    asks_for(name, label) = "{name} asks for {label}";
    ASKS_FOR = " asks for “";
    GRANT = "Grant";
    YOU_DO_NOT_HOLD_THIS = "You do not hold this permission yourself, so you cannot grant it.";
    REFUSE = "Refuse";
    get_on_future(titles, kind) = "get {titles} on future {kind}";
    you_cannot_see_the_service(unknown) = "you cannot see the service or domain {unknown}";
    you_can_give_only_what(title) = "you can give only what you hold yourself, and you do not hold “{title}”";
    on_has_no_effect_without(title, of) = "“{title}” on {of} has no effect without “View”. Tick “View” as well, or untick this one.";
    ALL_SERVICES = "all services";
    ALL_DOMAINS = "all domains";
    REQUESTS_FOR_ACCESS = "Requests for access";
    N_180_DAYS = "180 days";
    on(title, name) = "“{title}” on {name}";
    asks_for_access_to(name, account_name) = "{name} asks for access to {account_name}";
    asks_for_2(name, what) = "{name} asks for {what}";
    is_a_contact_of_the(name, email, account_name, what) = "{name} ({email}) is a contact of the account {account_name} and asks for the permission {what}.";
    what_it_allows(sentence) = "What it allows: {sentence}";
    REVIEW_THE_REQUEST = "Review the request";
    NOTHING_CHANGES_UNTIL_YOU_CHOOSE = "Nothing changes until you choose “Grant”. If you choose “Refuse”, they get an e-mail about it.";
    you_get_this_mail_because(account_name) = "You get this mail because you can give this permission on {account_name}.";
    you_have_access(label) = "You have access: {label}";
    said_yes(name) = "{name} said yes";
    you_asked_for_on_the(label, account_name, name) = "You asked for “{label}” on the account {account_name}. {name} has granted it, and you can use it now.";
    OPEN_THE_ACCOUNT = "Open the account";
    YOU_GET_THIS_MAIL_BECAUSE = "You get this mail because you asked for access.";
    no_access(label) = "No access: {label}";
    said_no(name) = "{name} said no";
    you_asked_for_on_the_account(label, account_name, name) = "You asked for “{label}” on the account {account_name}. {name} has refused it. Your other permissions stay as they are.";
    if_you_think_that_this(name) = "If you think that this is a mistake, ask {name} in person.";
    on_2(title, name) = "{title} on {name}";
    removed_all_permissions_from(person) = "removed all permissions from {person}";
    gave(person, phrase) = "gave {person} “{phrase}”";
    let_(person, new) = "let {person} {new}";
    stopped_letting(person, gone) = "stopped letting {person} {gone}";
    let_and_stopped_letting_them(person, new, gone) = "let {person} {new}, and stopped letting them {gone}";
    changed_what_may_do(person) = "changed what {person} may do";
    PERMISSIONS = "Permissions";
    on_3(name) = " on {name}";
    asked_for(name, name_2, on) = "asked {name} for “{name_2}”{on}";
    gets_an_e_mail_with(name) = "{name} gets an e-mail with your request. Anything they grant works straight away; you do not need to sign in again.";
    granted_as_requested(name, email, label) = "granted {name} ({email}) “{label}”, as requested";
    now_has_and_gets_an(name, label) = "{name} now has “{label}” and gets an e-mail about it.";
    refused(name, email, label) = "refused {name} ({email}) “{label}”";
    you_refused_gets_an_e(label, name) = "You refused “{label}”. {name} gets an e-mail about it.";
    THIS_REQUEST_HAS_ALREADY_BEEN = "This request has already been answered or has expired. Nothing was changed.";
    YOU_ALREADY_ASKED_FOR_THIS = "You already asked for this in the last 24 hours. Wait for the answer, or ask in person.";
    you_have_asked_for_permissions(asks_per_day) = "You have asked for {asks_per_day} permissions in the last 24 hours, which is the limit. Ask in person, or try again tomorrow.";
    NOBODY_CAN_CHANGE_THEIR_OWN = "nobody can change their own permissions. Ask somebody else who manages contacts";
    SERVICE = "Service";
    DOMAIN = "Domain";
    TICK_OR_UNTICK_THE_COLUMN = "Tick or untick the column";
    ALL_INCLUDING_FUTURE_ONES = "All, including future ones";
    ALL = ": all ";
    INCLUDING_FUTURE_ONES = ", including future ones";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::permissions::model::Grant;

    fn id(index: usize) -> AssetId {
        AssetId::parse(&format!("01k9zv5s8t3w2x1y0abcdefgh{index}")).unwrap()
    }

    fn set(keys: &str) -> Permissions {
        Permissions::from_keys(keys)
    }

    fn name(asset: &AssetId) -> Option<String> {
        ["Shop", "Blog", "Mail", "a.example", "b.example"]
            .into_iter()
            .enumerate()
            .find(|(index, _)| id(*index) == *asset)
            .map(|(_, name)| name.to_owned())
    }

    #[test]
    fn phrases_say_how_many_services() {
        let support = set("tickets.view,tickets.open,tickets.close");
        let five = Preset::TechnicalStaff.permissions().unwrap().of_assets();
        let on = |count: usize, each: Permissions| Grant {
            everywhere: support,
            each: (0..count).map(|index| (id(index), each)).collect(),
        };
        let of = |grant: &Grant| phrase(grant.everywhere, grant.summary());
        assert_eq!(of(&on(2, five)), "Technical Staff on 2 services");
        assert_eq!(of(&on(1, five)), "Technical Staff on 1 service");
        assert_eq!(of(&on(2, set("service.view"))), "Custom");
        let mut mixed = on(2, five);
        mixed.each.insert(id(2), set("service.view"));
        assert_eq!(of(&mixed), "Custom");
        assert_eq!(of(&Grant::everywhere(Preset::Accounting.permissions().unwrap())), "Accounting");
        let column = format!("2:{0}:{0}", five.keys());
        assert_eq!(phrase(support, Summary::from_column(Some(&column))), "Technical Staff on 2 services");
        assert_eq!(Summary::from_column(None), Summary::default());
    }

    #[test]
    fn sentences_name_the_things() {
        let grant = Grant {
            everywhere: set("invoices.view"),
            each: [
                (id(0), set("service.view,service.panel")),
                (id(1), set("service.view")),
                (id(3), set("domain.view")),
            ]
            .into(),
        };
        assert_eq!(
            grant.able_to(name),
            AbilityText {
                plain: ["view invoices", "view Blog", "view a.example"].map(str::to_owned).into(),
                on: vec!["view and use the control panel on Shop".into()]
            }
        );
        assert_eq!(
            grant.able_to(name).say(),
            "view invoices, view Blog and view a.example; view and use the control panel on Shop"
        );
        assert_eq!(grant.able_to(|_| None).on[0], "view and use the control panel on 1 service");
        assert_eq!(grant.closed_areas(), "tickets or contacts");
        let many: Vec<AssetId> = (0..5).map(id).collect();
        assert_eq!(
            named(&many.iter().collect::<Vec<_>>(), true, name),
            "Shop, Blog, Mail and 2 more services"
        );
    }
}
