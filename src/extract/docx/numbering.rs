//! The numbers that Word puts before paragraphs by itself: “1.”, “(a)”, “Article II”.
//!
//! Promises the number that a reader sees, in the kinds of numbers that the six languages use; other kinds come as plain
//! figures, bullets not at all. A list whose definition is lost has no numbers.

use std::collections::{HashMap, HashSet};

use quick_xml::events::BytesStart;

use super::{
    super::xml::{Node, Nodes, attribute},
    figures,
};

/// Levels of a list.
const LEVELS: usize = 9;
/// Styles that build on styles, and lists that stand for lists.
const LONGEST_CHAIN: usize = 32;

/// The lists of a document, as its numbering and style parts define them.
#[derive(Default)]
pub(super) struct Numbering {
    plans: HashMap<String, Plan>,
    lists: HashMap<String, List>,
    styles: HashMap<String, Style>,
}

/// What lists have in common: an abstract numbering definition.
#[derive(Default)]
struct Plan {
    levels: [Option<Level>; LEVELS],
    /// The style whose list is meant instead.
    stands_for: Option<String>,
}

/// A list: its plan, and where it departs from it.
#[derive(Default)]
struct List {
    plan: String,
    levels: [Option<Level>; LEVELS],
    starts: [Option<u32>; LEVELS],
}

struct Level {
    start: u32,
    kind: String,
    /// The number as it is written, with `%1` to `%9` for the counts of the levels.
    pattern: String,
    /// Begins anew behind a level above this one; 0 never; by default behind any above.
    restart: Option<usize>,
    /// All counts in figures, whatever their own kind.
    in_figures: bool,
    /// Nothing stands between number and text.
    glued: bool,
    /// The paragraph style that brings this level.
    style: Option<String>,
}

impl Default for Level {
    fn default() -> Self {
        Self {
            start: 1,
            kind: "decimal".to_owned(),
            pattern: String::new(),
            restart: None,
            in_figures: false,
            glued: false,
            style: None,
        }
    }
}

/// What a paragraph or a style says of its list.
#[derive(Clone, Debug, Default)]
pub(super) struct Style {
    pub(super) based_on: Option<String>,
    pub(super) list: Option<String>,
    pub(super) level: Option<usize>,
}

impl Numbering {
    /// Reads the two parts as far as they make sense.
    pub(super) fn read(numbering: &str, styles: &str, nesting: usize) -> Self {
        let mut lists = Self::default();
        lists.read_lists(numbering, nesting);
        if !lists.lists.is_empty() && styles.contains("numPr") {
            lists.read_styles(styles, nesting);
        }
        lists
    }

    fn read_lists(&mut self, xml: &str, nesting: usize) {
        let mut nodes = Nodes::new(xml, nesting);
        let mut plan: Option<(String, Plan)> = None;
        let mut list: Option<(String, List)> = None;
        let mut level: Option<(usize, Level)> = None;
        let mut departs = 0;
        while let Ok(Some(node)) = nodes.next() {
            match node {
                Node::Start(element) => match (element.local_name().into_inner(), &mut plan, &mut list) {
                    ("abstractNum", ..) => {
                        plan = attribute(&element, "abstractNumId").map(|id| (id, Plan::default()));
                    }
                    ("num", ..) => list = attribute(&element, "numId").map(|id| (id, List::default())),
                    ("lvl", ..) => level = Some((index(&element, "ilvl").unwrap_or(departs), Level::default())),
                    ("numStyleLink", Some((_, plan)), _) => plan.stands_for = attribute(&element, "val"),
                    ("abstractNumId", _, Some((_, list))) => list.plan = attribute(&element, "val").unwrap_or_default(),
                    ("lvlOverride", ..) => departs = index(&element, "ilvl").unwrap_or(0),
                    ("startOverride", _, Some((_, list))) => {
                        if let Some(start) = list.starts.get_mut(departs) {
                            *start = attribute(&element, "val").and_then(|n| n.parse().ok());
                        }
                    }
                    (name, ..) => {
                        if let Some((_, level)) = &mut level {
                            level.read(name, &element);
                        }
                    }
                },
                Node::End(end) => match end.local_name().into_inner() {
                    "lvl" => {
                        let levels = match (&mut plan, &mut list) {
                            (_, Some((_, list))) => &mut list.levels,
                            (Some((_, plan)), _) => &mut plan.levels,
                            _ => continue,
                        };
                        if let Some((i, level)) = level.take()
                            && let Some(slot) = levels.get_mut(i)
                        {
                            *slot = Some(level);
                        }
                    }
                    "abstractNum" => self.plans.extend(plan.take()),
                    "num" => self.lists.extend(list.take()),
                    _ => {}
                },
                Node::Text(_) => {}
            }
        }
    }

    fn read_styles(&mut self, xml: &str, nesting: usize) {
        let mut nodes = Nodes::new(xml, nesting);
        let mut style: Option<(String, Style)> = None;
        while let Ok(Some(node)) = nodes.next() {
            match node {
                Node::Start(element) => match (element.local_name().into_inner(), &mut style) {
                    ("style", _) => style = attribute(&element, "styleId").map(|id| (id, Style::default())),
                    ("basedOn", Some((_, style))) => style.based_on = attribute(&element, "val"),
                    ("numId", Some((_, style))) => style.list = attribute(&element, "val"),
                    ("ilvl", Some((_, style))) => style.level = index(&element, "val"),
                    _ => {}
                },
                Node::End(end) if end.local_name().into_inner() == "style" => self.styles.extend(style.take()),
                _ => {}
            }
        }
    }

    /// List and level of a style, where it or one that it builds on has them.
    fn of_style(&self, name: &str) -> Style {
        let (mut found, mut name) = (Style::default(), Some(name));
        for _ in 0..LONGEST_CHAIN {
            let Some(style) = name.and_then(|name| self.styles.get(name)) else { break };
            found.list = found.list.or_else(|| style.list.clone());
            found.level = found.level.or(style.level);
            name = style.based_on.as_deref();
        }
        found
    }

    /// The plan of a list, links to the lists of styles followed.
    fn plan(&self, list: &List) -> Option<(&str, &Plan)> {
        let mut list = list;
        for _ in 0..LONGEST_CHAIN {
            let (name, plan) = self.plans.get_key_value(&list.plan)?;
            let Some(style) = &plan.stands_for else { return Some((name, plan)) };
            list = self.lists.get(self.of_style(style).list.as_deref()?)?;
        }
        None
    }
}

impl Level {
    fn read(&mut self, name: &str, element: &BytesStart<'_>) {
        let value = || attribute(element, "val");
        match name {
            "start" => self.start = value().and_then(|n| n.parse().ok()).unwrap_or(1),
            "numFmt" => self.kind = value().unwrap_or_default(),
            "lvlText" => self.pattern = value().unwrap_or_default(),
            "lvlRestart" => self.restart = value().and_then(|n| n.parse().ok()),
            "isLgl" => self.in_figures = is_on(element),
            "suff" => self.glued = value().as_deref() == Some("nothing"),
            "pStyle" => self.style = value(),
            _ => {}
        }
    }
}

/// Whether a switch such as `w:vanish` is on, as it is without a value.
pub(super) fn is_on(element: &BytesStart<'_>) -> bool {
    !attribute(element, "val").is_some_and(|value| matches!(value.as_str(), "0" | "false" | "off"))
}

/// A level's number, if it is one.
pub(super) fn index(element: &BytesStart<'_>, name: &str) -> Option<usize> {
    attribute(element, name).and_then(|n| n.parse().ok()).filter(|n| *n < LEVELS)
}

/// Where the lists of a document stand.
pub(super) struct Counts<'n> {
    numbering: &'n Numbering,
    /// By plan, since the lists of one plan go on where another left it.
    reached: HashMap<&'n str, [Option<u32>; LEVELS]>,
    begun: HashSet<&'n str>,
}

impl<'n> Counts<'n> {
    pub(super) fn new(numbering: &'n Numbering) -> Self {
        Self { numbering, reached: HashMap::new(), begun: HashSet::new() }
    }

    /// Counts a paragraph of this style, list and level, and yields its number, with the space behind it.
    pub(super) fn next(&mut self, style: Option<&str>, own: &Style) -> Option<String> {
        let numbering = self.numbering;
        if numbering.lists.is_empty() {
            return None;
        }
        let styled = style.map(|name| numbering.of_style(name)).unwrap_or_default();
        let (id, list) = numbering.lists.get_key_value(own.list.as_ref().or(styled.list.as_ref())?)?;
        let (plan_name, plan) = numbering.plan(list)?;
        let of_style = || plan.levels.iter().position(|l| l.as_ref().is_some_and(|l| l.style.as_deref() == style));
        let brought = if own.list.is_none() && style.is_some() { of_style() } else { None };
        let at = own.level.or(brought).or(styled.level).unwrap_or(0);
        let level = |i: usize| list.levels.get(i)?.as_ref().or(plan.levels.get(i)?.as_ref());
        let start = |i: usize| list.starts[i].or(level(i).map(|l| l.start)).unwrap_or(1);
        let counts = self.reached.entry(plan_name).or_default();
        if self.begun.insert(id) {
            for (count, start) in counts.iter_mut().zip(&list.starts) {
                *count = count.filter(|_| start.is_none());
            }
        }
        counts[at] = Some(counts[at].map_or_else(|| start(at), |n| n.saturating_add(1)));
        for (below, count) in counts.iter_mut().enumerate().skip(at + 1) {
            if level(below).and_then(|l| l.restart).is_none_or(|restart| at < restart) {
                *count = None;
            }
        }
        let this = level(at).filter(|l| l.kind != "bullet")?;
        let mut number = String::new();
        let mut rest = this.pattern.chars().peekable();
        while let Some(c) = rest.next() {
            let shown = rest.peek().and_then(|c| c.to_digit(10)).filter(|n| c == '%' && *n > 0);
            match shown.and_then(|n| usize::try_from(n - 1).ok()) {
                Some(shown) => {
                    rest.next();
                    let kind = level(shown).map_or("decimal", |l| l.kind.as_str());
                    let kind = if this.in_figures && kind != "decimalZero" { "decimal" } else { kind };
                    number.push_str(&figures::written(counts[shown].unwrap_or_else(|| start(shown)), kind));
                }
                None => number.push(c),
            }
        }
        if number.trim().is_empty() {
            return None;
        }
        if !this.glued {
            number.push(' ');
        }
        Some(number)
    }
}
