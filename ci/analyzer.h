/*
 * analyzer - what clang's analyzer cannot see from one file: that failing is negative, that
 * cJSON's questions are false for NULL, that what uthash deletes is out of its table.
 *
 * Included by clang-tidy alone (ci/test, step tidy), before each file that does not define
 * these functions itself.  Without it, "rc = gb_fail(...)" may be 0 to the analyzer,
 * and everything behind "if (rc < 0) return rc;" looks uninitialised.
 */
#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "pprof/indexing.h"

#include <uthash.h>

#define gb_fail(err, code, ...) (gb_fail(err, code, __VA_ARGS__), (code) < 0 ? (code) : GB_EUSAGE)
#define gb_fail_sys(...)	(gb_fail_sys(__VA_ARGS__), GB_ESYS)
#define gb_fail_nomem(err)	(gb_fail_nomem(err), GB_ENOMEM)
#define gb_hint(...)		(gb_hint(__VA_ARGS__), GB_EUSAGE)
#define gb_buf_error(...)	(gb_buf_error(__VA_ARGS__), GB_ELIMIT)
#define gb_index_malformed(...) (gb_index_malformed(__VA_ARGS__), GB_EPARSE)
#define gb_index_not_wire(...)	(gb_index_not_wire(__VA_ARGS__), GB_EPARSE)
#define gb_json_fail(...)	(gb_json_fail(__VA_ARGS__), GB_EUSAGE)

#define cJSON_IsString(x) ((x) && cJSON_IsString(x))
#define cJSON_IsNumber(x) ((x) && cJSON_IsNumber(x))
#define cJSON_IsObject(x) ((x) && cJSON_IsObject(x))
#define cJSON_IsArray(x)  ((x) && cJSON_IsArray(x))

#undef HASH_DEL
#define HASH_DEL(head, p) ((void)((head) = (p)->hh.next))
