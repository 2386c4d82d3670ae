"""page.py SMALL BIG - drives the page of trends: what it shows, what it does, how fast it opens."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), os.pardir, "html"))

from browser import Browser  # noqa: E402
from checks import accessible, check, equal, focus_shows, looks  # noqa: E402
import checks  # noqa: E402

SHOWN = "[...document.querySelectorAll('.series')].filter(s => !s.hidden)"
FIELD = "document.querySelectorAll('.filters select')[%d]"
UNFOLD = "[...document.querySelectorAll('details')].slice(0, 12).forEach(d => { d.open = true; })"
CHART = "document.querySelector('.series .chart')"


def choose(page, field, value):
    page.eval(f"(e => {{ e.value = {value!r}; e.dispatchEvent(new Event('change')); }})({FIELD % field})")


def charts(page):
    equal("what moved most is open", page.eval("document.querySelectorAll('.series[open] .chart').length"), 3)
    check("the worst comes first", page.eval("document.querySelector('.series .tag.fail').textContent") == "over 6,000 B")
    check("a line of all nights", page.eval(f"{CHART}.querySelector('.value').getAttribute('d').split('L').length") == 90)
    check("its budget", page.eval(f"{CHART}.querySelector('.budget').getAttribute('d').includes('H')"))
    equal("its step has a flag", page.eval(f"{CHART}.querySelectorAll('.flag').length"), 1)
    equal("and leads to the commit", page.eval("document.querySelector('.series .changes a').href").rsplit("/", 1)[0],
          "https://github.com/me/shop/commit")
    equal("it names both its commits", page.eval("document.querySelectorAll('.series .changes li')[0].querySelectorAll('a').length"), 2)
    equal("bisect is offered", page.eval("document.querySelector('.series .changes li > code').textContent").startswith(
        "gobudget bisect TestNumber000 example.com/shop/p00 "), True)


def window(page):
    series = "[...document.querySelectorAll('.series')].find(s => s.querySelector('strong').textContent === 'TestNumber001' && s.querySelector('.metric').textContent === 'alloc_space')"
    page.eval(f"{series}.open = true")
    page.settle()
    line = page.eval(f"{series}.querySelector('.window').getAttribute('d')")
    check("what nights allow is a line that moves", line.count("H") == 86 and len(set(line.split("V")[1:])) > 20, line)
    check("named below it", "what the nights before allow" in page.eval(f"{series}.querySelector('.legend').textContent"))
    check("and where one points", ", window " in page.eval(f"{series}.querySelector('.readout').textContent"))
    page.eval(f"{series}.querySelector('.fold').open = true")
    page.settle()
    equal("a column of the table", page.eval(f"[...{series}.querySelectorAll('th[scope=col]')].map(h => h.textContent)"),
          ["Night", "Commit", "Measured", "Budget", "Window"])
    equal("no line where there is no window", page.eval(f"{CHART}.querySelector('.window').getAttribute('d')"), "")
    page.eval(f"{series}.open = false")


def keyboard(page):
    page.eval(CHART + ".focus()")
    text = CHART + ".getAttribute('aria-valuetext')"
    check("a chart says its newest night", page.eval(text).startswith("2026-01-06: 7,500 B of 6,000 B, Night 89"), page.eval(text))
    page.press("Home")
    check("Home is the first", page.eval(text).startswith("2025-10-09: 5,000 B of 6,000 B, Night 0"), page.eval(text))
    page.press("ArrowRight")
    check("an arrow is the next", "Night 1" in page.eval(text), page.eval(text))
    for _ in range(4):
        page.press("PageUp")
    for _ in range(4):
        page.press("ArrowRight")
    check("the step says so", "a step" in page.eval(text), page.eval(text))
    equal("so does what is read", page.eval("document.querySelector('.readout').textContent").startswith("2025-11-23: 7,500 B of 6,000 B, a step"), True)


def hover(page):
    box = page.eval(f"(b => [b.left, b.top, b.width, b.height])({CHART}.getBoundingClientRect())")
    page.move(box[0] + box[2] - 13, box[1] + box[3] / 2)
    check("hovering tells the night", "Night 89" in page.eval("document.querySelector('.readout').textContent"))


def twin(page):
    page.eval("document.querySelector('.series .fold').open = true")
    page.settle()
    rows = "[...document.querySelectorAll('.series .fold tbody tr')].map(r => [...r.cells].map(c => c.textContent))"
    table = page.eval(rows)
    equal("the table has all nights", len(table), 90)
    equal("the newest first", [table[0][0], table[0][2], table[0][3]], ["2026-01-06", "7,500 B", "6,000 B"])
    equal("the oldest last", [table[89][0], table[89][2]], ["2025-10-09", "5,000 B"])


def filters(page):
    count = page.eval(SHOWN + ".length")
    choose(page, 0, "example.com/shop/p03")
    check("a filter by package", 0 < page.eval(SHOWN + ".length") < count and page.eval(
        SHOWN + ".every(s => s.querySelector('.of').textContent === 'example.com/shop/p03')"))
    choose(page, 0, "")
    choose(page, 2, "over")
    equal("what is over its budget", page.eval(SHOWN + ".map(s => s.querySelector('strong').textContent)"), ["TestNumber000"])
    choose(page, 2, "")
    page.eval("document.querySelector('.filters input').focus()")
    page.type("number007")
    equal("search finds a test", page.eval(SHOWN + ".length"), 7)
    equal("and tells how many", page.eval("document.querySelector('.filters output').textContent"), f"7 of {count} shown")
    page.eval("(e => { e.value = ''; e.dispatchEvent(new Event('input')); })(document.querySelector('.filters input'))")
    choose(page, 3, "now")
    now = page.eval("[...document.querySelectorAll('.series')].map(s => Number(s.dataset.now))")
    equal("sorted by what is now", now, sorted(now, reverse=True))
    choose(page, 3, "")
    equal("all as before", page.eval(SHOWN + ".length"), count)


def packages(page):
    """What is the package's own: its collector, in units of its own, behind what is a test's."""
    choose(page, 1, "gc_pause_worst")
    equal("pauses of each package", page.eval(SHOWN + ".length"), 20)
    texts = page.eval(SHOWN + ".map(s => s.querySelector('.now').textContent)")
    check("in a unit of time", all(t == "0 ns" or t.endswith((" us", " ms")) for t in texts), texts)
    page.eval(f"{SHOWN}[0].open = true")
    page.settle()
    chart = SHOWN + "[0].querySelector('.chart')"
    value = page.eval(chart + ".getAttribute('aria-valuetext')").split(": ", 1)[1].split(",")[0]
    equal("the chart agrees", value, texts[0])
    page.eval(f"{SHOWN}[0].open = false")
    choose(page, 1, "heap_live")
    check("what is live in bytes", page.eval(SHOWN + "[0].querySelector('.now').textContent").endswith(" KiB"))
    choose(page, 1, "")
    order = page.eval("[...document.querySelectorAll('.series .metric')].map(m => /^(gc_|heap_live)/.test(m.textContent))")
    equal("the collector comes last", order, sorted(order))


def main():
    small, big = sys.argv[1:]
    with Browser() as browser:
        looks(browser, small, "trends", UNFOLD)
        page = browser.open(small, width=1280)
        page.settle()
        focus_shows(page, "trends", 8)
        charts(page)
        keyboard(page)
        hover(page)
        twin(page)
        filters(page)
        packages(page)
        roles = [n["role"]["value"] for n in accessible(page, "trends")]
        for role in ("banner", "search", "contentinfo"):
            equal("one " + role, roles.count(role), 1)
        equal("each open chart is a slider", roles.count("slider"), 3)
        equal("nothing went wrong on the way", page.problems, [])
        window(page)
        equal("a hostile subject is text", page.eval("document.querySelector('.readout b') === null"), True)
        page = browser.open(big, width=1280)
        page.settle()
        equal("500 tests, 365 nights", page.eval("[document.querySelectorAll('.series').length, document.querySelectorAll('.series[open] .chart').length]"), [3620, 3])
        print("# opened in", round(page.eval("performance.getEntriesByType('navigation')[0].loadEventEnd")), "ms")
        equal("nor in the big one", page.problems, [])
    sys.exit(checks.failures > 0)


main()
