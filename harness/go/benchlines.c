/* benchlines - see benchlines.h. */
#include "go/benchlines.h"

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define SPACE	  " \t\r"
#define NUMBER	  "0123456789.eE+-"
#define PS_PER_NS 1000

struct walking {
	int (*on_value)(void *arg, const struct gb_benchline *v, struct gb_err *err);
	void *arg;
	char *package;
	struct gb_benchlines seen;
	struct gb_err *err;
};

/* The next word, ended in place; NULL at the end. */
static char *word(char **rest)
{
	char *s = *rest + strspn(*rest, SPACE), *end = s + strcspn(s, SPACE);

	if (s == end)
		return NULL;
	*rest = *end ? end + 1 : end;
	*end = '\0';
	return s;
}

/* Decimal, as Go prints it: neither "inf" nor "0x1p3". */
static bool number(const char *s, double *ret)
{
	char *end;

	if (!*s || strspn(s, NUMBER) != strlen(s))
		return false;
	*ret = strtod(s, &end);
	return !*end && *ret >= 0 && isfinite(*ret);
}

/* "12.345" ns are 12345 ps and not 12344.999999999998. */
static double picoseconds(double ns)
{
	double ps = ns * PS_PER_NS, whole = round(ps);

	return whole / PS_PER_NS == ns ? whole : ps;
}

static bool is_name(const char *s)
{
	size_t len = strlen("Benchmark");

	return gb_starts(s, "Benchmark") && !(s[len] >= 'a' && s[len] <= 'z');
}

static int benchmark(struct walking *w, char *line)
{
	static const enum gb_metric metrics[] = { GB_NS_PER_OP, GB_BYTES_PER_OP, GB_ALLOCS_PER_OP };
	struct gb_benchline v = { .package = w->package ? w->package : "" };
	char *count, *text, *unit;
	double n, values[GB_METRICS];
	bool has[GB_METRICS] = { false };
	int m, rc;

	v.name = word(&line);
	count = word(&line);
	/* -v prints the name alone, before it runs. */
	if (!count)
		return 0;
	if (!number(count, &n)) {
		w->seen.broken++;
		return 0;
	}
	while ((text = word(&line))) {
		unit = word(&line);
		if (!unit || !number(text, &n)) {
			w->seen.broken++;
			return 0;
		}
		m = gb_metric_find(unit);
		if (m != GB_NS_PER_OP && m != GB_BYTES_PER_OP && m != GB_ALLOCS_PER_OP)
			continue;
		values[m] = m == GB_NS_PER_OP ? picoseconds(n) : n;
		has[m] = isfinite(values[m]);
	}
	for (size_t i = 0; i < sizeof(metrics) / sizeof(metrics[0]); i++) {
		v.metric = metrics[i];
		if (!has[v.metric])
			continue;
		v.value = values[v.metric];
		w->seen.values++;
		if ((rc = w->on_value(w->arg, &v, w->err)) < 0)
			return rc;
	}
	return 0;
}

static int line(struct walking *w, char *text)
{
	if (gb_starts(text, "pkg:")) {
		char *rest = text + strlen("pkg:"), *name = word(&rest);

		gb_cleanup_free(&w->package);
		w->package = gb_strdup(name ? name : "");
		return w->package ? 0 : gb_fail_nomem(w->err);
	}
	return is_name(text) ? benchmark(w, text) : 0;
}

static int walk(struct walking *w, const char *name, const char *text, size_t len)
{
	size_t number_of = 0;

	for (const char *end = text + len; text < end;) {
		const char *stop = memchr(text, '\n', (size_t)(end - text));
		size_t n = (size_t)((stop ? stop : end) - text);
		_free_ char *copy = NULL;
		int rc;

		number_of++;
		if (n > GB_MAX_LINE)
			return gb_fail(w->err, GB_ELIMIT, "%s:%zu: the line exceeds %zu bytes",
				       name, number_of, GB_MAX_LINE);
		if (!(copy = gb_strndup(text, n)))
			return gb_fail_nomem(w->err);
		if ((rc = line(w, copy)) < 0)
			return rc;
		text += n + 1;
	}
	return 0;
}

int gb_benchlines_walk(const char *name, const char *text, size_t len,
		       int (*on_value)(void *arg, const struct gb_benchline *v, struct gb_err *err),
		       void *arg, struct gb_benchlines *ret, struct gb_err *err)
{
	struct walking w = { .on_value = on_value, .arg = arg, .err = err };
	int rc = walk(&w, name, text, len);

	free(w.package);
	if (rc == 0)
		*ret = w.seen;
	return rc;
}
