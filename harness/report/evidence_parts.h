/* evidence_parts - what the files of evidence share.  Not for anybody else. */
#ifndef GB_REPORT_EVIDENCE_PARTS_H
#define GB_REPORT_EVIDENCE_PARTS_H

#include "escape/escape.h"
#include "report/evidence.h"
#include "report/source.h"

/* How much of a function's name is left without what closures add: "p.(*T).F" of "p.(*T).F.func1.2". */
size_t gb_evidence_stem(const char *func);

/* Fills escape, flow and chain; both sets may be NULL. */
int gb_evidence_tell(struct gb_evidence_site *s, const struct gb_escapes *set,
		     const struct gb_escapes *base, struct gb_err *err);

#endif
