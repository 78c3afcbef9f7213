//! What README and docs claim of the tests is true: every test that they name exists, and every link leads
//! somewhere.

use std::path::{Path, PathBuf};

/// The file that the docs mean: alone it is in `src/tests`, or in `end2end/tests` for journeys.
fn file(root: &Path, name: &str) -> PathBuf {
    let journey = name.ends_with(".spec.ts");
    match (name.contains('/'), journey) {
        (true, _) => root.join(name),
        (false, true) => root.join("end2end/tests").join(name),
        (false, false) => root.join("src/tests").join(name),
    }
}

/// README and everything in docs: path and text.
pub fn docs() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let within = |folder: &str| {
        std::fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>()
    };
    let mut files =
        [within("docs"), within("docs/security"), vec![root.join("README.md"), root.join("CONTRIBUTING.md")]]
            .concat();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "md"));
    files.sort();
    files.into_iter().map(|file| (file.clone(), std::fs::read_to_string(file).unwrap())).collect()
}

#[test]
fn readme_is_short_and_its_links_lead_somewhere() {
    for (file, text) in docs() {
        assert!(!file.ends_with("README.md") || text.len() <= 10_000, "README has {} bytes", text.len());
        for link in text
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
            .filter(|link| !link.contains("://"))
        {
            let target = file.parent().unwrap().join(link.split('#').next().unwrap());
            assert!(target.exists(), "{} links to {link}", file.display());
        }
    }
}

#[test]
fn every_test_that_is_named_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text: String = docs().into_iter().map(|(_, text)| text).collect();
    let (mut named, mut last) = (0, String::new());
    for claim in text.split('`').skip(1).step_by(2).filter(|claim| claim.contains("::")) {
        let Some((name, test)) = claim.split_once("::") else { continue };
        let name = if name == "…" { last.clone() } else { name.to_owned() };
        if !(name.ends_with(".rs") || name.ends_with(".spec.ts")) || test.is_empty() {
            continue;
        }
        let text =
            std::fs::read_to_string(file(root, &name)).unwrap_or_else(|error| panic!("{claim}: {error}"));
        let found = if name.ends_with(".rs") {
            text.contains(&format!("fn {test}("))
        } else {
            text.contains(&format!("test(\"{test}"))
        };
        assert!(found, "the docs name {claim}, which does not exist");
        named += 1;
        last = name;
    }
    assert!(named > 100, "{named}");
}
