"""What must hold for every page, however it is looked at: axe finds nothing, nothing lies beside the screen, and every
control can be reached by Tab and shows that it has the focus."""

import os

HERE = os.path.dirname(os.path.abspath(__file__))
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = """axe.run(document, {runOnly: %s, resultTypes: ['violations'], rules: {'target-size': {enabled: true}}})
    .then(found => found.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html.slice(0, 160)).join(' | ')))"""
# How far the page can be moved sideways, and what sticks out.
SIDEWAYS = """(() => { const over = document.documentElement.scrollWidth - innerWidth; if (over < 1) return null;
    const out = [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1);
    return over + ' px: ' + out.slice(0, 3).map(e => e.outerHTML.slice(0, 120)).join(' | ') })()"""
# What a reader can do something with, but for what its closed list hides.
CONTROLS = """[...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')].filter(e =>
    e.tabIndex >= 0 && !e.disabled && e.checkVisibility({visibilityProperty: true}))"""
FOCUSED = """(() => { const e = document.activeElement; if (!e || e == document.body) return null; const s = getComputedStyle(e);
    const all = window.controls, box = e.getBoundingClientRect();
    return {at: all.indexOf(e), shown: s.outlineStyle != 'none' && parseFloat(s.outlineWidth) >= 2
        && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth, html: e.outerHTML.slice(0, 120)} })()"""
# Each way of looking: width, height, theme, and what else the reader wishes.
WAYS = {
    "light": (1280, 720, "light", {}), "dark": (1280, 720, "dark", {}),
    "phone": (390, 844, "light", {}), "phone, dark": (390, 844, "dark", {}),
    "narrow": (320, 640, "light", {}), "narrow, dark": (320, 640, "dark", {}),
    "forced colours, without motion": (1280, 720, "dark", {"forced_colors": "active", "prefers_reduced_motion": "reduce"}),
}


def axe_source():
    with open(os.path.join(HERE, "node_modules", "axe-core", "axe.min.js")) as file:
        return file.read()


class Looks:
    """Looks at pages in every way, and keeps what is wrong."""

    def __init__(self):
        self.axe, self.wrong, self.count = axe_source(), [], 0

    def note(self, name, said):
        self.wrong.append(f"{name}: {said}")

    def judge(self, tab, name):
        """As it is looked at now."""
        if over := tab.run(SIDEWAYS):
            self.note(name, f"lies beside the screen by {over}")
        for found in tab.run(AXE % RULES):
            self.note(name, found)
        self.count += 1

    def all_ways(self, tab, name):
        """The page that the tab shows, in every way."""
        tab.run(self.axe)
        for way, (width, height, theme, wishes) in WAYS.items():
            tab.look(width, height, theme, **wishes)
            self.judge(tab, f"{name}, {way}")
        tab.look()
        tab.run("document.querySelectorAll('details').forEach(e => { e.removeAttribute('name'); e.open = true })")
        self.judge(tab, f"{name}, all opened")
        tab.look(320, 640)
        self.judge(tab, f"{name}, all opened, narrow")
        for width in (1280, 390):
            tab.look(width)
            tab.font(32)
            if over := tab.run(SIDEWAYS):
                self.note(f"{name}, letters twice as large at {width} px", f"lies beside the screen by {over}")
            tab.font(16)
        tab.look()

    def by_keyboard(self, tab, name):
        """From the top of the page, Tab comes to every control, and each shows that it has the focus."""
        tab.run(f"window.controls = {CONTROLS}; document.activeElement.blur(); scrollTo(0, 0); 0")
        every, seen = tab.run("controls.length"), set()
        # A field for a day or an hour has several stops.
        for _ in range(every + 40):
            tab.press("Tab")
            focus = tab.run(FOCUSED)
            if focus is None:
                break
            seen.add(focus["at"])
            if not focus["shown"]:
                self.note(name, f"the focus is not seen at {focus['html']}")
        for at in range(every):
            if at not in seen:
                self.note(name, "Tab does not come to " + tab.run(f"controls[{at}].outerHTML.slice(0, 120)"))


def top_of(tab, selector):
    """How far down the first one is, with its whole height; none where it is not there."""
    return tab.run(f"(e => e && e.getBoundingClientRect().bottom + scrollY)(document.querySelector({selector!r}))")
