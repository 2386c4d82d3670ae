/*
 * SARIF 2.1.0 (OASIS), in the shape that GitHub's code scanning takes.
 *
 * A result for each verdict that fails or warns and for each warning of the compiler; a rule for
 * each metric, for what has none, and for each of the compiler's.  Paths count from SRCROOT, the
 * top of the repository; those of another module than the main one from that module's own base.
 * A fingerprint is made of package, test, metric, verdict and function: lines may move.
 */
#include "base/buf.h"
#include "base/hash.h"
#include "base/limits.h"
#include "report/culprit.h"
#include "report/jsonw.h"
#include "report/part.h"
#include "report/report.h"
#include "report/say.h"
#include "version.h"

#include <string.h>

#define RELATED ((size_t)5) /* more places of a result */

/* Rules: metrics by their number, then these, then the compiler's. */
enum { RULE_GONE = GB_METRICS, RULE_INCOMPARABLE, RULE_COMPILER };

static const char *rule_name(size_t rule)
{
	if (rule < GB_METRICS)
		return gb_metrics[rule].name;
	if (rule == RULE_GONE)
		return "gone";
	return rule == RULE_INCOMPARABLE ? "incomparable" : gb_rules[rule - RULE_COMPILER].name;
}

static const char *rule_summary(size_t rule)
{
	static const char *const summaries[] = {
		[GB_GOROUTINES] = "Goroutines that a test leaves behind",
		[GB_GOROUTINES_PEAK] = "Most goroutines alive at one time while a test runs",
		[GB_GOROUTINES_CREATED] = "Goroutines that a test starts",
		[GB_ALLOC_SPACE] = "Bytes of heap that a test allocates",
		[GB_ALLOC_OBJECTS] = "Heap objects that a test allocates",
		[GB_INUSE_SPACE] = "Bytes that are still reachable after a test",
		[GB_HEAP_PEAK] = "Highest heap in use while a test runs",
		[GB_BYTES_PER_OP] = "Bytes that a benchmark allocates in an operation",
		[GB_ALLOCS_PER_OP] = "Objects that a benchmark allocates in an operation",
		[GB_NS_PER_OP] = "Time of a benchmark's operation",
		[GB_ESCAPES] = "Values that the compiler puts on the heap",
		[GB_GC_COUNT] = "Garbage collections while a package's tests run",
		[GB_GC_PAUSE_TOTAL] = "How long garbage collections stop a package's tests in all",
		[GB_GC_PAUSE_WORST] =
			"The longest stop for a garbage collection in a package's tests",
		[GB_HEAP_LIVE] = "Bytes that are still reachable after a package's tests",
		[RULE_GONE] = "A test that has a budget never ran",
		[RULE_INCOMPARABLE] = "There are budgets, but none for this environment",
	};

	return rule < RULE_COMPILER ? summaries[rule] : gb_rules[rule - RULE_COMPILER].summary;
}

static void text(struct gb_jsonw *w, const char *key, const char *value)
{
	gb_jsonw_open(w, key, '{', true);
	gb_jsonw_string(w, "text", value);
	gb_jsonw_close(w, '}');
}

/* "[a](b)" would be a link: names may hold anything. */
static void message(struct gb_jsonw *w, const char *value)
{
	_part_ struct gb_part plain = GB_PART(w->out);
	bool link = strstr(value, "](") != NULL;

	for (const char *s = value; *s; s++) {
		if (link && (*s == '[' || *s == ']' || *s == '\\'))
			gb_buf_addc(&plain.b, '\\');
		gb_buf_addc(&plain.b, *s);
	}
	text(w, "message", plain.b.data);
}

static void rules(struct gb_jsonw *w)
{
	gb_jsonw_open(w, "rules", '[', false);
	for (size_t i = 0; i < RULE_COMPILER + GB_RULES; i++) {
		gb_jsonw_open(w, NULL, '{', false);
		gb_jsonw_string(w, "id", rule_name(i));
		text(w, "shortDescription", rule_summary(i));
		text(w, "fullDescription", rule_summary(i));
		text(w, "help",
		     i < RULE_COMPILER
			     ? "gobudget explain TEST tells where it comes from; gobudget "
			       "record --raise TEST --reason WHY accepts it"
			     : "the policy's \"rules\" turn it off: budgets/_policy.json");
		gb_jsonw_open(w, "defaultConfiguration", '{', true);
		gb_jsonw_string(w, "level", i < RULE_COMPILER ? "error" : "warning");
		gb_jsonw_close(w, '}');
		gb_jsonw_close(w, '}');
	}
	gb_jsonw_close(w, ']');
}

/* What a URI may hold as it is; all else by its bytes. */
static void add_path(struct gb_buf *out, const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789-._~/";

	for (; *path; path++) {
		if (strchr(plain, *path))
			gb_buf_addc(out, *path);
		else
			gb_buf_addf(out, "%%%02X", (unsigned char)*path);
	}
}

/* `module`: whose file it is. */
static void location(struct gb_jsonw *w, const struct gb_report *r, const char *module,
		     const struct gb_site *at, const char *said)
{
	bool main = !module || !r->module || strcmp(module, r->module) == 0;
	_part_ struct gb_part uri = GB_PART(w->out);

	if (main && r->root && *r->root) {
		add_path(&uri.b, r->root);
		gb_buf_addc(&uri.b, '/');
	}
	add_path(&uri.b, at->file);
	gb_jsonw_open(w, NULL, '{', true);
	gb_jsonw_open(w, "physicalLocation", '{', true);
	gb_jsonw_open(w, "artifactLocation", '{', true);
	gb_jsonw_string(w, "uri", uri.b.data);
	gb_jsonw_string(w, "uriBaseId", main ? "SRCROOT" : module);
	gb_jsonw_close(w, '}');
	if (at->line > 0) {
		gb_jsonw_open(w, "region", '{', true);
		gb_jsonw_int(w, "startLine", at->line);
		gb_jsonw_close(w, '}');
	}
	gb_jsonw_close(w, '}');
	if (at->func && *at->func) {
		gb_jsonw_open(w, "logicalLocations", '[', true);
		gb_jsonw_open(w, NULL, '{', true);
		gb_jsonw_string(w, "fullyQualifiedName", at->func);
		gb_jsonw_string(w, "kind", "function");
		gb_jsonw_close(w, '}');
		gb_jsonw_close(w, ']');
	}
	if (said)
		message(w, said);
	gb_jsonw_close(w, '}');
}

static void fingerprint(struct gb_jsonw *w, const char *const *parts, size_t n)
{
	_hash_ struct gb_hash h = GB_HASH_INIT;
	char hex[GB_HASH_HEX + 1];

	for (size_t i = 0; i < n; i++)
		gb_hash_text(&h, parts[i]);
	if (gb_hash_end(&h, hex, NULL) < 0) {
		w->out->failed = w->out->nomem = true;
		return;
	}
	hex[32] = '\0';
	gb_jsonw_open(w, "partialFingerprints", '{', true);
	gb_jsonw_string(w, "gobudget/v1", hex);
	gb_jsonw_close(w, '}');
}

static void begin(struct gb_jsonw *w, size_t rule, const char *level)
{
	gb_jsonw_open(w, NULL, '{', false);
	gb_jsonw_string(w, "ruleId", rule_name(rule));
	gb_jsonw_int(w, "ruleIndex", (int64_t)rule);
	gb_jsonw_string(w, "level", level);
}

static size_t rule_of(const struct gb_judgement *j)
{
	if (j->metric >= 0)
		return (size_t)j->metric;
	return j->verdict == GB_V_INCOMPARABLE ? RULE_INCOMPARABLE : RULE_GONE;
}

static const char *level_of(const struct gb_judgement *j)
{
	if (j->action == GB_ACT_FAIL)
		return "error";
	return j->verdict == GB_V_INHERITED ? "note" : "warning";
}

/* The other places that weigh most, and the test. */
static void related(struct gb_jsonw *w, const struct gb_report *r, const struct gb_judgement *j,
		    const struct gb_site *at)
{
	const struct gb_evidence *e = j->test && j->metric >= 0
					      ? gb_evidence_find(r->evidence, j->package, j->test)
					      : NULL;
	const struct gb_evidence_site *top[RELATED];
	const char *module = j->package ? j->package->module : NULL;
	bool as_before = false;
	size_t n = e ? gb_report_sites(e, (enum gb_metric)j->metric, top, RELATED, &as_before) : 0;

	gb_jsonw_open(w, "relatedLocations", '[', false);
	if (j->test && at != &j->test->site && gb_report_is_here(j->test->site.file))
		location(w, r, module, &j->test->site, j->test->name);
	for (size_t i = 0; i < n; i++) {
		const struct gb_site *place = &top[i]->frames[top[i]->at];
		_part_ struct gb_part weight = GB_PART(w->out);

		if (top[i]->gone || place == at || !gb_report_is_here(place->file))
			continue;
		gb_say_weight(&weight.b, top[i], e->base_test && !as_before);
		location(w, r, module, place, weight.b.data);
	}
	gb_jsonw_close(w, ']');
}

static void verdict(struct gb_jsonw *w, const struct gb_report *r, const struct gb_judgement *j)
{
	/* GitHub takes no result without a place. */
	const struct gb_site somewhere = { .file = (char *)(uintptr_t) "go.mod", .line = 1 };
	_part_ struct gb_part said = GB_PART(w->out);
	struct gb_site room;
	const struct gb_site *at = gb_report_place(r, j, &room);
	const char *const parts[] = {
		j->package_path,	  j->test_name,
		rule_name(rule_of(j)),	  gb_verdict_name(j->verdict),
		gb_judged_by_name(j->by), j->by == GB_BY_KIND ? gb_leak_name(j->leak) : NULL,
		at ? at->func : NULL
	};

	gb_buf_addf(&said.b, "%s: ", gb_say_word(j));
	gb_say_func(&said.b, j->package_path);
	if (j->test_name)
		gb_buf_addf(&said.b, ".%s", j->test_name);
	gb_buf_adds(&said.b, ": ");
	gb_say_judgement(&said.b, j);
	begin(w, rule_of(j), level_of(j));
	message(w, said.b.data);
	gb_jsonw_open(w, "locations", '[', false);
	location(w, r, j->package ? j->package->module : NULL, at ? at : &somewhere, NULL);
	gb_jsonw_close(w, ']');
	related(w, r, j, at);
	fingerprint(w, parts, sizeof(parts) / sizeof(parts[0]));
	gb_jsonw_open(w, "properties", '{', true);
	gb_jsonw_string(w, "package", j->package_path);
	gb_jsonw_string(w, "test", j->test_name);
	gb_jsonw_string(w, "verdict", gb_verdict_name(j->verdict));
	gb_jsonw_close(w, '}');
	gb_jsonw_close(w, '}');
}

static void warning(struct gb_jsonw *w, const struct gb_report *r, const struct gb_warning *x)
{
	const struct gb_site at = { .file = (char *)(uintptr_t)x->file,
				    .func = (char *)(uintptr_t)x->func,
				    .line = x->line };
	const struct gb_package *p = gb_run_package(r->run, x->package);
	const char *const parts[] = { x->package, gb_rules[x->rule].name, x->func };
	_part_ struct gb_part said = GB_PART(w->out);

	gb_buf_addf(&said.b, "%s; fix: %s", x->reason, x->fix);
	begin(w, RULE_COMPILER + (size_t)x->rule, "warning");
	message(w, said.b.data);
	gb_jsonw_open(w, "locations", '[', false);
	if (gb_report_is_here(x->file))
		location(w, r, p ? p->module : NULL, &at, NULL);
	gb_jsonw_close(w, ']');
	fingerprint(w, parts, 3);
	gb_jsonw_close(w, '}');
}

static void results(struct gb_jsonw *w, const struct gb_report *r)
{
	const struct gb_warnings *x = r->escapes ? r->escapes->warnings : NULL;

	gb_jsonw_open(w, "results", '[', false);
	for (size_t i = 0; i < r->verdicts->n; i++)
		if (gb_report_is_remark(&r->verdicts->v[i]))
			verdict(w, r, &r->verdicts->v[i]);
	for (size_t i = 0; x && i < x->n; i++)
		warning(w, r, &x->v[i]);
	gb_jsonw_close(w, ']');
}

/* What could not be measured. */
static void troubles(struct gb_jsonw *w, const struct gb_report *r)
{
	gb_jsonw_open(w, "toolExecutionNotifications", '[', false);
	for (size_t i = 0; i < r->run->n_packages; i++) {
		const struct gb_package *p = &r->run->packages[i];

		for (size_t k = 0; k < p->n_troubles; k++) {
			const struct gb_trouble *t = &p->troubles[k];
			_part_ struct gb_part said = GB_PART(w->out);

			if (t->warning)
				continue;
			gb_say_func(&said.b, p->path);
			gb_buf_addf(&said.b, "%s%s: %s", t->test ? "." : "", t->test ? t->test : "",
				    gb_say_trouble(t->kind));
			if (t->text && *t->text)
				gb_buf_addf(&said.b, ": %s", t->text);
			gb_jsonw_open(w, NULL, '{', true);
			gb_jsonw_string(w, "level", "error");
			message(w, said.b.data);
			gb_jsonw_close(w, '}');
		}
	}
	gb_jsonw_close(w, ']');
}

static void invocation(struct gb_jsonw *w, const struct gb_report *r)
{
	gb_jsonw_open(w, "invocations", '[', false);
	gb_jsonw_open(w, NULL, '{', false);
	gb_jsonw_string(w, "commandLine", r->command ? r->command : "gobudget");
	gb_jsonw_int(w, "exitCode", r->exit_status);
	gb_jsonw_bool(w, "executionSuccessful", r->exit_status < 2);
	troubles(w, r);
	gb_jsonw_close(w, '}');
	gb_jsonw_close(w, ']');
}

/* Is this the first package of another module than the main one? */
static bool begins_module(const struct gb_report *r, size_t i)
{
	const struct gb_package *p = r->run->packages;
	size_t k = 0;

	if (!p[i].module || !r->module || strcmp(p[i].module, r->module) == 0)
		return false;
	while (!p[k].module || strcmp(p[k].module, p[i].module) != 0)
		k++;
	return k == i;
}

/* Where other modules lie, nobody knows here. */
static void bases(struct gb_jsonw *w, const struct gb_report *r)
{
	gb_jsonw_open(w, "originalUriBaseIds", '{', false);
	gb_jsonw_open(w, "SRCROOT", '{', true);
	text(w, "description", r->root ? "the top of the repository" : "the folder of the module");
	gb_jsonw_close(w, '}');
	for (size_t i = 0; i < r->run->n_packages; i++) {
		if (!begins_module(r, i))
			continue;
		gb_jsonw_open(w, r->run->packages[i].module, '{', true);
		text(w, "description", "the folder of this module");
		gb_jsonw_close(w, '}');
	}
	gb_jsonw_close(w, '}');
}

void gb_report_sarif(const struct gb_report *r, struct gb_buf *out)
{
	struct gb_jsonw w = { .out = out };

	gb_jsonw_open(&w, NULL, '{', false);
	gb_jsonw_string(&w, "$schema", "https://json.schemastore.org/sarif-2.1.0.json");
	gb_jsonw_string(&w, "version", "2.1.0");
	gb_jsonw_open(&w, "runs", '[', false);
	gb_jsonw_open(&w, NULL, '{', false);
	gb_jsonw_open(&w, "tool", '{', false);
	gb_jsonw_open(&w, "driver", '{', false);
	gb_jsonw_string(&w, "name", "gobudget");
	gb_jsonw_string(&w, "semanticVersion", GB_VERSION);
	gb_jsonw_string(&w, "informationUri", "https://github.com/gobudget/gobudget");
	rules(&w);
	gb_jsonw_close(&w, '}');
	gb_jsonw_close(&w, '}');
	gb_jsonw_open(&w, "automationDetails", '{', true);
	gb_jsonw_string(&w, "id", "gobudget/");
	gb_jsonw_close(&w, '}');
	invocation(&w, r);
	bases(&w, r);
	gb_jsonw_string(&w, "columnKind", "unicodeCodePoints");
	results(&w, r);
	gb_jsonw_close(&w, '}');
	gb_jsonw_close(&w, ']');
	gb_jsonw_close(&w, '}');
}
