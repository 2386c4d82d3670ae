/*
 * json - strict JSON over cJSON: what cJSON lets pass is rejected here.
 *
 * gb_json_parse() first walks the text (RFC 8259 grammar, duplicate keys, leading
 * zeros, depth, trailing bytes, invalid UTF-8, NUL), so that every error has a
 * line and a column, then lets cJSON build the tree.  Comments are not JSON.
 *
 * A value is found again in the text by its path, for messages that name file,
 * line and key: paths are joined as people read them, `environments[0].tests["TestA/b"].alloc_space`.
 *
 * cJSON's numbers are doubles: gb_json_int() reads the digits from the text
 * where a double cannot hold them.  It refuses fractions.
 */
#ifndef GB_BASE_JSON_H
#define GB_BASE_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_buf;
struct gb_err;

struct gb_json {
	char *name; /* file name for messages */
	char *text; /* the whole text, NUL-terminated */
	size_t len;
	cJSON *root;
	void *index; /* where each value of the tree stands in the text */
};

/* Makes cJSON allocate through mem.h; gb_json_parse() does it too.  For who builds trees first. */
void gb_json_init(void);

/* GB_EUSAGE with "<name>:<line>:<column>: <what>"; GB_ENOMEM.  Copies the text. */
int gb_json_parse(const char *name, const char *text, size_t len, struct gb_json **ret,
		  struct gb_err *err);
void gb_json_free(struct gb_json *j);
void gb_cleanup_json(struct gb_json **pj);
#define _json_ __attribute__((cleanup(gb_cleanup_json)))

/* Line (from 1) where a value of the tree begins; 0 if it is not of this tree. */
size_t gb_json_line(const struct gb_json *j, const cJSON *item);

/* The path of a value from the root, "" for the root; appended to out. */
void gb_json_path(const struct gb_json *j, const cJSON *item, struct gb_buf *out);

/* gb_fail(GB_EUSAGE, "<name>:<line>: <path>: <text>"). */
int gb_json_fail(const struct gb_json *j, const cJSON *item, struct gb_err *err, const char *fmt,
		 ...) __attribute__((format(printf, 4, 5)));

/* The exact integer; false if not a number, has a fraction or exponent, or does not fit. */
bool gb_json_int(const struct gb_json *j, const cJSON *item, int64_t *ret);

/* Error for the first key of an object that is not in the NULL-terminated list;
 * the hint names the nearest key that is ("did you mean ..."). */
int gb_json_only_keys(const struct gb_json *j, const cJSON *object, const char *const *keys,
		      struct gb_err *err);

#endif
