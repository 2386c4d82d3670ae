"""checks - what is asked of every page, and how an answer is told to html.sh.

One line for each check on standard output: "ok NAME", or "not ok NAME: WHAT WAS SEEN".
"""
import json

# Text whose contrast with what is behind it is below WCAG's AA, as "1.23 #id.class: text".
CONTRAST = """(() => {
  const parse = c => { const m = c.match(/[\\d.]+/g).map(Number); return [m[0], m[1], m[2], m[3] === undefined ? 1 : m[3]]; };
  const over = (top, under) => [0, 1, 2].map(i => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const light = c => { const [r, g, b] = c.slice(0, 3).map(v => { v /= 255; return v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; }); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const behind = e => { const all = []; for (; e; e = e.parentElement) all.push(parse(getComputedStyle(e).backgroundColor)); return all.reverse().reduce((under, c) => over(c, under), [255, 255, 255, 1]); };
  const bad = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const e = walk.currentNode.parentElement, text = walk.currentNode.data.trim();
    if (!text || !e.checkVisibility({ visibilityProperty: true }) || e.closest('.hidden, script, style, canvas, :disabled'))
      continue;
    const style = getComputedStyle(e), paper = behind(e), ink = over(parse(style.color), paper);
    const a = light(ink), b = light(paper), ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && style.fontWeight >= 700);
    if (ratio < (large ? 3 : 4.5))
      bad.add(ratio.toFixed(2) + ' ' + e.tagName.toLowerCase() + '.' + e.className + ': ' + text.slice(0, 30));
  }
  return [...bad];
})()"""

# What lies outside the window to the right, and is not in a part that scrolls by itself.
OVERFLOW = """[...document.body.querySelectorAll('*')].filter(e => {
  const box = e.getBoundingClientRect();
  return box.width && box.right > innerWidth + 1 && !e.closest('.scroll, .flame-scroll, nav, .hidden, .skip, .cards thead, .flame-tip');
}).map(e => e.tagName + '.' + e.className + ' ' + Math.round(e.getBoundingClientRect().right)).slice(0, 5)"""

# Ids twice, labels and references that lead nowhere, headings that skip a level.
STRUCTURE = """(() => {
  const bad = [], ids = new Map();
  for (const e of document.querySelectorAll('[id]'))
    ids.set(e.id, (ids.get(e.id) || 0) + 1);
  for (const [id, n] of ids)
    if (n > 1)
      bad.push('id ' + id + ' ' + n + ' times');
  for (const name of ['aria-labelledby', 'aria-describedby', 'aria-activedescendant'])
    for (const e of document.querySelectorAll('[' + name + ']'))
      for (const id of e.getAttribute(name).split(/\\s+/))
        if (!ids.has(id))
          bad.push(name + ' ' + id);
  for (const a of document.querySelectorAll('a[href^="#"]'))
    if (!ids.has(a.hash.slice(1)))
      bad.push('link ' + a.hash);
  let level = 0;
  for (const h of document.querySelectorAll('h1, h2, h3, h4')) {
    const n = Number(h.tagName[1]);
    if (n > level + 1)
      bad.push('heading ' + h.textContent + ' skips a level');
    level = n;
  }
  for (const t of document.querySelectorAll('table'))
    if (!t.caption || !t.caption.textContent.trim() || [...t.rows].some(r => !r.querySelector('th')))
      bad.push('a table without caption or headings');
  return bad;
})()"""

NAMED = {"button", "link", "textbox", "searchbox", "combobox", "checkbox", "tree", "treeitem",
         "table", "region", "navigation", "search", "article", "DisclosureTriangle", "heading"}

failures = 0


def check(name, good, seen=""):
    global failures
    if good:
        print("ok " + name)
    else:
        failures += 1
        print(f"not ok {name}: {str(seen)[:600]}")


def equal(name, got, want):
    check(name, got == want, f"got {got!r}, want {want!r}")


def name_of(node):
    """A disclosure is named by the summary in it."""
    return node.get("name", {}).get("value", "").strip()


def accessible(page, what):
    """Every control has a name, one of each landmark, the focus can be seen."""
    nodes = page.accessibility()
    nameless = [n["role"]["value"] for n in nodes
                if n["role"]["value"] in NAMED - {"DisclosureTriangle", "heading"} and not name_of(n)]
    equal(what + ": every control has a name", nameless, [])
    equal(what + ": one main part", sum(n["role"]["value"] == "main" for n in nodes), 1)
    equal(what + ": ids, links, headings, tables", page.eval(STRUCTURE), [])
    return nodes


def focus_shows(page, what, tabs):
    """Tab goes from control to control, and each shows that it has the focus."""
    page.eval("document.activeElement.blur(); window.scrollTo(0, 0)")
    seen = []
    for _ in range(tabs):
        page.press("Tab")
        seen.append(page.eval(
            "(e => [e.tagName + '.' + e.className, getComputedStyle(e).outlineStyle !== 'none' && "
            "parseFloat(getComputedStyle(e).outlineWidth) >= 1])(document.activeElement)"))
    equal(what + ": the focus is visible", [s for s in seen if not s[1]], [])
    check(what + ": Tab reaches the controls", len({s[0] for s in seen}) > 2, seen)


def looks(browser, path, what, unfold):
    """At both widths, light and dark: nothing overflows, all can be read, nobody complains."""
    for width in (400, 1600):
        for dark in (False, True):
            page = browser.open(path, width=width, height=900, dark=dark)
            page.settle()
            page.eval(unfold)
            page.settle()
            where = f"{what}, {width} px, {'dark' if dark else 'light'}"
            equal(where + ": as wide as the window", page.eval("document.documentElement.scrollWidth"), width)
            equal(where + ": nothing overflows", page.eval(OVERFLOW), [])
            equal(where + ": contrast", page.eval(CONTRAST), [])
            equal(where + ": no complaints", page.problems, [])


def data_of(path, ident):
    """The JSON of a flame graph, read from the file and not from the browser."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    start = text.index(">", text.index(f'id="{ident}"')) + 1
    return json.loads(text[start:text.index("</script>", start)])


def share(data, kind, word):
    """What share of a type's values lies in stacks with a frame that has this word in it."""
    whole = found = 0
    path = []
    for depth, frame, value in zip(data["depth"], data["frame"], data["values"][kind]):
        func, file = data["frames"][frame * 3], data["frames"][frame * 3 + 1]
        names = data["strings"][func] + "\n" + (data["strings"][file] if file >= 0 else "")
        del path[depth:]
        path.append(word in names.lower() or bool(path and path[-1]))
        whole += value
        found += value if path[-1] else 0
    return f"{100 * found / whole:.1f}%" if whole else "0.0%"
