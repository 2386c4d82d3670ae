/* Test logs: any bytes are refused with a line, or are a list that reads back as itself. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "plan/testlog.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct gb_testlog_places places = { "/nowhere/w",
						 { "/usr/local/go", "/tmp", NULL, NULL } };

static void check(int condition)
{
	if (!condition)
		abort();
}

static void check_sorted(const struct gb_strlist *l, int path)
{
	for (size_t i = 0; i < l->n; i++) {
		check(i == 0 || strcmp(l->v[i - 1], l->v[i]) < 0);
		check(!path || l->v[i][0] == '/');
		check(!strchr(l->v[i], '\n'));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_testlog_ struct gb_testlog log = { 0 }, again = { 0 };
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_MAX_TEST_LOG * 4),
			    twice = GB_BUF_INIT(GB_MAX_TEST_LOG * 4);
	struct gb_err err = GB_ERR_INIT;
	int rc = gb_testlog_parse((const char *)data, size, "/nowhere/w/p", &places, &log, &err);

	if (rc) {
		check(err.line[0] && err.code == rc);
		return 0;
	}
	check_sorted(&log.env, 0);
	check_sorted(&log.opens, 1);
	check_sorted(&log.stats, 1);
	gb_testlog_write(&log, &text);
	check(!text.failed);
	check(gb_testlog_parse(text.data, text.len, "/elsewhere", &places, &again, NULL) == 0);
	gb_testlog_write(&again, &twice);
	check(twice.len == text.len && memcmp(twice.data, text.data, text.len) == 0);
	return 0;
}
