//! Arrows run one way: a file uses what stands above it in the list of layers, features use of each other
//! only what is meant for others, and no files depend on each other in a circle (docs/architecture.md).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// The layers from the ground up. A file may use its own layer and those above it in this list.
const LAYERS: &[&str] = &[
    "words", "types", "paths", "permission", "category", "error", "ui", "platform", "access", "outbox",
    "frame", "features", "operator", "app", "web", "demo", "cli",
];

/// What a feature offers to others; everything else in its folder is its own.
const OFFERED: &[&str] = &[
    "model", "words", "difference", "grant_form", "store", "billing", "mail", "letter", "record", "enter",
    "prove", "passkeys", "secrets", "components", "template", "samples", "row", "who", "write", "files",
    "canned",
];

/// The source of every file under `src` without its unit tests, by the path of its module:
/// `features::contacts::store`.
fn all_modules() -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    modules(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), "", &mut all);
    all
}

/// Source without comments.
fn code(source: &str) -> String {
    source.lines().map(|line| line.split("//").next().unwrap()).collect::<Vec<_>>().join("\n")
}

/// Is this the module of a folder?
fn is_folder(all: &BTreeMap<String, String>, module: &str) -> bool {
    let inside = format!("{module}::");
    all.keys().any(|other| other.starts_with(&inside))
}

fn modules(folder: &Path, at: &str, all: &mut BTreeMap<String, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let module = if at.is_empty() { name.to_owned() } else { format!("{at}::{name}") };
        if path.is_dir() && !["tests", "fuzz", "typeset"].contains(&name) {
            modules(&path, &module, all);
        } else if path.extension().is_some_and(|extension| extension == "rs")
            && !["lib", "main"].contains(&name)
        {
            let source = std::fs::read_to_string(&path).unwrap();
            let source = source.split("#[cfg(test)]\nmod tests").next().unwrap().to_owned();
            all.insert(if name == "mod" { at.to_owned() } else { module }, source);
        }
    }
}

/// The paths that a `use` tree names, and what each is called here: of `a::{b, c::{d as e}}` these are `a::b`,
/// called `b`, and `a::c::d`, called `e`.
fn leaves(tree: &str) -> Vec<(String, String)> {
    let Some((head, rest)) = tree.split_once('{') else {
        let (path, name) = tree
            .split_once(" as ")
            .unwrap_or((tree, tree.trim_end_matches("::self").rsplit("::").next().unwrap()));
        return vec![(path.trim().to_owned(), name.trim().to_owned())];
    };
    let (mut depth, mut item, mut all) = (0, String::new(), Vec::new());
    for c in rest.rsplit_once('}').map_or(rest, |(inner, _)| inner).chars().chain([',']) {
        depth += i32::from(c == '{') - i32::from(c == '}');
        if c == ',' && depth == 0 {
            let inner = leaves(item.trim()).into_iter().filter(|(leaf, _)| !leaf.is_empty());
            all.extend(inner.map(|(leaf, name)| {
                let name = if name == "self" {
                    head.trim().trim_end_matches("::").rsplit("::").next().unwrap().to_owned()
                } else {
                    name
                };
                (format!("{}{leaf}", head.trim()), name)
            }));
            item.clear();
        } else {
            item.push(c);
        }
    }
    all
}

/// What a module names of this crate, from its root.
fn named(module: &str, is_folder: bool, source: &str) -> BTreeSet<String> {
    let code = code(source);
    let mut parent: Vec<&str> = module.split("::").collect();
    if !is_folder {
        parent.pop();
    }
    let root = |path: &str| match (path.strip_prefix("crate::"), path.strip_prefix("super::")) {
        (Some(rest), _) => Some(rest.to_owned()),
        (_, Some(rest)) if !rest.starts_with("super") => Some([parent.join("::").as_str(), rest].join("::")),
        _ => None,
    };
    // A path that begins behind each place where `start` stands, as far as it is one.
    let paths = |start: &str| -> Vec<String> {
        let behind = code
            .match_indices(start)
            .filter(|(at, _)| !code[..*at].ends_with(|c: char| c.is_alphanumeric() || "_:".contains(c)));
        let path = |at: usize| {
            code[at..]
                .split(|c: char| !(c.is_alphanumeric() || "_:".contains(c)))
                .next()
                .unwrap()
                .trim_end_matches(':')
                .to_owned()
        };
        behind.map(|(at, _)| path(at)).collect()
    };
    let trees = code
        .split("use ")
        .skip(1)
        .filter_map(|rest| rest.split(';').next())
        .map(|tree| tree.replace('\n', " "));
    let mut all: BTreeSet<String> = paths("crate::").iter().filter_map(|path| root(path)).collect();
    for (path, name) in trees.flat_map(|tree| leaves(&tree)) {
        let path = path.trim_end_matches("::self");
        let Some(full) = root(path) else { continue };
        // What is named through a module that was imported: `store::find` after `use super::store`.
        all.extend(
            paths(&format!("{name}::"))
                .into_iter()
                .filter_map(|used| Some(format!("{full}::{}", used.split_once("::")?.1))),
        );
        all.insert(full);
    }
    all
}

/// Which files each file uses. What a folder's `mod.rs` passes on counts for the file where it stands.
pub fn arrows() -> BTreeMap<String, BTreeSet<String>> {
    let all = all_modules();
    let folder = |module: &str| is_folder(&all, module);
    let mut passed_on = BTreeMap::new();
    for (module, source) in all.iter().filter(|(module, _)| folder(module)) {
        for tree in source.split("pub use ").skip(1).filter_map(|rest| rest.split(';').next()) {
            for (leaf, _) in leaves(&tree.replace('\n', " ")) {
                let (from, name) = leaf.rsplit_once("::").unwrap();
                passed_on.insert(format!("{module}::{name}"), format!("{module}::{from}"));
            }
        }
    }
    let file = |path: &str| {
        let path = passed_on.get(path).map_or(path, String::as_str);
        let parts: Vec<&str> = path.split("::").collect();
        (1..=parts.len()).rev().map(|n| parts[..n].join("::")).find(|module| all.contains_key(module))
    };
    let used = |(module, source): (&String, &String)| {
        let files = named(module, folder(module), source)
            .iter()
            .filter_map(|path| file(path))
            .filter(|used| used != module && !folder(used))
            .collect();
        (module.clone(), files)
    };
    // A `mod.rs` only says what is in its folder.
    all.iter().filter(|(module, _)| !folder(module)).map(used).collect()
}

fn layer(module: &str) -> usize {
    let name = module.split("::").next().unwrap();
    LAYERS.iter().position(|layer| *layer == name).unwrap_or_else(|| panic!("{module} is in no layer"))
}

#[test]
fn a_folders_mod_only_says_what_is_in_it() {
    let all = all_modules();
    for (module, source) in all.iter().filter(|(module, _)| is_folder(&all, module)) {
        let more: Vec<&str> = source
            .lines()
            .filter(|line| {
                [
                    "fn ", "pub fn", "struct", "pub struct", "impl", "const", "pub const", "static",
                    "#[component]",
                ]
                .iter()
                .any(|word| line.starts_with(word))
            })
            .collect();
        assert!(more.is_empty(), "{module}: {more:?}");
    }
}

#[test]
fn arrows_run_one_way() {
    let mut wrong = Vec::new();
    for (from, to) in
        arrows().into_iter().flat_map(|(from, all)| all.into_iter().map(move |to| (from.clone(), to)))
    {
        let (a, b): (Vec<&str>, Vec<&str>) = (from.split("::").collect(), to.split("::").collect());
        let folders = ["features", "operator"];
        let foreign =
            folders.contains(&a[0]) && folders.contains(&b[0]) && (a[0], a.get(1)) != (b[0], b.get(1));
        if layer(&to) > layer(&from) || (foreign && !b.get(2).is_some_and(|file| OFFERED.contains(file))) {
            wrong.push(format!("{from} uses {to}"));
        }
    }
    assert!(wrong.is_empty(), "{} arrows run the wrong way:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn sentences_stand_in_the_catalogue_of_their_feature() {
    let all = all_modules();
    let elsewhere = all.iter().filter(|(module, _)| {
        (module.starts_with("features::") || module.starts_with("operator::"))
            && !module.ends_with("::words")
            && !module.ends_with("::samples")
    });
    let mut wrong = Vec::new();
    for (module, source) in elsewhere {
        // Notes for whoever reads the source, and SQL, are no sentences for people.
        let lines = source.lines().filter(|line| {
            !line.trim_start().starts_with("//")
                && !["expect(", "unaudited(", "SELECT"].iter().any(|part| line.contains(part))
        });
        for line in lines {
            let texts = line.split('"').skip(1).step_by(2);
            wrong.extend(texts.filter(|text| is_sentence(text)).map(|text| format!("{module}: {text}")));
        }
    }
    assert!(wrong.is_empty(), "sentences that belong into words.rs:\n{}", wrong.join("\n"));
}

/// The name of the type that a line defines.
fn defined(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = match line.strip_prefix("pub") {
        Some(rest) if rest.starts_with('(') => rest.split_once(") ")?.1,
        Some(rest) => rest.trim_start(),
        None => line,
    };
    let rest = ["struct ", "enum ", "trait "].iter().find_map(|kind| line.strip_prefix(kind))?;
    let name = rest.split(|c: char| !c.is_alphanumeric()).next()?;
    name.starts_with(char::is_uppercase).then_some(name)
}

/// Whoever reads a name knows what is meant, without looking where it came from.
#[test]
fn every_type_has_a_name_of_its_own() {
    let mut found = BTreeMap::<String, BTreeSet<String>>::new();
    for (module, source) in all_modules() {
        // What is done differently in the browser and on the server has one name on both sides.
        let module = module.replace("_browser", "").replace("_server", "");
        for name in code(&source).lines().filter_map(defined) {
            found.entry(name.to_owned()).or_default().insert(module.clone());
        }
    }
    assert!(found.len() > 500, "only {} were found", found.len());
    found.retain(|_, modules| modules.len() > 1);
    assert!(found.is_empty(), "names with two meanings: {found:#?}");
}

/// Three words or more that end as a sentence does.
fn is_sentence(text: &str) -> bool {
    text.trim().matches(' ').count() >= 2
        && text.ends_with(['.', '?', '!'])
        && text.contains(char::is_alphabetic)
}

#[test]
fn no_files_depend_on_each_other_in_a_circle() {
    let mut left = arrows();
    // Whoever uses nothing that is left is in no circle.
    loop {
        let free: Vec<String> = left
            .iter()
            .filter(|(_, used)| !used.iter().any(|file| left.contains_key(file)))
            .map(|(file, _)| file.clone())
            .collect();
        if free.is_empty() {
            break;
        }
        free.iter().for_each(|file| drop(left.remove(file)));
    }
    // What only uses a circle is in none either.
    loop {
        let unused: Vec<String> =
            left.keys().filter(|file| !left.values().any(|used| used.contains(*file))).cloned().collect();
        if unused.is_empty() {
            break;
        }
        unused.iter().for_each(|file| drop(left.remove(file)));
    }
    let circle: Vec<String> = left
        .iter()
        .map(|(file, used)| {
            format!("{file} -> {:?}", used.iter().filter(|used| left.contains_key(*used)).collect::<Vec<_>>())
        })
        .collect();
    assert!(circle.is_empty(), "{}", circle.join("\n"));
}

#[test]
fn only_the_database_folder_names_its_driver() {
    let all = all_modules();
    let names: Vec<&String> = all
        .iter()
        .filter(|(module, source)| {
            let code = code(source).to_lowercase();
            !module.starts_with("platform::db") && (code.contains("sqlx::") || code.contains("sqlite"))
        })
        .map(|(module, _)| module)
        .collect();
    assert!(names.is_empty(), "{names:?}");
}

/// The layers and features with their arrows, as Markdown. An arrow that others imply is left out.
fn map() -> String {
    let mut layers: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    let (mut files, mut features): (BTreeMap<usize, usize>, BTreeMap<String, BTreeSet<String>>) =
        Default::default();
    for (from, all) in arrows() {
        *files.entry(layer(&from)).or_default() += 1;
        layers
            .entry(layer(&from))
            .or_default()
            .extend(all.iter().map(|to| layer(to)).filter(|to| *to != layer(&from)));
        let feature = |module: &str| {
            module.strip_prefix("features::").map(|rest| rest.split("::").next().unwrap().to_owned())
        };
        let Some(own) = feature(&from) else { continue };
        features
            .entry(own.clone())
            .or_default()
            .extend(all.iter().filter_map(|to| feature(to)).filter(|other| *other != own));
    }
    let reaches = |from: usize, to: usize| {
        let (mut next, mut seen) = (vec![from], BTreeSet::new());
        while let Some(at) = next.pop() {
            let further = layers.get(&at).into_iter().flatten().filter(|far| (at, **far) != (from, to));
            next.extend(further.copied().filter(|far| seen.insert(*far)));
        }
        seen.contains(&to)
    };
    let name = |layer: usize| format!("{}[\"{} · {}\"]", LAYERS[layer], LAYERS[layer], files[&layer]);
    let mut out = "The layers with their numbers of files. Arrows that others imply are left out.\n\n```mermaid\nflowchart TD\n".to_owned();
    for (from, all) in layers.iter().rev() {
        for to in all.iter().rev().filter(|to| !reaches(*from, **to)) {
            out.push_str(&format!("  {} --> {}\n", name(*from), name(*to)));
        }
    }
    out.push_str("```\n\n| feature | uses of |\n|---|---|\n");
    for (feature, others) in features {
        out.push_str(&format!("| {feature} | {} |\n", others.into_iter().collect::<Vec<_>>().join(", ")));
    }
    out
}

#[test]
fn the_map_in_the_docs_is_drawn_from_the_source() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/architecture.md");
    let docs = std::fs::read_to_string(file).unwrap();
    let (begin, end) = ("<!-- map: made by `make map` -->\n", "<!-- /map -->");
    let (before, rest) = docs.split_once(begin).unwrap();
    let (drawn, after) = rest.split_once(end).unwrap();
    let map = map();
    if std::env::var_os("LATCHKEY_WRITE_MAP").is_some() {
        std::fs::write(file, format!("{before}{begin}{map}{end}{after}")).unwrap();
    } else {
        assert_eq!(drawn, map, "draw it anew with `make map`");
    }
}
