#include "report_fixture.h"

#include "base/mem.h"
#include "go/fingerprint.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

const char fixture_hostile[] = "TestA/\x1b[31mred\x1b]0;title\x07\x1b[2J\r\n"
			       "ok  \tfake\t0.1s\n\xe2\x80\xae"
			       "evil\xe2\x80\x8b]]>\"'&<b>\x01\x7f\xc2\x9b"
			       "31m\xff\xfe\xc3(\xed\xa0\x80|end";

char *fixture_long_name(void)
{
	char *name = gb_malloc(10001);

	assert_non_null(name);
	memset(name, 'x', 10000);
	memcpy(name, "TestLong/", 9);
	memcpy(name + 9996, "tail", 5);
	return name;
}

static struct gb_package *package(struct fixture *f, const char *path, int64_t wall_ms)
{
	struct gb_package *p;

	assert_int_equal(gb_run_add_package(f->run, path, &p, NULL), 0);
	p->module = gb_strdup("example.com/shop");
	p->module_dir = gb_strdup("/src/shop");
	p->dir = gb_asprintf("/src/shop%s", path + strlen("example.com/shop"));
	p->passed = p->measured = true;
	p->wall_ms = wall_ms;
	return p;
}

static struct gb_test *test(struct gb_package *p, const char *name, const char *file, int line)
{
	struct gb_test *t;

	assert_int_equal(gb_package_add_test(p, name, GB_TEST, &t, NULL), 0);
	t->site.file = gb_strdup(file);
	t->site.line = line;
	return t;
}

static void sample(struct gb_test *t, int run, int64_t goroutines, int64_t bytes, int64_t objects)
{
	struct gb_sample s = { .run = run, .mode = GB_IN_ORDER };

	s.v[GB_GOROUTINES] = goroutines;
	s.v[GB_ALLOC_SPACE] = bytes;
	s.v[GB_ALLOC_OBJECTS] = objects;
	s.has = 1u << GB_GOROUTINES | 1u << GB_ALLOC_SPACE | 1u << GB_ALLOC_OBJECTS;
	assert_int_equal(gb_test_add_sample(t, &s, NULL), 0);
}

static void set_site(struct gb_site *s, const char *func, const char *file, int line)
{
	s->func = gb_strdup(func);
	s->file = gb_strdup(file);
	s->line = line;
}

static void group(struct gb_test *t, int run, int64_t count, enum gb_leak kind, const char *state)
{
	struct gb_group g = { .kind = kind, .count = count, .still = count, .run = run };

	g.state = gb_strdup(state);
	set_site(&g.created, "example.com/shop/store.(*Cache).Start", "store/cache.go", 41);
	g.frames = gb_calloc(3, sizeof(*g.frames));
	g.n_frames = 3;
	set_site(&g.frames[0], "runtime.gopark", "/usr/local/go/src/runtime/proc.go", 460);
	set_site(&g.frames[1], "example.com/shop/store.(*Cache).next", "store/cache.go", 70);
	set_site(&g.frames[2], "example.com/shop/store.(*Cache).watch", "store/cache.go", 57);
	assert_int_equal(gb_fingerprint("example.com/shop", &g, NULL), 0);
	assert_int_equal(gb_test_take_group(t, &g, NULL), 0);
}

struct gb_judgement *fixture_judge(struct fixture *f, const char *path, const char *name,
				   int metric, enum gb_verdict verdict, enum gb_action action)
{
	struct gb_judgement *j;

	assert_int_equal(gb_grow((void **)&f->verdicts.v, &f->verdicts.cap, f->verdicts.n + 1,
				 sizeof(*j), GB_METRICS * (size_t)1000, NULL),
			 0);
	j = &f->verdicts.v[f->verdicts.n++];
	memset(j, 0, sizeof(*j));
	j->package = gb_run_package(f->run, path);
	j->test = j->package && name ? gb_package_test(j->package, name) : NULL;
	j->package_path = path;
	j->test_name = name;
	j->metric = metric;
	j->verdict = verdict;
	j->action = action;
	f->verdicts.count[verdict]++;
	f->verdicts.failing += action == GB_ACT_FAIL;
	f->verdicts.warning += action == GB_ACT_WARN;
	return j;
}

static void begin(struct fixture *f)
{
	memset(f, 0, sizeof(*f));
	f->run = gb_run_new(NULL);
	assert_non_null(f->run);
	f->run->go_version = gb_strdup("go1.26.8");
	memcpy(f->run->env.go, "1.26", 5);
	memcpy(f->run->env.platform, "linux/amd64", 12);
	f->run->env.gomaxprocs = 2;
	free(f->run->env.gcflags);
	f->run->env.gcflags = gb_strdup("-l");
	f->run->env.cgo = true;
	f->run->runs = 5;
	f->run->wall_ms = 14200;
	f->policy.path = (char *)(uintptr_t) "budgets/_policy.json";
	f->file.path = (char *)(uintptr_t) "budgets/store.json";
	f->report.run = f->run;
	f->report.verdicts = &f->verdicts;
	f->report.policy = &f->policy;
	f->report.module = "example.com/shop";
	f->report.command = "gobudget check ./...";
}

static void budget(struct fixture *f, struct gb_judgement *j, int64_t amount, int64_t ceiling,
		   int64_t measured, size_t line)
{
	j->has_budget = j->has_recorded = true;
	j->budget = j->recorded = amount;
	j->ceiling = ceiling;
	j->measured = measured;
	j->file = &f->file;
	j->line = line;
}

static void store(struct fixture *f, const char *name)
{
	static const char path[] = "example.com/shop/store";
	struct gb_package *p = package(f, path, 1500);
	struct gb_test *t = test(p, name, "store/store_test.go", 14);
	struct gb_judgement *j;

	for (int run = 0; run < 5; run++)
		sample(t, run, run == 3 ? 12 : 0, 9280 + run, 40);
	group(t, 3, 11, GB_LEFT, "chan receive");
	group(t, 3, 1, GB_PROVEN, "select");
	group(t, 2, 7, GB_LEFT, "of another run");
	t = test(p, "TestPut", "store/store_test.go", 80);
	sample(t, 0, 0, 1 << 20, 1000);
	t = test(p, "TestImport", "store/import_test.go", 9);
	sample(t, 0, 0, 3 << 20, 9007199254740993);

	j = fixture_judge(f, path, t->name, GB_ALLOC_SPACE, GB_V_WAIVED, GB_ACT_IGNORE);
	budget(f, j, 1 << 20, 4 << 20, 3 << 20, 9);
	j->by = GB_BY_WAIVER;
	j->waiver = &f->waiver;
	j = fixture_judge(f, path, "TestPut", GB_ALLOC_SPACE, GB_V_OVER, GB_ACT_FAIL);
	budget(f, j, 9216, 10137, 1 << 20, 7);
	j->over_runs = j->runs = 1;
	/* Judged by the largest, so its place in the list is not its place in the report. */
	j = fixture_judge(f, path, gb_package_test(p, name)->name, GB_GOROUTINES, GB_V_OVER,
			  GB_ACT_FAIL);
	budget(f, j, 0, 0, 12, 6);
	j->over_runs = 1;
	j->runs = 5;
	j = fixture_judge(f, path, gb_package_test(p, name)->name, GB_ALLOC_SPACE, GB_V_GREW,
			  GB_ACT_WARN);
	budget(f, j, 9216, 10137, 9280, 6);
}

static void cache(struct fixture *f)
{
	static const char path[] = "example.com/shop/cache";
	struct gb_package *p = package(f, path, 800);
	struct gb_test *t = test(p, "TestEvict", "cache/cache_test.go", 30);
	struct gb_judgement *j;

	t->outcome = GB_FAIL;
	p->passed = false;
	sample(t, 0, 0, 512, 3);
	assert_int_equal(gb_package_add_trouble(p, GB_TROUBLE_PANIC, false, "TestEvict",
						"=== RUN   TestEvict\npanic: boom\n\ngoroutine 7 "
						"[running]:\n",
						NULL, "panic: %s", "boom"),
			 0);
	t = test(p, "TestGet", "cache/cache_test.go", 12);
	sample(t, 0, 0, 4160, 11);
	j = fixture_judge(f, path, t->name, GB_ALLOC_SPACE, GB_V_GREW, GB_ACT_WARN);
	budget(f, j, 4096, 4506, 4160, 3);
	j = fixture_judge(f, path, t->name, GB_ALLOC_OBJECTS, GB_V_WITHIN, GB_ACT_IGNORE);
	budget(f, j, 11, 12, 11, 3);
}

static void api(struct fixture *f)
{
	static const char path[] = "example.com/shop/api/v2";
	struct gb_package *p = package(f, path, 300);
	struct gb_test *t = test(p, "TestNew", "api/v2/api_test.go", 5);
	struct gb_judgement *j;

	sample(t, 0, 0, 128, 2);
	fixture_judge(f, path, t->name, -1, GB_V_NEW, GB_ACT_WARN);
	t = test(p, "TestOld", "api/v2/api_test.go", 25);
	sample(t, 0, 0, 1024, 2);
	t->outcome = GB_SKIP;
	j = fixture_judge(f, path, t->name, GB_ALLOC_SPACE, GB_V_SLACK, GB_ACT_WARN);
	budget(f, j, 1 << 20, 1 << 20, 1024, 3);
	j = fixture_judge(f, path, "TestRemoved", -1, GB_V_GONE, GB_ACT_FAIL);
	j->file = &f->file;
	j->line = 8;
}

void fixture_make(struct fixture *f, const char *name)
{
	begin(f);
	f->waiver = (struct gb_waiver){ .reason = (char *)(uintptr_t) "rewrite under way, #123",
					.ceiling = 4 << 20,
					.until = "2026-12-31" };
	f->report.exit_status = 1;
	f->verdicts.tests = 7;
	store(f, name ? name : "TestWatch/all");
	cache(f);
	api(f);
	fixture_judge(f, "example.com/shop/old", NULL, -1, GB_V_INCOMPARABLE, GB_ACT_WARN);
	assert_int_equal(gb_package_add_trouble(package(f, "example.com/shop/old", 0),
						GB_TROUBLE_NO_TESTS, true, NULL, NULL, NULL,
						"no test files"),
			 0);
	assert_int_equal(gb_strlist_add(&f->report.notes, "one note", NULL), 0);
}

void fixture_make_clean(struct fixture *f)
{
	struct gb_package *p;
	struct gb_judgement *j;

	begin(f);
	p = package(f, "example.com/shop", 10);
	sample(test(p, "TestAll", "all_test.go", 3), 0, 0, 96, 2);
	f->verdicts.tests = 1;
	f->run->runs = 1;
	j = fixture_judge(f, "example.com/shop", "TestAll", GB_ALLOC_SPACE, GB_V_WITHIN,
			  GB_ACT_IGNORE);
	budget(f, j, 96, 105, 96, 3);
}

void fixture_release(struct fixture *f)
{
	gb_strlist_release(&f->report.notes);
	free(f->verdicts.v);
	gb_run_free(f->run);
}
