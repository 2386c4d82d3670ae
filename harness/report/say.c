#include "report/say.h"

#include "base/buf.h"
#include "base/text.h"
#include "base/units.h"

#include <string.h>

static bool is_major_version(const char *s, size_t len)
{
	if (len < 2 || s[0] != 'v')
		return false;
	for (size_t i = 1; i < len; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
	}
	return true;
}

void gb_say_func(struct gb_buf *out, const char *func)
{
	/* Type arguments and receivers may hold import paths of their own. */
	size_t head = strcspn(func ? func : "", "([");
	size_t from = 0, before = 0, dot;

	if (!func || !*func) {
		gb_buf_adds(out, "?");
		return;
	}
	for (size_t i = 0; i < head; i++) {
		if (func[i] == '/') {
			before = from;
			from = i + 1;
		}
	}
	dot = from + strcspn(func + from, ".");
	if (from && is_major_version(func + from, dot - from)) {
		gb_buf_add(out, func + before, from - 1 - before);
		from = dot;
		head = from;
	}
	for (const char *p = func + from; *p; p++) {
		if (p < func + head && gb_starts(p, "%2e")) {
			gb_buf_addc(out, '.');
			p += 2;
		} else {
			gb_buf_addc(out, *p);
		}
	}
}

/* Where the name that people know begins: "net/http/server.go" of GOROOT, what follows
 * /pkg/mod/ of the module cache; all of it where it is neither. */
static const char *known_part(const struct gb_site *site)
{
	const char *file = site->file, *cache = strstr(file, "/pkg/mod/"), *src;
	const char *func = site->func ? site->func : "";
	size_t head = strcspn(func, "(["), package = 0;

	if (file[0] != '/')
		return file;
	if (cache)
		return cache + strlen("/pkg/mod/");
	for (size_t i = 0; i < head; i++) {
		if (func[i] == '/')
			package = i;
	}
	package += strcspn(func + package, ".");
	src = strstr(file, "/src/");
	if (src && package && strncmp(src + 5, func, package) == 0 && src[5 + package] == '/')
		return src + 5;
	return file;
}

void gb_say_site(struct gb_buf *out, const struct gb_site *site)
{
	if (!site->file || !*site->file)
		return;
	gb_buf_adds(out, known_part(site));
	if (site->line > 0)
		gb_buf_addf(out, ":%d", site->line);
}

bool gb_say_is_users(const char *module, const struct gb_site *frame)
{
	return gb_site_is_users(module, frame);
}

/* The outermost function that someone here wrote: a test and not testing.tRunner. */
static const char *own_function(const struct gb_group *g, const char *module)
{
	for (size_t i = g->n_frames; i-- > 0;) {
		if (gb_say_is_users(module, &g->frames[i]))
			return g->frames[i].func;
	}
	return g->n_frames ? g->frames[g->n_frames - 1].func : g->created.func;
}

void gb_say_group(struct gb_buf *out, const char *module, const struct gb_group *g)
{
	char count[32];

	gb_buf_addf(out, "%s × ", gb_format_count(count, sizeof(count), g->count));
	gb_say_func(out, own_function(g, module));
	if (gb_streq(g->created.func, "testing.(*T).Run")) {
		gb_buf_adds(out, ", the test itself");
	} else if (g->created.file && *g->created.file) {
		gb_buf_adds(out, " created at ");
		gb_say_site(out, &g->created);
	}
	if (g->state && *g->state)
		gb_buf_addf(out, ", %s", g->state);
	if (g->kind == GB_PROVEN)
		gb_buf_adds(out, ", can never run again");
	else if (g->kind == GB_HUNG)
		gb_buf_adds(out, ", hung");
	if (g->seen)
		gb_buf_addf(out, ", in %zu of %zu runs", g->seen, g->seen_of);
}

bool gb_say_is_living(const struct gb_judgement *j, const struct gb_test *t,
		      const struct gb_group *g)
{
	if (j->by != GB_BY_LIVING || g->living != j->living_rule || strchr(t->name, '/'))
		return false;
	return g->seen || g->process == j->package->living[j->living_rule - 1].process;
}

const char *gb_say_trouble(enum gb_trouble_kind k)
{
	static const char *const words[] = {
		[GB_TROUBLE_BUILD] = "did not build",
		[GB_TROUBLE_VET] = "go vet",
		[GB_TROUBLE_FAIL] = "failed",
		[GB_TROUBLE_PANIC] = "panicked",
		[GB_TROUBLE_EXIT] = "exited in the middle",
		[GB_TROUBLE_SIGNAL] = "was killed",
		[GB_TROUBLE_TIMEOUT] = "timed out",
		[GB_TROUBLE_MEMORY] = "used too much memory",
		[GB_TROUBLE_HANG] = "hung",
		[GB_TROUBLE_NO_RECORD] = "was not measured",
		[GB_TROUBLE_CHILDREN] = "left processes behind",
		[GB_TROUBLE_NO_PACKAGE] = "is no package here",
		[GB_TROUBLE_NO_TESTS] = "had no tests",
	};

	return words[k];
}

int gb_say_worst_run(const struct gb_test *t, enum gb_metric m)
{
	const struct gb_sample *worst = NULL;

	for (size_t i = 0; i < t->n_samples; i++) {
		const struct gb_sample *s = &t->samples[i];

		if ((s->has >> m & 1) && s->mode != GB_ALONE && (!worst || s->v[m] >= worst->v[m]))
			worst = s;
	}
	return worst ? worst->run : 0;
}
