//! Files stay short enough to be read in one sitting.

use std::{fs, path::Path};

use super::rust_files;

/// Lines of a file in the middle of all.
const MIDDLE: usize = 140;
/// Lines of the longest.
const LONGEST: usize = 520;

#[test]
fn files_are_short() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    rust_files(&root.join("src"), &mut files);
    let lines = |path: &Path| fs::read_to_string(path).unwrap().lines().count();
    let mut sizes: Vec<(usize, String)> =
        files.iter().map(|path| (lines(path), path.strip_prefix(root).unwrap().to_str().unwrap().to_owned())).collect();
    sizes.sort();
    let (middle, _) = sizes[sizes.len() / 2];
    assert!(middle <= MIDDLE, "the file in the middle has {middle} lines, and at most {MIDDLE} are wanted");
    let long: Vec<&str> = sizes.iter().filter(|(lines, _)| *lines > LONGEST).map(|(_, file)| file.as_str()).collect();
    assert!(long.is_empty(), "these files have more than {LONGEST} lines: {long:?}");
}
