/*
 * say - plain words for what is in a report, the same in every rendering.
 *
 * Nothing here is made safe: names come out as Go gave them.  Whoever shows
 * them to a terminal passes them through gb_text_safe(), whoever writes XML or
 * JSON through that format's escaper.
 */
#ifndef GB_REPORT_SAY_H
#define GB_REPORT_SAY_H

#include "report/report.h"

/*
 * "store.(*Cache).watch" for "example.com/shop/store.(*Cache).watch": only the
 * last element of the import path.  A major version is no name: "x/mod/v2.F" is
 * "mod.F".  %2e, which Go writes for a dot in that element, is a dot.
 */
void gb_say_func(struct gb_buf *out, const char *func);

/* "store/cache.go:41", the file alone without a line, nothing at all without a file.  Of GOROOT and
 * the module cache only what people know: "net/http/server.go:3285", "example.com/x@v1.2.0/x.go:7". */
void gb_say_site(struct gb_buf *out, const struct gb_site *site);

/* Does this frame lie outside the standard library?  `module` is the package's. */
bool gb_say_is_users(const char *module, const struct gb_site *frame);

/* "12 × store.(*Cache).watch created at store/cache.go:41, chan receive": the outermost function
 * outside the standard library, else the goroutine's own, else its creator. */
void gb_say_group(struct gb_buf *out, const char *module, const struct gb_group *g);

/* Is this group of a test of the judged package what a verdict by GB_BY_LIVING is about?  Those of
 * the process that had the most, each once. */
bool gb_say_is_living(const struct gb_judgement *j, const struct gb_test *t,
		      const struct gb_group *g);
/* "16.0 MiB in 15 objects", "192 started": what a site weighs.  With a base "+15.0 MiB (1.0 MiB in 1
 * object → 16.0 MiB in 15 objects)", "+6,144 B in 256 objects" where the base has none. */
void gb_say_weight(struct gb_buf *out, const struct gb_evidence_site *s, bool base);

/* "newly on the heap: " or "on the heap: ", what stands before a site's escape. */
const char *gb_say_escape_word(const struct gb_evidence_site *s);

/* What stands before places of which none weighs more than at the base. */
const char *gb_say_as_before(void);

/* "store/cache.go:41, (*Cache).Put: i captured by a closure, stored in m[i]": a value on the heap. */
void gb_say_escape(struct gb_buf *out, const struct gb_escapes *e, const struct gb_escape *x);
/* "store/cache.go:41, (*Cache).Put: REASON (loop-variable)", without the fix. */
void gb_say_warning(struct gb_buf *out, const struct gb_warning *w);

/* One word for a row: "over", "hung", "proven", "grew", "left", "gone", ... */
const char *gb_say_word(const struct gb_judgement *j);

/* What `measured` is compared with in this verdict: the budget, the recorded value, the
 * ceiling.  False where there is nothing to compare with. */
bool gb_say_against(const struct gb_judgement *j, int64_t *ret);

/* What stands behind the numbers: "ceiling 10.1 KiB", "in 1 of 5 runs", "waived until ...". */
void gb_say_remark(struct gb_buf *out, const struct gb_judgement *j);

/* The whole verdict in one line, without package and test:
 * "goroutines: 12 is over the budget of 0 (+12), in 1 of 5 runs". */
void gb_say_judgement(struct gb_buf *out, const struct gb_judgement *j);

/* "FAIL  2 over, 1 grew · 518 tests in 12 packages · 14.2s" without the first word; and that word. */
const char *gb_say_outcome(const struct gb_report *r);
void gb_say_totals(struct gb_buf *out, const struct gb_report *r);

/* "did not build", "a test failed", ...: the heading of a trouble. */
const char *gb_say_trouble(enum gb_trouble_kind k);

/* "14 garbage collections, the world stopped for 823.6 us in all and 45.2 us at worst; 2.2 MiB live at the
 * end": what is known of a package's collector.  False, and nothing, if that is nothing. */
bool gb_say_collector(struct gb_buf *out, const struct gb_package *p);

/* The run whose groups show best what was judged: the last of those with the largest sample of m,
 * since the last ones know more. */
int gb_say_worst_run(const struct gb_test *t, enum gb_metric m);

#endif
