/*
 * fuzz_units - any text as a size, duration, percentage, integer and glob, and any number
 * written as text.
 *
 * Beyond not crashing: what is accepted is in range, and what is refused
 * leaves the output alone; formatted text fits its space.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/text.h"
#include "base/units.h"

#define UNTOUCHED INT64_C(-4242)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int condition)
{
	if (!condition)
		abort();
}

static void check_parse(int (*parse)(const char *, int64_t *, struct gb_err *), const char *text)
{
	struct gb_err err = GB_ERR_INIT;
	int64_t n = UNTOUCHED;
	int rc = parse(text, &n, &err);

	check(rc == 0 ? n >= 0 : rc == GB_EUSAGE && n == UNTOUCHED && err.line[0]);
}

static void check_numbers(const char *text)
{
	double share = -1;
	int64_t n = UNTOUCHED;

	check_parse(gb_parse_size, text);
	check_parse(gb_parse_duration, text);
	if (gb_parse_percent(text, &share, NULL) == 0)
		check(share >= 0 && share <= 10000.01);
	else
		check(share == -1);
	if (gb_parse_int(text, -10, 1000, &n, NULL) == 0)
		check(n >= -10 && n <= 1000);
	else
		check(n == UNTOUCHED);
}

static void check_formats(int64_t a, int64_t b)
{
	char out[32];

	check(strlen(gb_format_size(out, sizeof(out), a)) < sizeof(out) - 1);
	check(strlen(gb_format_count(out, sizeof(out), a)) < sizeof(out) - 1);
	check(strlen(gb_format_delta(out, sizeof(out), a, true)) < sizeof(out) - 1);
	check(strlen(gb_format_delta(out, sizeof(out), a, false)) < sizeof(out) - 1);
	check(strlen(gb_format_percent(out, sizeof(out), a, b)) < sizeof(out) - 1);
	check(strlen(gb_format_duration(out, sizeof(out), a)) < sizeof(out) - 1);
}

static void check_text(const char *text)
{
	const char *half = text + strlen(text) / 2;
	_buf_ struct gb_buf safe = GB_BUF_INIT(1 << 20);
	_buf_ struct gb_buf fitted = GB_BUF_INIT(1 << 20);
	_buf_ struct gb_buf again = GB_BUF_INIT(1 << 20);

	gb_glob(text, half);
	gb_glob(half, text);
	gb_text_safe(&safe, text);
	gb_text_safe(&again, safe.data);
	check(strcmp(safe.data, again.data) == 0);
	gb_text_fit(&fitted, safe.data, 9);
	check(gb_text_width(fitted.data) <= 9);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	_free_ char *text = NULL;
	int64_t a = 0, b = 0;

	if (size > 10000)
		return 0;
	text = gb_strndup((const char *)data, size);
	if (!text)
		return 0;
	check_numbers(text);
	check_text(text);
	memcpy(&a, data, size < 8 ? size : 8);
	if (size >= 16)
		memcpy(&b, data + 8, 8);
	check_formats(a, b);
	return 0;
}
