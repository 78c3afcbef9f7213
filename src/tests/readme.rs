//! What README claims of the tests is true: every test that it names exists.

use std::path::{Path, PathBuf};

/// The file that README means: alone it is in `src/tests`, or in `end2end/tests` for journeys.
fn file(root: &Path, name: &str) -> PathBuf {
    let journey = name.ends_with(".spec.ts");
    match (name.contains('/'), journey) {
        (true, _) => root.join(name),
        (false, true) => root.join("end2end/tests").join(name),
        (false, false) => root.join("src/tests").join(name),
    }
}

#[test]
fn every_test_that_is_named_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = std::fs::read_to_string(root.join("README.md")).unwrap();
    let (mut named, mut last) = (0, String::new());
    for claim in readme.split('`').skip(1).step_by(2).filter(|claim| claim.contains("::")) {
        let Some((name, test)) = claim.split_once("::") else { continue };
        let name = if name == "…" { last.clone() } else { name.to_owned() };
        if !(name.ends_with(".rs") || name.ends_with(".spec.ts")) || test.is_empty() {
            continue;
        }
        let text = std::fs::read_to_string(file(root, &name)).unwrap_or_else(|error| panic!("{claim}: {error}"));
        let found = if name.ends_with(".rs") { text.contains(&format!("fn {test}(")) } else { text.contains(&format!("test(\"{test}")) };
        assert!(found, "README names {claim}, which does not exist");
        named += 1;
        last = name;
    }
    assert!(named > 100, "{named}");
}
