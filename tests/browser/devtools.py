"""A headless Chromium, driven by its DevTools protocol: one tab, its pages, its keys, what it prints."""

import base64
import contextlib
import json
import os
import shutil
import subprocess
import tempfile
import time

import websocket

# How long a page may take to be there.
LOADED = 20


class Chromium:
    """The browser, with a profile of its own that goes with it."""

    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="docket-browser-")
        options = ["--headless=new", "--remote-debugging-port=0", f"--user-data-dir={self.profile}", "--no-first-run",
                   "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--hide-scrollbars",
                   "--font-render-hinting=none", "--remote-allow-origins=*", "about:blank"]
        # Its sandbox refuses root, which CI is.
        options += ["--no-sandbox"] if os.geteuid() == 0 else []
        self.process = subprocess.Popen(["chromium", *options], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                        stderr=subprocess.DEVNULL)
        told = os.path.join(self.profile, "DevToolsActivePort")
        until = time.time() + 30
        while not (os.path.exists(told) and len(open(told).read().split()) == 2):
            if time.time() > until or self.process.poll() is not None:
                raise RuntimeError("Chromium does not start")
            time.sleep(0.05)
        port, path = open(told).read().split()
        self.line = websocket.create_connection(f"ws://127.0.0.1:{port}{path}", timeout=LOADED, suppress_origin=True)
        self.count = 0

    def ask(self, method, session=None, **parameters):
        self.count += 1
        asked = {"id": self.count, "method": method, "params": parameters}
        self.line.send(json.dumps(asked | ({"sessionId": session} if session else {})))
        while True:
            answer = json.loads(self.line.recv())
            if answer.get("id") == self.count:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def tab(self):
        """A tab that shares no cookie with another: somebody else's browser."""
        context = self.ask("Target.createBrowserContext")["browserContextId"]
        target = self.ask("Target.createTarget", url="about:blank", browserContextId=context)["targetId"]
        session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        return Tab(self, session)

    def close(self):
        with contextlib.suppress(Exception):
            self.ask("Browser.close")
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(10)
        self.process.kill()
        self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)


class Tab:
    def __init__(self, browser, session):
        self.browser, self.session = browser, session
        self.ask("Page.enable")
        self.look()

    def ask(self, method, **parameters):
        return self.browser.ask(method, session=self.session, **parameters)

    def look(self, width=1280, height=720, theme="light", **features):
        """Sets the window and what the reader wishes of pages: forced_colors, prefers_reduced_motion."""
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        wishes = {"prefers-color-scheme": theme, "forced-colors": "none", "prefers-reduced-motion": "no-preference"}
        wishes |= {name.replace("_", "-"): value for name, value in features.items()}
        self.ask("Emulation.setEmulatedMedia", features=[{"name": n, "value": v} for n, v in wishes.items()])

    def font(self, size):
        """Sets the size of the root's letters, as a reader does in the settings."""
        self.ask("Page.setFontSizes", fontSizes={"standard": size, "fixed": size * 13 // 16})

    def run(self, script):
        """What a script says about the page: it looks, and acts only by what a reader has."""
        said = self.ask("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in said:
            raise RuntimeError(said["exceptionDetails"].get("exception", {}).get("description", "a script failed"))
        return said["result"].get("value")

    def open(self, address):
        self.went()
        failed = self.ask("Page.navigate", url=address).get("errorText")
        if failed:
            raise RuntimeError(f"{address}: {failed}")
        self.arrive()

    def went(self):
        """Marks the page that is shown, so that the next one is known from it."""
        self.run("window.shownBefore = true")

    def arrive(self):
        """Waits until the next page is there."""
        until = time.time() + LOADED
        while time.time() < until:
            with contextlib.suppress(RuntimeError):
                if self.run("!window.shownBefore && document.readyState == 'complete' && location.href != 'about:blank'"):
                    return
            time.sleep(0.01)
        raise RuntimeError(f"no page came: {self.run('location.href')}")

    def press(self, key, shift=False):
        """A key, as a person presses it."""
        codes = {"Tab": 9, "Enter": 13, " ": 32}
        text = {"Enter": "\r", " ": " "}.get(key, "" if key in codes else key)
        more = {"key": key, "code": {" ": "Space"}.get(key, key), "windowsVirtualKeyCode": codes.get(key, 0),
                "modifiers": 8 if shift else 0}
        self.ask("Input.dispatchKeyEvent", type="keyDown", text=text, **more)
        self.ask("Input.dispatchKeyEvent", type="keyUp", **more)

    def type(self, text):
        self.ask("Input.insertText", text=text)

    def enter(self):
        """Presses Enter where the focus is, and waits for the page that comes of it."""
        self.went()
        self.press("Enter")
        self.arrive()

    def picture(self, path):
        picture = self.ask("Page.captureScreenshot", format="webp", quality=70)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(picture))

    def printed(self, path):
        """Prints the page on A4, as the browser's own settings have it."""
        pdf = self.ask("Page.printToPDF", paperWidth=8.27, paperHeight=11.69, preferCSSPageSize=True,
                       printBackground=False)["data"]
        with open(path, "wb") as file:
            file.write(base64.b64decode(pdf))
