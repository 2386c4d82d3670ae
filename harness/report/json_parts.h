/* json_parts - what the files of the JSON report share.  Not for anybody else. */
#ifndef GB_REPORT_JSON_PARTS_H
#define GB_REPORT_JSON_PARTS_H

#include "report/jsonw.h"
#include "report/report.h"

void gb_json_site(struct gb_jsonw *w, const char *key, const struct gb_site *s);
void gb_json_frames(struct gb_jsonw *w, const char *key, const struct gb_site *v, size_t n);
/* "escapes"; nothing where the compiler was not asked. */
void gb_json_escapes(struct gb_jsonw *w, const struct gb_report *r);
void gb_json_evidence(struct gb_jsonw *w, const struct gb_evidence *e);

#endif
