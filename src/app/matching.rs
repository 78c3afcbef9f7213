//! How an address finds its page: the table of routes is a constant that is only read. The router's own routes are
//! built, cloned and dropped again for each request, a hundred of them, and each shape of an address is another type.

use super::pages::PageId;
use leptos_router::{
    ChooseView, GeneratedRouteData, MatchInterface, MatchNestedRoutes, MatchParams, PathSegment, RouteMatchId,
};
use std::borrow::Cow;
use std::sync::LazyLock;

/// By what the router tells whether two addresses lead to the same page.
static IDS: LazyLock<[RouteMatchId; PageId::COUNT]> =
    LazyLock::new(|| std::array::from_fn(|_| RouteMatchId::new_from_route_id()));

/// A row of the table: what an address begins with, where `:name` stands for one part of it, and the page.
pub struct Route {
    path: &'static str,
    page: PageId,
    /// What the page surrounds; an address must lead to one of them.
    inside: &'static [Route],
}

/// A page at an address.
pub const fn page(path: &'static str, page: PageId) -> Route {
    Route { path, page, inside: &[] }
}

/// A page around others.
pub const fn layout(path: &'static str, page: PageId, inside: &'static [Route]) -> Route {
    Route { path, page, inside }
}

impl Route {
    fn parts(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter(|part| !part.is_empty())
    }

    fn list(&self, around: &[PathSegment], all: &mut Vec<GeneratedRouteData>) {
        let own = self.parts().map(|part| match part.strip_prefix(':') {
            Some(name) => PathSegment::Param(name.into()),
            None => PathSegment::Static(part.into()),
        });
        let segments: Vec<PathSegment> = around.iter().cloned().chain(own).collect();
        for route in self.inside {
            route.list(&segments, all);
        }
        if self.inside.is_empty() {
            all.push(GeneratedRouteData { segments, ..GeneratedRouteData::default() });
        }
    }

    fn find(&self, address: &str) -> Option<Found> {
        let mut rest = address;
        let mut params = Vec::new();
        for wanted in self.parts() {
            let after = rest.strip_prefix('/')?;
            let (part, behind) = after.split_at(after.find('/').unwrap_or(after.len()));
            match wanted.strip_prefix(':') {
                Some(name) if !part.is_empty() => params.push((Cow::Borrowed(name), part.to_owned())),
                None if part == wanted => {}
                _ => return None,
            }
            rest = behind;
        }
        let child = if self.inside.is_empty() {
            if !matches!(rest, "" | "/") {
                return None;
            }
            None
        } else {
            let child = self.inside.iter().find_map(|route| route.find(rest))?;
            params.extend_from_slice(&child.params);
            Some(Box::new(child))
        };
        let matched = address[..address.len() - rest.len()].to_owned();
        Some(Found { page: self.page, matched, params, child })
    }
}

/// The rows, as the router asks them.
#[derive(Clone, Copy)]
pub struct RouteTable(pub &'static [Route]);

impl MatchNestedRoutes for RouteTable {
    type Data = ();
    type Match = Found;

    fn match_nested<'a>(&'a self, path: &'a str) -> (Option<(RouteMatchId, Found)>, &'a str) {
        match self.0.iter().find_map(|route| route.find(path)) {
            Some(found) => (Some((found.as_id(), found)), ""),
            None => (None, path),
        }
    }

    fn generate_routes(&self) -> impl IntoIterator<Item = GeneratedRouteData> + '_ {
        let mut all = Vec::new();
        for route in self.0 {
            route.list(&[], &mut all);
        }
        all
    }

    fn optional(&self) -> bool {
        false
    }
}

/// A page that was found, with the one inside of it.
pub struct Found {
    page: PageId,
    matched: String,
    params: Vec<(Cow<'static, str>, String)>,
    child: Option<Box<Found>>,
}

impl MatchParams for Found {
    fn to_params(&self) -> Vec<(Cow<'static, str>, String)> {
        self.params.clone()
    }
}

impl MatchInterface for Found {
    type Child = Self;

    fn as_id(&self) -> RouteMatchId {
        IDS[self.page as usize]
    }

    fn as_matched(&self) -> &str {
        &self.matched
    }

    fn into_view_and_child(self) -> (impl ChooseView, Option<Self>) {
        (self.page, self.child.map(|child| *child))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: RouteTable = RouteTable(&[
        page("/", PageId::Home),
        page("/accounts/open", PageId::Open),
        page("/verify/:token", PageId::Verify),
        layout(
            "/a/:account",
            PageId::Account,
            &[
                page("", PageId::Overview),
                page("contacts/new", PageId::NewContact),
                page("contacts/:contact", PageId::Contact),
                page("contacts/:contact/edit", PageId::EditContact),
            ],
        ),
    ]);

    /// The pages from the outermost to the innermost with what each matched, and all params.
    fn found(address: &str) -> Option<(Vec<(RouteMatchId, String)>, String)> {
        let mut at = TABLE.match_nested(address).0.map(|(_, found)| found);
        let params = at.as_ref()?.to_params();
        let params =
            params.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(" ");
        let mut pages = Vec::new();
        while let Some(found) = at {
            pages.push((found.as_id(), found.as_matched().to_owned()));
            at = found.into_view_and_child().1;
        }
        Some((pages, params))
    }

    #[test]
    fn an_address_finds_its_page_and_the_pages_around_it() {
        let id = |page: PageId| IDS[page as usize];
        let account = (id(PageId::Account), "/a/one".to_owned());
        let inside = |page, matched: &str, params: &str| {
            Some((vec![account.clone(), (id(page), matched.to_owned())], params.to_owned()))
        };
        let alone = |page, matched: &str, params: &str| {
            Some((vec![(id(page), matched.to_owned())], params.to_owned()))
        };
        for address in ["", "/"] {
            assert_eq!(found(address), alone(PageId::Home, "", ""));
            assert_eq!(found(&format!("/a/one{address}")), inside(PageId::Overview, "", "account=one"));
        }
        assert_eq!(found("/accounts/open/"), alone(PageId::Open, "/accounts/open", ""));
        assert_eq!(found("/verify/x"), alone(PageId::Verify, "/verify/x", "token=x"));
        // A word before a name, whatever the name would take.
        assert_eq!(found("/a/one/contacts/new"), inside(PageId::NewContact, "/contacts/new", "account=one"));
        assert_eq!(
            found("/a/one/contacts/c1/edit"),
            inside(PageId::EditContact, "/contacts/c1/edit", "account=one contact=c1")
        );
        for nowhere in [
            "/verify", "/verify/", "/verify/x/y", "/a", "/a/", "/a//contacts/c1", "/a/one/contacts",
            "/a/one/x", "/A/one", "a/one", "//",
        ] {
            assert_eq!(found(nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn no_two_pages_are_the_same_one() {
        let ids: std::collections::HashSet<_> = IDS.iter().collect();
        assert_eq!(ids.len(), PageId::COUNT);
    }
}
