//! What is filed changes in one place, so that what stands beside the facts follows from them.

use std::{fs, path::Path};

use super::rust_files;

/// How the facts of a submission are changed, and what follows written down.
const CHANGES: [&str; 6] =
    ["tx.put(", "tx.close(", "tx.take_back(", "tx.take_back_all(", "tx.keep_settled(", "tx.open_submission("];

#[test]
fn facts_of_submissions_are_changed_by_filing_alone() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    rust_files(&root.join("src"), &mut files);
    let mut within = 0;
    for path in files {
        let source = fs::read_to_string(&path).unwrap();
        let changes = CHANGES.iter().filter(|change| source.contains(**change)).count();
        if path.starts_with(root.join("src/filing")) {
            within += changes;
        } else {
            assert_eq!(changes, 0, "{} changes facts past filing", path.display());
        }
    }
    assert!(within >= 4, "filing changes them by other names");
}
