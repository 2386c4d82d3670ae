/* json_parts - what the files of the JSON report share.  Not for anybody else. */
#ifndef GB_REPORT_JSON_PARTS_H
#define GB_REPORT_JSON_PARTS_H

#include "report/jsonw.h"
#include "report/report.h"

/* How a metric was measured: the keys below its name. */
#define GB_JSON_MODES 6

struct gb_json_mode {
	enum gb_mode mode;
	bool unsettled; /* of goroutines alone */
	const char *name;
};

extern const struct gb_json_mode gb_json_modes[GB_JSON_MODES];

/* ns/op with its three digits behind the point; all else as it is. */
void gb_json_metric(struct gb_jsonw *w, const char *key, int m, int64_t value);
void gb_json_metrics(struct gb_jsonw *w, const char *key, const struct gb_test *t);
void gb_json_test(struct gb_jsonw *w, const struct gb_report *r, const struct gb_package *p,
		  const struct gb_test *t);
void gb_json_site(struct gb_jsonw *w, const char *key, const struct gb_site *s);
void gb_json_frames(struct gb_jsonw *w, const char *key, const struct gb_site *v, size_t n);
/* "escapes"; nothing where the compiler was not asked. */
void gb_json_escapes(struct gb_jsonw *w, const struct gb_report *r);
const char *gb_json_evidence_kind(enum gb_evidence_kind k); /* "allocated", ... */
/* "commits". */
void gb_json_commits(struct gb_jsonw *w, const struct gb_report *r);
void gb_json_evidence(struct gb_jsonw *w, const struct gb_evidence *e);

/* "benchmarks" of a night; nothing where there are none. */
void gb_json_bench(struct gb_jsonw *w, const struct gb_report *r);

#endif
