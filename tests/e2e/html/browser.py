"""browser - a headless Chromium, driven over a pipe by its DevTools protocol.

    with Browser() as b:
        page = b.open(path, width=400, height=800, dark=True)
        page.eval("document.title")
        page.press("Enter")
        page.problems         # what the console, the log and the network complained about

Nothing but Python's own library.  Names of keys are those of KeyboardEvent.key.
"""
import base64
import json
import os
import shutil
import signal
import subprocess
import tempfile

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --remote-debugging-pipe --no-first-run "
    "--disable-extensions --disable-background-networking --disable-component-update "
    "--disable-dev-shm-usage --disable-sync --no-default-browser-check --hide-scrollbars "
    "--force-color-profile=srgb --mute-audio"
).split()
DEADLINE = 120  # seconds for any answer: a browser that hangs is a failure, not a wait

CODES = {"Enter": 13, "Escape": 27, "Tab": 9, " ": 32, "Home": 36, "End": 35,
         "ArrowLeft": 37, "ArrowUp": 38, "ArrowRight": 39, "ArrowDown": 40}


def find():
    """The browser's path, or None."""
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    return None


def stop(number, _):
    """A deadline or a signal: an exception, so that the browser goes, too."""
    raise RuntimeError("stopped by " + signal.Signals(number).name)


class Browser:
    def __enter__(self):
        signal.signal(signal.SIGALRM, stop)
        signal.signal(signal.SIGTERM, stop)
        self.home = tempfile.mkdtemp(prefix="browser-")
        ours_in, theirs_out = os.pipe()
        theirs_in, ours_out = os.pipe()

        def pipes():
            # The protocol is spoken on 3 and 4, whatever numbers these have now.
            a, b = os.dup(theirs_in), os.dup(theirs_out)
            os.dup2(a, 3)
            os.dup2(b, 4)

        env = dict(os.environ, HOME=self.home, XDG_RUNTIME_DIR=self.home)
        self.process = subprocess.Popen(
            [find(), *FLAGS, "--user-data-dir=" + self.home], preexec_fn=pipes, close_fds=False,
            env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True)
        os.close(theirs_in)
        os.close(theirs_out)
        self.to, self.back = os.fdopen(ours_out, "wb", 0), os.fdopen(ours_in, "rb", 0)
        self.rest, self.number, self.pages = b"", 0, {}
        return self

    def __exit__(self, *_):
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.to.close()
        self.back.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def call(self, method, session=None, **params):
        """Sends one command, returns its result; events on the way go to their page."""
        self.number += 1
        message = {"id": self.number, "method": method, "params": params}
        if session:
            message["sessionId"] = session
        self.to.write(json.dumps(message).encode() + b"\0")
        wanted = self.number
        while True:
            answer = self.read()
            if answer.get("id") == wanted:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            page = self.pages.get(answer.get("sessionId"))
            if page:
                page.event(answer["method"], answer["params"])

    def read(self):
        signal.alarm(DEADLINE)
        while b"\0" not in self.rest:
            more = self.back.read(1 << 20)
            if not more:
                raise RuntimeError("the browser went away")
            self.rest += more
        signal.alarm(0)
        message, self.rest = self.rest.split(b"\0", 1)
        return json.loads(message)

    def open(self, path, **look):
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        page = self.pages[session] = Page(self, session)
        page.begin(path, **look)
        return page


class Page:
    def __init__(self, browser, session):
        self.browser, self.session = browser, session
        self.problems, self.loaded = [], False

    def call(self, method, **params):
        return self.browser.call(method, self.session, **params)

    def event(self, method, params):
        if method == "Page.loadEventFired":
            self.loaded = True
        elif method == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.problems.append(details.get("exception", {}).get("description", details["text"]))
        elif method == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning", "assert"):
            self.problems.append("console: " + str([a.get("value") for a in params["args"]]))
        elif method == "Log.entryAdded" and params["entry"]["level"] in ("error", "warning"):
            self.problems.append(params["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            url = params["request"]["url"]
            if not url.startswith(("file:", "data:", "about:")):
                self.problems.append("asked the network for " + url)

    def begin(self, path, width=1280, height=900, dark=False, touch=False):
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        self.look(width, height, dark, touch)
        self.call("Page.navigate", url="file://" + os.path.abspath(path))
        while not self.loaded:
            self.browser.pages[self.session] = self
            answer = self.browser.read()
            if answer.get("sessionId") == self.session and "method" in answer:
                self.event(answer["method"], answer["params"])

    def look(self, width, height, dark=False, touch=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=touch)
        self.call("Emulation.setEmulatedMedia", features=[
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def eval(self, expression):
        """The value of a JavaScript expression (a promise is awaited)."""
        result = self.call("Runtime.evaluate", expression=expression, returnByValue=True,
                           awaitPromise=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise RuntimeError(expression + ": " +
                               details.get("exception", {}).get("description", details["text"]))
        return result["result"].get("value")

    def settle(self):
        """Two frames: observers and layout have run."""
        self.eval("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")

    def press(self, *keys):
        for key in keys:
            code = CODES.get(key, ord(key.upper()) if len(key) == 1 else 0)
            params = {"key": key, "windowsVirtualKeyCode": code}
            if len(key) == 1 or key == "Enter":
                params["text"] = "\r" if key == "Enter" else key
            self.call("Input.dispatchKeyEvent", type="keyDown", **params)
            self.call("Input.dispatchKeyEvent", type="keyUp", key=key, windowsVirtualKeyCode=code)
        self.settle()

    def type(self, text):
        self.call("Input.insertText", text=text)
        self.settle()

    def move(self, x, y):
        self.call("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        self.settle()

    def click(self, x, y):
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
        self.settle()

    def click_on(self, selector):
        box = self.eval("(e => { e.scrollIntoView({block: 'center'}); const r = e.getBoundingClientRect();"
                        f" return [r.x + r.width / 2, r.y + r.height / 2]; }})(document.querySelector({json.dumps(selector)}))")
        self.click(*box)

    def screenshot(self, path, full=False):
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=full,
                         **({"clip": self.whole()} if full else {}))
        with open(path, "wb") as file:
            file.write(base64.b64decode(shot["data"]))

    def whole(self):
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        return {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 8000), "scale": 1}

    def accessibility(self):
        """Nodes of the accessibility tree that are not ignored."""
        self.call("Accessibility.enable")
        nodes = self.call("Accessibility.getFullAXTree")["nodes"]
        return [n for n in nodes if not n.get("ignored")]
