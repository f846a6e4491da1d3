#!/usr/bin/python3
"""The pages in a real browser: see README.md."""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

from devtools import Chromium
from looks import Looks, top_of
from place import Demo, Own

# The pages of the demo, each with its name.
PAGES = {
    "register": "/", "register before the deadline": "/?as-of=2020-09-22&at=12:00", "one status": "/?status=late#every",
    "log": "/log", "log, narrowed": "/log?q=mission&standing=on_time", "log, nothing fits": "/log?q=nowhere",
    "log, a filter that is none": "/log?standing=soon&since=yesterday",
    "to be decided": "/decide", "a case": "/decide/M-000015", "a case that was read": "/decide/M-000011",
    "an entry": "/entry/M-000001", "an entry in Arabic": "/entry/M-000012", "an entry in Chinese": "/entry/M-000014",
    "several versions": "/entry/GCM-ECE-2020-0007", "side by side": "/versions/GCM-ECE-2020-0007",
    "night board": "/tonight", "night board, before": "/tonight?as-of=2020-09-30&at=22:10",
    "state": "/state/MDA", "state with an input": "/state/BEL",
    "letters": "/letters?state=sent", "stop sending": "/stop", "nothing there": "/entry/M-999999",
}
KEYS = ["register", "log", "side by side", "night board", "to be decided", "a case", "an entry", "letters", "stop sending"]
PICTURES = {"register": "/?as-of=2020-09-22&at=16:29", "case": "/decide/M-000015"}
EMPTY = ["/", "/log", "/tonight", "/decide", "/letters", "/stop", "/people", "/me", "/state/MDA"]
PASSWORD = "a horse, a battery and a staple"
# Mail that may be of either of two states.
AMBIGUOUS = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../config/demo/mail/15-moldova-or-romania.eml")


class Failed(Exception):
    pass


def must(holds, said):
    if not holds:
        raise Failed(said)


def of_the_demo(browser, demo, looks, kept):
    tab = browser.tab()
    for name, path in PAGES.items():
        tab.open(demo.address + path)
        looks.all_ways(tab, f"demo, {name}")
    letter = first_link(tab, demo, "/letters?state=sent", "table a[href^='/letters/']")
    tab.open(demo.address + letter)
    looks.all_ways(tab, "demo, a letter")
    for name in KEYS:
        tab.open(demo.address + PAGES[name])
        looks.by_keyboard(tab, f"demo, {name}")
    above_the_fold(tab, demo, looks)
    past_the_map(tab, demo, looks)
    paper(tab, demo, looks, kept)
    for name, path in PICTURES.items():
        tab.look(1280, 800)
        tab.open(demo.address + path)
        tab.picture(os.path.join(kept, f"{name}.webp"))
    sizes(demo.address, looks)


def first_link(tab, served, path, selector):
    tab.open(served.address + path)
    return tab.run(f"document.querySelector({selector!r}).getAttribute('href')")


def above_the_fold(tab, demo, looks):
    """"Who has sent nothing?" and "what must I decide?" are answered on the first screen."""
    for width, height in ((1280, 720), (390, 844)):
        for path in ("/", "/?as-of=2020-09-22&at=12:00"):
            tab.look(width, height)
            tab.open(demo.address + path)
            for what, selector in (("a state that has sent nothing", "[aria-labelledby=h-none] li"),
                                   ("a case to be decided", "[aria-labelledby=h-todo] li")):
                bottom = top_of(tab, selector)
                if bottom is None or bottom > height:
                    looks.note(f"register {path} at {width}×{height}", f"{what} ends at y = {bottom}")
                else:
                    print(f"{what} at {width}×{height}, {path}: ends at y = {bottom:.0f}")
    tab.look()


def past_the_map(tab, demo, looks):
    """Whoever comes to the map by Tab need not go through all of its tiles."""
    tab.open(demo.address)
    tab.run("document.querySelector('main').tabIndex = -1; document.querySelector('main').focus(); 0")
    for _ in range(40):
        tab.press("Tab")
        if tab.run("document.activeElement.closest('.map') != null"):
            return looks.note("register", "Tab comes to the tiles, and met no way past them")
        if "Past the map" in tab.run("document.activeElement.textContent"):
            tab.press("Enter")
            tab.press("Tab")
            if tab.run("document.activeElement.closest('.map') != null"):
                looks.note("register", "“Past the map” does not lead past it")
            return None
    return looks.note("register", "the map has no way past it")


def paper(tab, demo, looks, kept):
    """What is printed fits: no page holds a heading alone, and none is cut at its side."""
    for name, path in (("register", "/"), ("log", "/log"), ("versions", PAGES["side by side"])):
        tab.open(demo.address + path)
        printed = os.path.join(kept, f"{name}.pdf")
        tab.printed(printed)
        pages = subprocess.run(["pdftotext", "-layout", printed, "-"], capture_output=True, text=True, check=True)
        pages = pages.stdout.rstrip("\f\n").split("\f")
        lines = [len([line for line in page.splitlines() if line.strip()]) for page in pages]
        print(f"{name} on paper: {len(pages)} pages of {lines} lines")
        if min(lines[:-1] or lines) < 12:
            looks.note(f"{name} on paper", f"a page holds a heading alone: lines {lines}")
        # Where what is printed is wider than the paper, Chromium makes all of it smaller.
        sizes = subprocess.run(["pdftotext", "-bbox", printed, "-"], capture_output=True, text=True, check=True).stdout
        width = float(re.search(r'<page width="([\d.]+)"', sizes).group(1))
        over = [word for word in re.findall(r'xMax="([\d.]+)"', sizes) if float(word) > width - 20]
        if over:
            looks.note(f"{name} on paper", f"{len(over)} words lie in the margin or beyond")


def sizes(address, looks):
    """What goes over the wire at first, with a browser's Accept-Encoding."""
    total = {}
    for path in ("/", "/style.css"):
        asked = urllib.request.Request(address + path, headers={"Accept-Encoding": "gzip, deflate, br"})
        with urllib.request.urlopen(asked, timeout=20) as answer:
            total[path] = len(answer.read())
    print(f"over the wire: {total}")
    if sum(total.values()) > 30_000:
        looks.note("first page", f"{sum(total.values())} bytes over the wire, more than 30,000")
    if total["/style.css"] > 6_144:
        looks.note("sheet", f"{total['/style.css']} bytes over the wire, more than 6,144")


def focus_on(tab, selector):
    """Goes by Tab until the focus is there."""
    for _ in range(250):
        if tab.run(f"document.activeElement.matches({selector!r})"):
            return
        tab.press("Tab")
    raise Failed(f"Tab does not come to {selector} on {tab.run('location.href')}: {text(tab)[:2000]}")


def fill(tab, fields):
    for selector, value in fields.items():
        focus_on(tab, selector)
        tab.type(value)


def enters(tab, own, name, link):
    """Sets a password by a link, and logs in, by keyboard alone."""
    tab.open(link)
    fill(tab, {"[name=password]": PASSWORD, "[name=again]": PASSWORD})
    tab.enter()
    must(tab.run("location.pathname") == "/login", f"{name}: after the password comes the login")
    fill(tab, {"#name": name, "#password": PASSWORD})
    tab.enter()
    must(tab.run("document.querySelector('.who').textContent").strip() == name, f"{name} is logged in")
    tab.open(link)
    must("no more" in text(tab) or tab.run("document.querySelector('[name=password]') == null"), "a link works once")
    tab.open(own.address)


def text(tab):
    return tab.run("document.querySelector('main').innerText")


def presses(tab, selector):
    focus_on(tab, selector)
    tab.enter()


def journey(browser, own, looks):
    """An administrator comes in by a link, lets officers in, and they decide on a new message."""
    tab = browser.tab()
    tab.open(own.address)
    looks.all_ways(tab, "nobody has an account, register")
    link = own.link("add", "Root", "--role", "administrator")
    tab.open(own.address + "/log")
    must(tab.run("location.pathname") == "/login", "once there are people, the pages ask for a login")
    looks.all_ways(tab, "login")
    tab.open(link)
    looks.all_ways(tab, "welcome")
    enters(tab, own, "Root", link)
    for path in EMPTY:
        tab.open(own.address + path)
        looks.all_ways(tab, f"empty log, {path}")
    tab.open(own.address + "/people")
    looks.by_keyboard(tab, "people")
    tab.open(own.address + "/people")
    fill(tab, {"form:not(.row) [name=name], #name": "Officer A"})
    focus_on(tab, "#role")
    tab.press("o")
    presses(tab, "button[value=add]")
    said = tab.run("document.querySelector('code.any').textContent")
    looks.all_ways(tab, "people, a link is shown")
    first, second = browser.tab(), browser.tab()
    enters(first, own, "Officer A", own.address + said[said.index("/welcome/"):])
    enters(second, own, "Officer B", own.link("add", "Officer B", "--role", "officer"))
    deciding(first, second, own, looks)
    tab.open(own.address + "/people")
    row = "[...document.querySelectorAll('table.people tr')].find(r => r.cells[0].innerText.trim() == 'Officer B')"
    tab.run(f"{row}.querySelector('button[value=end]').focus()")
    tab.enter()
    second.open(own.address + "/log")
    must(second.run("location.pathname") == "/login", "a session that was ended elsewhere is over")
    print("journey: done")


def deciding(first, second, own, looks):
    own.deliver(AMBIGUOUS)
    until = time.time() + 60
    while True:
        first.open(own.address + "/decide")
        if first.run("document.querySelector('.cases a') != null"):
            break
        must(time.time() < until, "a new message waits to be decided: " + text(first))
    presses(first, ".cases a")
    second.open(first.run("location.href"))
    focus_on(second, "#reason")
    second.type("typed with care")
    button = "button[value^='take:state-']"
    sentence = first.run(f"document.querySelector({button!r}).closest('.choice').innerText")
    must("on the roster" in sentence, f"what it comes to stands before the button: {sentence}")
    presses(first, button)
    must("done=1" in first.run("location.search"), "it is decided: " + text(first)[:500])
    looks.all_ways(first, "a case that was decided")
    presses(second, "button[value^='take:state-']:not([value$=none])")
    must("Officer A decided" in text(second), "the second officer is told: " + text(second)[:500])
    must(second.run("document.querySelector('#reason').value") == "typed with care", "and no typed word is lost")
    looks.all_ways(second, "a case that another decided")
    first.open(first.run("location.href.split('?')[0]"))
    focus_on(first, "details:has([value='show:undo']) summary")
    first.press("Enter")
    presses(first, "button[value='show:undo']")
    presses(first, "button[value='take:undo']")
    first.open(own.address + "/decide")
    must(first.run("document.querySelector('.cases a') != null"), "what was taken back waits again")
    presses(first, ".cases a")
    presses(first, "button[value='take:state-MDA']")
    must("Moldova" in text(first) and "done=1" in first.run("location.search"), "it is decided again")
    first.open(own.address + "/letters?state=waiting")
    letters = first.run("document.querySelectorAll('table tbody tr').length")
    must(letters == 1, "one letter waits for the undo window: " + text(first))
    sent = f"{own.address}/letters?state=sent"
    first.open(sent)
    while "acknowledgement" not in text(first):
        must(time.time() < until, "when it is over, the letter leaves: " + text(first))
        first.open(sent)
    first.open(own.address + "/stop")
    focus_on(first, "#reason")
    first.type("an exercise")
    presses(first, "button[value=stop]")
    looks.all_ways(first, "sending is stopped")
    first.open(own.address)
    must("Sending is stopped" in text(first), "every page says that sending is stopped")
    looks.all_ways(first, "register, while sending is stopped")
    first.open(own.address + "/stop")
    presses(first, "button[value=resume]")
    must("Sending is stopped" not in text(first), "sending is resumed")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--bin", required=True, help="the program")
    arguments.add_argument("--keep", help="a folder for the pictures and what was printed")
    arguments = arguments.parse_args()
    program = os.path.abspath(arguments.bin)
    folder = tempfile.mkdtemp(prefix="docket-pages-")
    kept = arguments.keep or os.path.join(folder, "kept")
    os.makedirs(kept, exist_ok=True)
    began, looks, served, browser = time.time(), Looks(), [], Chromium()
    try:
        served += [Demo(program, folder), Own(program, folder)]
        demo, own = served
        for pages, part in ((own, lambda: journey(browser, own, looks)),
                            (demo, lambda: of_the_demo(browser, demo, looks, kept))):
            pages.ready()
            try:
                part()
            except Failed as failed:
                looks.note("it went no further", failed)
    finally:
        browser.close()
        for process in served:
            process.stop()
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{looks.count} looks at pages in {time.time() - began:.0f} s; {len(looks.wrong)} findings")
    print("\n".join(looks.wrong))
    return 1 if looks.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
