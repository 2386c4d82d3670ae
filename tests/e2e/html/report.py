"""report.py PAGE HOSTILE - drives the report of tests/sample, and one full of hostile names."""
import sys

from browser import Browser
from checks import accessible, check, data_of, equal, focus_shows, looks, share
import checks

UNFOLD = "document.querySelectorAll('details').forEach(d => { d.open = true; })"
SHOWN = "[...document.querySelectorAll('#verdict-table tbody tr')].filter(r => !r.hidden)"


def filters(page):
    count = page.eval(SHOWN + ".length")
    equal("rows within budget are hidden at first", page.eval(SHOWN + ".every(r => r.dataset.state !== 'good')"), True)
    page.eval("document.querySelector('.filters input').focus()")
    page.type("testpool")
    names = page.eval(SHOWN + ".map(r => r.querySelector('th a').textContent)")
    check("search finds a test", names and set(names) == {"TestPool"} and len(names) < count, names)
    equal("search tells how many", page.eval("document.querySelector('.filters output').textContent.startsWith(" +
                                             f"'{len(names)} of ')"), True)
    page.eval("(e => { e.value = ''; e.dispatchEvent(new Event('input')); })(document.querySelector('.filters input'))")
    page.eval("(e => { e.value = 'good'; e.dispatchEvent(new Event('change')); })(document.querySelectorAll('.filters select')[0])")
    check("a filter by state", page.eval(SHOWN + ".length > 0 && " + SHOWN + ".every(r => r.dataset.state === 'good')"))
    page.eval("(e => { e.value = ''; e.dispatchEvent(new Event('change')); })(document.querySelectorAll('.filters select')[0])")
    equal("all rows", page.eval(SHOWN + ".length"), page.eval("document.querySelectorAll('#verdict-table tbody tr').length"))


def sorting(page):
    keys = "[...document.querySelectorAll('#verdict-table tbody td[data-label=Measured][data-key]')].map(c => Number(c.dataset.key))"
    before = page.eval(keys)
    page.click_on("#verdict-table thead th:nth-child(5) button")
    equal("sorted by what was measured", page.eval(keys), sorted(before, reverse=True))
    equal("the heading says so", page.eval("document.querySelector('#verdict-table th:nth-child(5)').ariaSort"), "descending")
    page.click_on("#verdict-table thead th:nth-child(5) button")
    equal("and the other way", page.eval(keys), sorted(before))
    page.eval("(e => { e.value = '-1'; e.dispatchEvent(new Event('change')); })(document.querySelectorAll('.filters select')[1])")
    equal("worst first again", page.eval(keys), before)
    equal("no heading says so", page.eval("document.querySelectorAll('#verdict-table [aria-sort]').length"), 0)


def links(page):
    page.click_on("#verdict-table tbody tr:not([hidden]) th a")
    target = page.eval("location.hash.slice(1)")
    equal("a row leads to its evidence", page.eval(
        f"document.getElementById('{target}').querySelector('h3').textContent"),
        page.eval("document.querySelector('#verdict-table tbody tr:not([hidden]) th a').textContent"))
    check("and it is in view", page.eval(
        f"(b => b.top >= 0 && b.top < innerHeight / 2)(document.getElementById('{target}').getBoundingClientRect())"))


def flame(page, path):
    """TestRender's graph: the bytes are below writePage."""
    page.eval("void (window.test = [...document.querySelectorAll('.test')].find(t => t.querySelector('h3').textContent === 'TestRender'))")
    equal("no graph is drawn before it is looked at", page.eval("test.querySelector('canvas') === null"), True)
    page.eval("test.querySelector('.flame').closest('details').open = true")
    page.settle()
    page.eval("void (window.flame = test.querySelector('.flame'))")
    check("a test's flame graph is drawn", page.eval("Number(flame.dataset.drawn)") > 3)
    page.eval("flame.querySelector('input[type=search]').focus()")
    page.type("writepage")
    data = data_of(path, page.eval("flame.dataset.flame"))
    equal("its search tells the share", page.eval("flame.dataset.matched"), share(data, 0, "writepage"))


def paper(page):
    unfolded = page.eval("document.querySelectorAll('.test details[open]').length")
    page.call("Emulation.setEmulatedMedia", media="print", features=[])
    pdf = page.call("Page.printToPDF", printBackground=True)["data"]
    check("it can be printed", len(pdf) > 20000, len(pdf))
    equal("and is folded as before", page.eval("document.querySelectorAll('.test details[open]').length"), unfolded)
    page.call("Emulation.setEmulatedMedia", media="screen", features=[])


def scriptless(browser, path):
    """Without its script all of it is there."""
    page = browser.open(path)
    rows = page.eval("document.querySelectorAll('#verdict-table tbody tr').length")
    page.call("Emulation.setScriptExecutionDisabled", value=True)
    page.loaded = False
    page.call("Page.reload")
    while not page.loaded:
        answer = browser.read()
        if answer.get("sessionId") == page.session and "method" in answer:
            page.event(answer["method"], answer["params"])
    shown = sum(n["role"]["value"] == "row" for n in page.accessibility())
    check("without its script all verdicts are shown", shown > rows, (shown, rows))


def main():
    path, hostile = sys.argv[1:]
    with Browser() as browser:
        looks(browser, path, "report", UNFOLD)
        page = browser.open(path, width=1280)
        page.settle()
        focus_shows(page, "report", 8)
        filters(page)
        sorting(page)
        links(page)
        flame(page, path)
        paper(page)
        page.eval(UNFOLD)
        page.settle()
        roles = [n["role"]["value"] for n in accessible(page, "report")]
        for role in ("banner", "navigation", "search", "contentinfo"):
            equal("one " + role, roles.count(role), 1)
        equal("nothing went wrong on the way", page.problems, [])
        scriptless(browser, path)
        page = browser.open(hostile, width=400)
        page.eval(UNFOLD)
        page.settle()
        equal("hostile names do nothing", page.eval("[typeof pwned, document.querySelectorAll('main img, main iframe').length]"), ["undefined", 0])
        check("and are shown as they are", "<img_src=x_onerror=pwned=1>" in page.eval("document.body.textContent"))
        equal("they do not overflow", page.eval("document.documentElement.scrollWidth"), 400)
        equal("nor break the page", page.problems, [])
    sys.exit(checks.failures > 0)


main()
