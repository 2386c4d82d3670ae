/*
 * fuzz_json - any bytes as JSON.
 *
 * Beyond not crashing: what our scan accepts cJSON reads as well, value for
 * value; every value has a line and a path; what is written again is accepted
 * again.
 */
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/json.h"
#include "base/limits.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

static void check_value(const struct gb_json *j, const cJSON *item)
{
	static const char *const keys[] = { "alloc_space", "goroutines", NULL };
	_buf_ struct gb_buf path = GB_BUF_INIT(64 * GB_MIB);
	struct gb_err err = GB_ERR_INIT;
	int64_t n;

	check(gb_json_line(j, item) > 0);
	gb_json_path(j, item, &path);
	check(item == j->root ? path.len == 0 : path.len > 0);
	if (gb_json_int(j, item, &n))
		check((double)n == item->valuedouble);
	if (cJSON_IsObject(item))
		gb_json_only_keys(j, item, keys, &err);
	for (const cJSON *child = item->child; child; child = child->next)
		check_value(j, child);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gb_err err = GB_ERR_INIT;
	struct gb_json *j = NULL, *again = NULL;
	int rc = gb_json_parse("fuzz.json", (const char *)data, size, &j, &err);
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_REPORT);

	if (rc < 0) {
		check(rc == GB_EUSAGE && err.code == rc && err.line[0] && !j);
		return 0;
	}
	check_value(j, j->root);
	if (cJSON_IsString(j->root)) {
		gb_buf_add_json(&text, j->root->valuestring);
		check(gb_json_parse("again", text.data, text.len, &again, &err) == 0);
		gb_json_free(again);
	}
	gb_json_free(j);
	return 0;
}
