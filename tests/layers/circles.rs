//! No file of the source needs itself: imports go one way between files too, whatever the module.
//!
//! A name counts as that of the file where it stands, not of the module that hands it on: `super::Claim` is the parent's
//! own only if the parent defines it. Naming a module is no use of it; naming what is in it is. Nor is it a use if a module
//! that has others below it imports a name that it does not mention again: it hands it on to them, or to all.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fs,
    path::Path,
};

use super::{Named, Token, absolute, is_word, paths, rust_files, tokens};

/// The modules whose circles stand for now; each must have one, or it comes off this list.
const KNOWN: &[&str] = &[];

/// A module as its path from the root of the crate.
type Module = Vec<String>;

/// What a file says of names.
struct Names {
    file: String,
    /// Names that it has from elsewhere, or hands on, and where these are from.
    locals: BTreeMap<String, Module>,
    /// The modules of which it has all names.
    globs: Vec<Module>,
    /// What is defined in it.
    items: BTreeSet<String>,
    /// What it names, each with its line.
    named: Vec<(usize, Module)>,
}

/// One file that uses another, and where it says so.
type Uses = BTreeMap<Module, BTreeMap<Module, String>>;

#[test]
fn no_file_needs_itself() {
    let circles = circles(&uses(&source()));
    let of = |circle: &Vec<Module>| circle[0][0].clone();
    let unknown: Vec<String> = circles
        .iter()
        .filter(|(circle, _)| !KNOWN.contains(&of(circle).as_str()))
        .map(|(_, said)| said.clone())
        .collect();
    assert!(unknown.is_empty(), "files that import each other in a circle:\n{}", unknown.join("\n"));
    for known in KNOWN {
        assert!(circles.iter().any(|(circle, _)| of(circle) == *known), "{known} has no circle: take it off the list");
    }
}

#[test]
fn a_made_up_circle_is_named_with_its_lines() {
    let said = |files: &[(&str, &str)]| -> Vec<String> {
        let files = files.iter().map(|(file, source)| names(file, source)).collect();
        circles(&uses(&files)).into_iter().map(|(_, said)| said).collect()
    };
    let parent = "mod child;\npub struct Own;\nfn f() { child::g() }";
    assert_eq!(
        said(&[("src/a.rs", parent), ("src/a/child.rs", "use super::Own;\npub fn g() {}")]),
        ["src/a.rs:3 (a::child::g) → src/a/child.rs:1 (a::Own) → src/a.rs"],
    );
    let circle = [
        ("src/a/mod.rs", "mod b;\nmod c;\nmod d;"),
        ("src/a/b.rs", "use super::c::C;"),
        ("src/a/c.rs", "pub struct C;\nfn f() -> crate::a::d::D {}"),
        ("src/a/d.rs", "use super::b as other;\npub struct D(other::B);"),
    ];
    assert_eq!(
        said(&circle),
        ["src/a/b.rs:1 (a::c::C) → src/a/c.rs:2 (a::d::D) → src/a/d.rs:2 (a::b::B) → src/a/b.rs"],
    );
    for none in [
        // A module that hands names on is not what defines them.
        [
            ("src/a/mod.rs", "mod b;\nmod c;\npub use self::{b::B, c::*};\npub struct Own;"),
            ("src/a/b.rs", "use super::{C, Own};\npub struct B;"),
            ("src/a/c.rs", "pub struct C;\nuse std::fmt;"),
        ],
        [("src/a.rs", "pub mod b; mod c; use b::B;"), ("src/a/b.rs", "use super::c;"), ("src/a/c.rs", "// super::B")],
    ] {
        assert_eq!(said(&none), [""; 0]);
    }
}

/// All files of the source.
fn source() -> Vec<(Module, Names)> {
    let mut files = Vec::new();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    rust_files(&root.join("src"), &mut files);
    files
        .iter()
        .map(|path| {
            let file = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            names(&file, &fs::read_to_string(path).unwrap())
        })
        .collect()
}

fn names(file: &str, source: &str) -> (Module, Names) {
    let inner = file.strip_prefix("src/").unwrap().strip_suffix(".rs").unwrap();
    let path: Vec<&str> = match inner.strip_suffix("/mod").unwrap_or(inner) {
        "lib" => Vec::new(),
        inner => inner.split('/').collect(),
    };
    let module: Module = path.iter().map(|&segment| segment.to_owned()).collect();
    let tokens = tokens(source);
    let mut names = Names {
        file: file.to_owned(),
        locals: children(&tokens).map(|child| (child.clone(), [module.clone(), vec![child]].concat())).collect(),
        globs: Vec::new(),
        items: items(&tokens).collect(),
        named: Vec::new(),
    };
    let all = paths(&tokens);
    // What a name stands for is known only once all imports are.
    for import in all.iter().filter(|named| named.local.is_some() || named.is_glob) {
        let Some(path) = names.seen_from_the_root(&import.path, &path) else { continue };
        match &import.local {
            Some(local) => _ = names.locals.insert(local.clone(), path),
            None => names.globs.push(path),
        }
    }
    let (mentioned, hands_on) = (mentioned(&tokens), children(&tokens).next().is_some());
    for Named { line, path: segments, local, is_glob } in &all {
        let only_handed_on = *is_glob || local.as_ref().is_some_and(|local| !mentioned.contains(local));
        if hands_on && only_handed_on {
            continue;
        }
        if let Some(mut path) = names.seen_from_the_root(segments, &path) {
            if *is_glob {
                path.push("*".to_owned());
            }
            names.named.push((*line, path));
        }
    }
    (module, names)
}

/// The modules that a file declares.
fn children(tokens: &[Token]) -> impl Iterator<Item = String> {
    let declared = tokens.windows(3).filter(|three| three[0].1 == "mod" && three[2].1 == ";");
    declared.map(|three| three[1].1.clone())
}

/// The words of a file outside its imports and the modules that it declares, but for those behind another.
fn mentioned(tokens: &[Token]) -> BTreeSet<String> {
    let (mut mentioned, mut before, mut imports) = (BTreeSet::new(), "", false);
    for (_, word) in tokens {
        match word.as_str() {
            "use" | "mod" => imports = true,
            ";" | "{" if before != "::" => imports = false,
            _ if !imports && !matches!(before, "::" | ".") => _ = mentioned.insert(word.clone()),
            _ => {}
        }
        before = word;
    }
    mentioned
}

/// The names that a file defines.
fn items(tokens: &[Token]) -> impl Iterator<Item = String> {
    let kinds = ["fn", "struct", "enum", "type", "trait", "const", "static"];
    let defined = tokens.windows(2).filter(move |two| kinds.contains(&two[0].1.as_str()) && is_word(&two[1]));
    defined.map(|two| two[1].1.clone())
}

impl Names {
    /// A path from the root of the crate; `None` where it leads out of the crate, or nobody knows where.
    fn seen_from_the_root(&self, path: &[String], module: &[&str]) -> Option<Module> {
        let path = absolute(path, module);
        if path[0] == "crate" {
            return Some(path[1..].iter().filter(|segment| *segment != "self").cloned().collect());
        }
        let local = self.locals.get(&path[0])?;
        Some([local, &path[1..]].concat())
    }
}

fn uses(files: &Vec<(Module, Names)>) -> Uses {
    let modules: BTreeMap<&Module, &Names> = files.iter().map(|(module, names)| (module, names)).collect();
    let mut uses = Uses::new();
    for (module, names) in files {
        let of_this = uses.entry(module.clone()).or_default();
        for (line, path) in &names.named {
            let target = if modules.contains_key(path) { continue } else { home(&modules, path, 0) };
            if let Some(target) = target.filter(|target| target != module) {
                let said = format!("{}:{line} ({})", names.file, path.join("::"));
                of_this.entry(target).or_insert(said);
            }
        }
    }
    uses
}

/// The file in which the thing that a path names is defined.
fn home(modules: &BTreeMap<&Module, &Names>, path: &[String], hands: u8) -> Option<Module> {
    let known = (0..=path.len()).rev().find(|n| modules.contains_key(&path[..*n].to_vec()))?;
    let module = path[..known].to_vec();
    let names = modules[&module];
    if let Some(name) = path.get(known).filter(|_| hands < 8) {
        let handed_on = names.locals.get(name).filter(|from| from[..] != path[..=known]);
        if let Some(from) = handed_on {
            return home(modules, &[from, &path[known + 1..]].concat(), hands + 1);
        }
        if let Some(from) =
            names.globs.iter().find(|glob| modules.get(glob).is_some_and(|in_it| in_it.items.contains(name)))
        {
            return Some(from.clone());
        }
    }
    Some(module)
}

/// The shortest circle through each file that is in one, each circle once, with its sentence.
fn circles(uses: &Uses) -> Vec<(Vec<Module>, String)> {
    let mut found: BTreeMap<BTreeSet<&Module>, (Vec<Module>, String)> = BTreeMap::new();
    for start in uses.keys() {
        let mut before: BTreeMap<&Module, &Module> = BTreeMap::new();
        let mut waiting = VecDeque::from([start]);
        while let Some(at) = waiting.pop_front() {
            for next in uses.get(at).into_iter().flat_map(BTreeMap::keys) {
                if !before.contains_key(next) {
                    before.insert(next, at);
                    waiting.push_back(next);
                }
            }
        }
        if !before.contains_key(start) {
            continue;
        }
        let mut circle = vec![start];
        let mut at = before[start];
        while at != start {
            circle.push(at);
            at = before[at];
        }
        circle[1..].reverse();
        let mut said: Vec<String> =
            circle.iter().zip(circle.iter().cycle().skip(1)).map(|(from, to)| uses[*from][*to].clone()).collect();
        said.push(said[0].split(':').next().unwrap_or_default().to_owned());
        let whole = circle.iter().copied().cloned().collect();
        found.entry(circle.into_iter().collect()).or_insert((whole, said.join(" → ")));
    }
    found.into_values().collect()
}
