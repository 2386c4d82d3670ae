#include "go/record.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "go/record_line.h"

#include <string.h>

static void take_metric(struct gb_line *l, struct gb_sample *s, enum gb_metric m)
{
	/* Counts may dip below zero for a moment while goroutines end; a record shows 0 then. */
	int64_t v;

	if (gb_line_number(l, INT64_MIN, &v)) {
		s->v[m] = v < 0 ? 0 : v;
		s->has |= 1U << m;
	}
}

static void take_counts(struct gb_line *l, struct gb_sample *s)
{
	take_metric(l, s, GB_GOROUTINES);
	take_metric(l, s, GB_GOROUTINES_PEAK);
	take_metric(l, s, GB_GOROUTINES_CREATED);
	take_metric(l, s, GB_ALLOC_SPACE);
	take_metric(l, s, GB_ALLOC_OBJECTS);
}

static void take_site(struct gb_line *l, struct gb_site *s)
{
	int64_t n;

	s->func = gb_line_copy(l);
	s->file = gb_line_copy(l);
	n = gb_line_count(l);
	s->line = n > INT32_MAX ? 0 : (int)n;
}

/* The test whose id is the next field; NULL and an error if it has not begun. */
static struct gb_record_test *take_test(struct gb_line *l, struct gb_record *r)
{
	int64_t id = gb_line_count(l);

	if (l->rc >= 0 && id >= 1 && (uint64_t)id <= r->n)
		return &r->tests[id - 1];
	gb_line_fail(l, "no test of this id has begun");
	return NULL;
}

static const struct gb_word kinds[] = { { "test", GB_TEST },
					{ "example", GB_EXAMPLE },
					{ "fuzz", GB_FUZZ },
					{ "benchmark", GB_BENCHMARK } },
			    outcomes[] = { { "pass", GB_PASS },
					   { "fail", GB_FAIL },
					   { "skip", GB_SKIP },
					   { "unfinished", GB_UNFINISHED } },
			    leaks[] = { { "left", GB_LEFT },
					{ "hung", GB_HUNG },
					{ "proven", GB_PROVEN } };

#define TAKE_WORD(l, table) gb_line_word(l, table, sizeof(table) / sizeof((table)[0]))

static void on_begin(struct gb_line *l, struct gb_record *r)
{
	struct gb_record_test *t;
	int64_t id = gb_line_count(l);
	int rc;

	if (l->rc < 0)
		return;
	if (id <= 0 || (uint64_t)id != r->n + 1) {
		gb_line_fail(l, "ids must follow one another");
		return;
	}
	rc = gb_grow((void **)&r->tests, &r->cap, r->n + 1, sizeof(*r->tests), GB_MAX_TESTS,
		     l->err);
	if (rc < 0) {
		l->rc = rc;
		return;
	}
	t = &r->tests[r->n++];
	memset(t, 0, sizeof(*t));
	t->outcome = GB_UNFINISHED;
	t->parent = gb_line_count(l);
	if (t->parent >= id)
		gb_line_fail(l, "a parent must begin before its subtests");
	t->kind = (enum gb_kind)TAKE_WORD(l, kinds);
	t->name = gb_line_copy(l);
	take_site(l, &t->site);
}

static void on_end(struct gb_line *l, struct gb_record *r)
{
	struct gb_record_test *t = take_test(l, r);

	if (!t)
		return;
	t->outcome = (enum gb_outcome)TAKE_WORD(l, outcomes);
	t->ns = gb_line_count(l);
	take_counts(l, &t->sample);
	t->ended = true;
}

static void on_final(struct gb_line *l, struct gb_record *r)
{
	struct gb_record_test *t = take_test(l, r);

	if (!t)
		return;
	take_counts(l, &t->sample);
	t->final = true;
}

/* Picoseconds of one operation; what they cannot hold is the most that they can. */
static int64_t ps_per_op(int64_t ns, int64_t ops)
{
	double ps = (double)ns * 1000.0 / (double)ops;

	return ps < (double)INT64_MAX ? (int64_t)ps : INT64_MAX;
}

/* Per operation, as `go test -benchmem` rounds: towards zero. */
static void on_bench(struct gb_line *l, struct gb_record *r)
{
	struct gb_record_test *t = take_test(l, r);
	int64_t ops = gb_line_count(l), ns = gb_line_count(l);
	int64_t bytes = gb_line_count(l), allocs = gb_line_count(l);

	if (!t || l->rc < 0 || ops <= 0)
		return;
	t->sample.v[GB_BYTES_PER_OP] = bytes / ops;
	t->sample.v[GB_ALLOCS_PER_OP] = allocs / ops;
	t->sample.v[GB_NS_PER_OP] = ps_per_op(ns, ops);
	t->sample.has |= 1U << GB_BYTES_PER_OP | 1U << GB_ALLOCS_PER_OP | 1U << GB_NS_PER_OP;
}

static void on_heap(struct gb_line *l, struct gb_record *r)
{
	struct gb_record_test *t = take_test(l, r);

	if (!t)
		return;
	take_metric(l, &t->sample, GB_INUSE_SPACE);
	take_metric(l, &t->sample, GB_HEAP_PEAK);
}

static void site_release(struct gb_site *s)
{
	free(s->func);
	free(s->file);
}

/* "N { FUNC FILE LINE } x N" */
static void take_frames(struct gb_line *l, struct gb_site **ret, size_t *ret_n)
{
	int64_t n = gb_line_count(l);

	if (l->rc >= 0 && n > (int64_t)GB_MAX_FRAMES)
		gb_line_fail(l, "too many frames");
	if (l->rc < 0 || n == 0)
		return;
	*ret = gb_calloc((size_t)n, sizeof(**ret));
	if (!*ret)
		l->rc = gb_fail_nomem(l->err);
	while (l->rc >= 0 && *ret_n < (size_t)n)
		take_site(l, &(*ret)[(*ret_n)++]);
}

static void on_group(struct gb_line *l, struct gb_record *r)
{
	struct gb_record_test *t;
	struct gb_group g = { .still = -1 };

	if (l->n > 1 && strcmp(l->field[1], "0") == 0) {
		l->next++;
		t = &r->package_row;
	} else {
		t = take_test(l, r);
	}
	if (!t || t->n_groups >= GB_MAX_GROUPS)
		return;
	g.kind = (enum gb_leak)TAKE_WORD(l, leaks);
	g.count = gb_line_count(l);
	g.state = gb_line_copy(l);
	take_site(l, &g.created);
	take_frames(l, &g.frames, &g.n_frames);
	if (l->next < l->n)
		take_frames(l, &g.creator, &g.n_creator);
	if (l->next < l->n)
		g.still = gb_line_count(l);
	if (l->rc >= 0)
		l->rc = gb_grow((void **)&t->groups, &t->cap_groups, t->n_groups + 1,
				sizeof(*t->groups), GB_MAX_GROUPS, l->err);
	if (l->rc < 0)
		gb_group_release(&g);
	else
		t->groups[t->n_groups++] = g;
}

static void add_site(struct gb_line *l, struct gb_record *r, bool spawn, bool reach)
{
	struct gb_record_test *t = take_test(l, r);
	struct gb_alloc_site s = { .spawn = spawn, .reach = reach };

	if (!t || t->n_sites >= GB_MAX_GROUPS)
		return;
	if (!spawn)
		s.bytes = gb_line_count(l);
	s.objects = gb_line_count(l);
	take_frames(l, &s.frames, &s.n_frames);
	if (l->next < l->n)
		s.how = gb_line_copy(l);
	if (l->rc >= 0)
		l->rc = gb_grow((void **)&t->sites, &t->cap_sites, t->n_sites + 1,
				sizeof(*t->sites), GB_MAX_GROUPS, l->err);
	if (l->rc < 0)
		gb_alloc_site_release(&s);
	else
		t->sites[t->n_sites++] = s;
}

static void on_site(struct gb_line *l, struct gb_record *r)
{
	add_site(l, r, false, false);
}

static void on_spawn(struct gb_line *l, struct gb_record *r)
{
	add_site(l, r, true, false);
}

static void on_reach(struct gb_line *l, struct gb_record *r)
{
	add_site(l, r, false, true);
}

static void on_package(struct gb_line *l, struct gb_record *r)
{
	r->has_package_row = true;
	r->package_row.ended = r->package_row.final = true;
	take_counts(l, &r->package_row.sample);
}

static void on_gc(struct gb_line *l, struct gb_record *r)
{
	struct gb_sample *s = &r->package_row.sample;

	take_metric(l, s, GB_GC_COUNT);
	take_metric(l, s, GB_GC_PAUSE_TOTAL);
	take_metric(l, s, GB_GC_PAUSE_WORST);
	take_metric(l, s, GB_HEAP_LIVE);
}

static void on_hang(struct gb_line *l, struct gb_record *r)
{
	struct gb_record_test *t = take_test(l, r);

	if (t)
		t->hung = true;
}

static void on_done(struct gb_line *l, struct gb_record *r)
{
	(void)l;
	r->complete = true;
}

static const struct {
	const char *verb;
	void (*on)(struct gb_line *l, struct gb_record *r);
} verbs[] = {
	{ "begin", on_begin }, { "end", on_end },     { "final", on_final },
	{ "bench", on_bench }, { "heap", on_heap },   { "group", on_group },
	{ "hang", on_hang },   { "done", on_done },   { "package", on_package },
	{ "site", on_site },   { "spawn", on_spawn }, { "reach", on_reach },
	{ "gc", on_gc },
};

/* "gobudget 1 runtime PACKAGE go1.26.8 2" */
static void on_header(struct gb_line *l, struct gb_record *r)
{
	const char *word;

	l->next = 1;
	if (strcmp(l->field[0], "gobudget") != 0 || strcmp(gb_line_take(l), "1") != 0) {
		gb_line_fail(l, "not a record of version 1");
		return;
	}
	word = gb_line_take(l);
	if (strcmp(word, "runtime") == 0)
		r->accounting = GB_ACCOUNTING_RUNTIME;
	else if (strcmp(word, "testing") == 0)
		r->accounting = GB_ACCOUNTING_TESTING;
	else
		gb_line_fail(l, "unknown accounting");
	r->package = gb_line_copy(l);
	r->go_version = gb_line_copy(l);
	if (r->go_version) {
		/* "go1.26.8-X:..." names experiments that we set ourselves. */
		char *x = strstr(r->go_version, "X:");

		if (x && x > r->go_version)
			x[-1] = '\0';
	}
	int64_t procs = gb_line_count(l);
	r->gomaxprocs = procs > 0 && procs <= 1 << 20 ? (int)procs : 1;
}

static void on_line(struct gb_line *l, struct gb_record *r)
{
	if (l->number == 1) {
		on_header(l, r);
		return;
	}
	l->next = 1;
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (strcmp(l->field[0], verbs[i].verb) == 0) {
			verbs[i].on(l, r);
			return;
		}
	}
}

int gb_record_parse(const char *name, const char *text, size_t len, struct gb_record *ret,
		    struct gb_err *err)
{
	struct gb_record r = { 0 };
	struct gb_line l = { .name = name, .err = err };
	const char *end = text + len;

	for (const char *p = text, *nl; l.rc >= 0 && p < end; p = nl + 1) {
		nl = memchr(p, '\n', (size_t)(end - p));
		if (!nl)
			break;
		l.number++;
		if ((size_t)(nl - p) > GB_MAX_LINE) {
			l.rc = gb_fail(err, GB_ELIMIT, "%s:%zu: a line exceeds %zu bytes", name,
				       l.number, GB_MAX_LINE);
			break;
		}
		_free_ char *copy = gb_strndup(p, (size_t)(nl - p));
		if (!copy) {
			l.rc = gb_fail_nomem(err);
			break;
		}
		if (strlen(copy) != (size_t)(nl - p))
			gb_line_fail(&l, "a NUL byte");
		if (l.rc >= 0)
			gb_line_split(&l, copy);
		if (l.rc >= 0)
			on_line(&l, &r);
	}
	if (l.rc >= 0 && l.number == 0)
		l.rc = gb_fail(err, GB_EMEASURE, "%s: no record: the agent was not in the binary",
			       name);
	if (l.rc < 0) {
		gb_record_release(&r);
		return l.rc;
	}
	*ret = r;
	return 0;
}

static void test_release(struct gb_record_test *t)
{
	free(t->name);
	site_release(&t->site);
	for (size_t i = 0; i < t->n_groups; i++)
		gb_group_release(&t->groups[i]);
	free(t->groups);
	for (size_t i = 0; i < t->n_sites; i++)
		gb_alloc_site_release(&t->sites[i]);
	free(t->sites);
}

void gb_record_release(struct gb_record *r)
{
	for (size_t i = 0; i < r->n; i++)
		test_release(&r->tests[i]);
	free(r->tests);
	test_release(&r->package_row);
	free(r->package);
	free(r->go_version);
	memset(r, 0, sizeof(*r));
}
