"""nights.py TESTS NIGHTS - a history for git fast-import: a note for each night, in which tests vary.

Of seven tests one steps up, one drifts, one flakes, the others have noise or none; seeded.
"""
import random
import sys

tests, nights = map(int, sys.argv[1:3])
random.seed(1)
ENV = "go1.26 linux/amd64 gomaxprocs=2 -gcflags=-l cgo runtime accounting"
out = sys.stdout


def data(text):
    out.write(f"data {len(text.encode())}\n{text}\n")


def value(test, night):
    base = 5000 + test * 137
    noise = random.randint(-200, 200) if test % 7 > 2 else 0
    if test % 7 == 0 and night >= nights // 2:
        base = base * 3 // 2
    if test % 7 == 1:
        base += base * night // (4 * nights)
    if test % 7 == 2 and random.random() < 0.05:
        base *= 2
    return base + noise


def note(night):
    packages = {}
    for t in range(tests):
        packages.setdefault(f"example.com/shop/p{t % 20:02}", []).append(
            f'"TestNumber{t:03}":{{"goroutines":0,"goroutines_peak":{t % 3},"goroutines_created":{t % 5},'
            f'"alloc_space":{value(t, night)},"alloc_objects":{40 + t},"inuse_space":{t * 64},"heap_peak":{9000 + random.randint(0, 9) * 512}}}')
    for p, rows in packages.items():
        collections = random.randint(0, 3)
        pauses = [random.randint(20000, 900000) for _ in range(collections)] + [0]
        rows.append(f'"(package)":{{"goroutines":0,"alloc_space":{40000 + random.randint(0, 900)},'
                    f'"gc_count":{collections},"gc_pause_total":{sum(pauses)},"gc_pause_worst":{max(pauses)},'
                    f'"heap_live":{300000 + random.randint(0, 9000)}}}')
    body = ",".join(f'"{p}":{{{",".join(rows)}}}' for p, rows in sorted(packages.items()))
    return f'{{"version":1,"measured":{{"{ENV}":{{{body}}}}}}}'


BUDGETS = f'''{{"package": "example.com/shop/p00", "environments": [{{"env":
{{"go": "1.26", "platform": "linux/amd64", "gomaxprocs": 2, "gcflags": "-l", "tags": "", "cgo": true, "race": false, "accounting": "runtime"}},
"tests": {{"TestNumber000": {{"alloc_space": 6000}}, "TestNumber020": {{"alloc_space": 9000}}}}}}]}}'''

for n in range(nights):
    if n == nights // 2:  # which one it was of two, bisect has to find
        out.write(f"commit refs/heads/main\ncommitter Ann <ann@example.com> {1760000000 + n * 86400 - 1} +0000\n")
        data("In between")
    out.write(f"commit refs/heads/main\nmark :{n + 1}\ncommitter Ann <ann@example.com> {1760000000 + n * 86400} +0000\n")
    data(f"Night {n} <b>&\u202e")
    if n == 0:
        out.write("M 644 inline budgets/p00.json\n")
        data(BUDGETS)
        out.write("M 644 inline budgets/_policy.json\n")
        data('{"windows": [{"tests": "TestNumber001", "metric": "alloc_space", "over": "20%"}]}')
for n in range(nights):
    out.write(f"blob\nmark :{10000 + n}\n")
    data(note(n))
out.write("commit refs/notes/gobudget\ncommitter Ann <ann@example.com> 1800000000 +0000\n")
data("notes")
for n in range(nights):
    out.write(f"N :{10000 + n} :{n + 1}\n")
