"""flame.py PAGE BIG - drives a flame graph with a base, and one of 50,000 frames that it writes to BIG."""
import json
import sys

from browser import Browser
from checks import accessible, check, data_of, equal, focus_shows, looks, share
import checks

UNFOLD = "document.querySelectorAll('details').forEach(d => { d.open = true; })"
SET = "document.querySelector('.flame').dataset"


def grown(data, kind):
    return sum(data["values"][kind]) - sum(data["bases"][kind])


def names(data, kind):
    """Value and base of each function's stacks, by its name; recursion once."""
    sums, path = {}, []
    for i, (depth, frame) in enumerate(zip(data["depth"], data["frame"])):
        del path[depth:]
        path.append(data["strings"][data["frames"][frame * 3]])
        for name in set(path):
            was = sums.get(name, (0, 0))
            sums[name] = (was[0] + data["values"][kind][i], was[1] + data["bases"][kind][i])
    return sums


def keyboard(page):
    page.eval("document.querySelector('.flame-picture').focus()")
    equal("the whole is current at first", page.eval(SET + ".current"), "all")
    page.press("ArrowDown", "ArrowDown")
    inner = page.eval(SET + ".current")
    check("arrow keys go down", inner != "all", inner)
    equal("the current frame is told to screen readers", page.eval(
        "document.getElementById(document.querySelector('[role=tree]').getAttribute('aria-activedescendant')).textContent.split(',')[0]"), inner)
    page.press("Enter")
    equal("Enter zooms", page.eval(SET + ".zoom"), inner)
    page.press("ArrowUp")
    outer = page.eval(SET + ".current")
    check("up goes to the caller", outer != inner, outer)
    page.press("Escape")
    equal("Escape shows all", page.eval(SET + ".zoom"), "all")
    page.press("Home", "/")
    equal("/ goes to the search", page.eval("document.activeElement.type"), "search")


def search(page, data):
    for word in ("grow", "json", "no such function"):
        page.eval("(e => { e.value = ''; e.focus(); })(document.querySelector('input[type=search]'))")
        page.type(word)
        equal(f"search for {word} tells the share", page.eval(SET + ".matched"),
              share(data, page.eval("document.querySelector('.flame').gbFlame.type"), word))
        equal(f"search for {word} is told in words", page.eval(
            "document.querySelector('.flame-status').textContent.includes(document.querySelector('.flame').dataset.matched)"), True)
    page.eval("(e => { e.value = ''; e.dispatchEvent(new Event('input')); })(document.querySelector('input[type=search]'))")


def pointer(page):
    box = page.eval("(r => [r.x, r.y, r.width])(document.querySelector('canvas').getBoundingClientRect())")
    page.move(box[0] + 40, box[1] + 21 * 2 + 8)
    tip = page.eval("document.querySelector('.flame-tip').hidden ? '' : document.querySelector('.flame-tip').firstChild.textContent")
    check("a tooltip names the frame", tip != "", tip)
    page.click(box[0] + 40, box[1] + 21 * 2 + 8)
    equal("a click zooms to it", page.eval(SET + ".zoom"), tip)
    page.click(box[0] + 40, box[1] + 8)
    equal("a click on the whole shows all", page.eval(SET + ".zoom"), "all")
    page.click_on(".flame-bar button")
    equal("nothing to reset", page.eval("document.querySelector('.flame-bar button').disabled"), True)


def difference(page, data):
    kind = page.eval("document.querySelector('.flame').gbFlame.type")
    more = grown(data, kind)
    told = page.eval("document.querySelector('.flame-details').textContent")
    check("the difference is told in words", ("grew by" if more > 0 else "shrank by") in told, told)
    page.eval("document.querySelector('.flame-bar input[type=checkbox]').click()")
    page.settle()
    told = page.eval("document.querySelector('.flame-details').textContent")
    check("and can be switched off", "grew" not in told and "shrank" not in told, told)
    equal("with its legend", page.eval("document.querySelector('.flame-legend').checkVisibility()"), False)
    page.eval("document.querySelector('.flame-bar input[type=checkbox]').click()")
    page.settle()


def lines(page, data):
    """Lines apart: as many frames as there are different lines, and nothing is lost."""
    kind = page.eval("document.querySelector('.flame').gbFlame.type")
    total = page.eval("document.querySelector('.flame').gbFlame.tree.total[0]")
    equal("the whole is the sum of the values", total, sum(data["values"][kind]))
    together = page.eval("document.querySelector('.flame').gbFlame.tree.n")
    box = "[...document.querySelectorAll('.flame-bar label')].find(l => l.textContent.includes('Lines apart')).querySelector('input')"
    page.eval(box + ".click()")
    page.settle()
    equal("lines apart: every node of the file", page.eval("document.querySelector('.flame').gbFlame.tree.n"), len(data["depth"]) + 1)
    check("which are more than its functions", together < len(data["depth"]) + 1, together)
    equal("and the same sum", page.eval("document.querySelector('.flame').gbFlame.tree.total[0]"), total)
    page.eval(box + ".click()")
    page.settle()


def types(page, data):
    for i, (name, unit) in enumerate(data["types"]):
        page.eval(f"(e => {{ e.value = '{i}'; e.dispatchEvent(new Event('change')); }})(document.querySelector('select'))")
        page.settle()
        total = sum(data["values"][i])
        if unit == "count":
            told = page.eval("document.querySelector('.flame-details .amount').textContent")
            check(f"{name} has its total", told.startswith(f"{total:,} ("), told)
    page.eval(f"(e => {{ e.value = '{data['shown']}'; e.dispatchEvent(new Event('change')); }})(document.querySelector('select'))")
    page.settle()


def table(page, data):
    page.eval("document.querySelector('.flame-table').open = true")
    page.settle()
    rows = page.eval("[...document.querySelectorAll('.flame-table tbody tr')].map(r => [r.querySelector('button').textContent, r.cells[2].textContent])")
    sums = names(data, page.eval("document.querySelector('.flame').gbFlame.type"))
    wrong = [(name, told) for name, told in rows
             if (sums[name][0] > sums[name][1]) != told.startswith("+") or (sums[name][0] < sums[name][1]) != told.startswith("-")]
    check("the table has the functions", len(rows) == min(200, len(sums)), (len(rows), len(sums)))
    equal("and what became of each", wrong, [])
    page.click_on(".flame-table thead th:nth-child(2) button")
    equal("it can be sorted", page.eval("document.querySelector('.flame-table th:nth-child(2)').ariaSort"), "descending")
    page.click_on(".flame-table tbody button")
    equal("a row searches for its function", page.eval("document.querySelector('input[type=search]').value"),
          page.eval("document.querySelector('.flame-table tbody button').textContent"))


def big(path, out):
    """The same page with a tree of 50,000 frames in it."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    depth, frame = [], []
    while len(depth) < 50000:
        for level in range(25):
            depth.append(level)
            frame.append(1 + (len(depth) * 7919 if level else 0) % 200)
    data = {"types": [["cpu", "nanoseconds"]], "shown": 0, "smaller": 3, "base": None,
            "strings": ["(smaller)"] + [f"example.com/big.F{i}" for i in range(200)],
            "frames": [0, -1, 0] + [n for i in range(200) for n in (i + 1, -1, i)],
            "depth": depth, "frame": frame,
            "values": [[1 + i * i % 1009 if d == 24 else 0 for i, d in enumerate(depth)]]}
    start = text.index(">", text.index('id="flame-data"')) + 1
    with open(out, "w", encoding="utf-8") as file:
        file.write(text[:start] + json.dumps(data) + text[text.index("</script>", start):])


def main():
    path, large = sys.argv[1:]
    data = data_of(path, "flame-data")
    with Browser() as browser:
        looks(browser, path, "flame graph", UNFOLD)
        page = browser.open(path, width=1280)
        page.settle()
        focus_shows(page, "flame graph", 6)
        keyboard(page)
        search(page, data)
        pointer(page)
        difference(page, data)
        lines(page, data)
        types(page, data)
        table(page, data)
        accessible(page, "flame graph")
        equal("nothing went wrong on the way", page.problems, [])
        big(path, large)
        page = browser.open(large, width=1280)
        page.settle()
        drawn = page.eval("Number(" + SET + ".drawn)")
        check("of 50,000 frames those that can be seen are drawn", 100 < drawn < 50000, drawn)
        check("what was summed up is said", "3 frames too small" in page.eval("document.querySelector('.flame-status').textContent"))
        equal("and nothing went wrong", page.problems, [])
    sys.exit(checks.failures > 0)


main()
