/*
 * units - reading; units_format.c writes.  See units.h.
 *
 * Numbers are read digit by digit: strtod would ask the locale, take hex and
 * "inf", and round.  At most nine digits follow the point, so that fraction
 * times unit (at most 2^30) stays exact in 64 bits.
 */
#include "base/units.h"

#include <string.h>
#include <strings.h>

#include "base/err.h"

struct decimal {
	uint64_t whole;
	uint64_t frac;	/* the digits after the point ... */
	uint64_t scale; /* ... and 10^(their number) */
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* "12" or "12.5"; what follows is at *ret_rest.  False: no such number, or too many digits. */
static bool parse_decimal(const char *s, struct decimal *ret, const char **ret_rest)
{
	struct decimal d = { 0, 0, 1 };

	if (!is_digit(*s))
		return false;
	for (; is_digit(*s); s++) {
		uint64_t digit = (uint64_t)(*s - '0');

		if (d.whole > ((uint64_t)INT64_MAX - digit) / 10)
			return false;
		d.whole = d.whole * 10 + digit;
	}
	if (*s == '.') {
		if (!is_digit(*++s))
			return false;
		for (; is_digit(*s); s++) {
			if (d.scale == 1000000000)
				return false;
			d.frac = d.frac * 10 + (uint64_t)(*s - '0');
			d.scale *= 10;
		}
	}
	*ret = d;
	*ret_rest = s;
	return true;
}

/* d times unit, rounded down; false past INT64_MAX. */
static bool scaled(struct decimal d, uint64_t unit, int64_t *ret)
{
	uint64_t part = d.frac * unit / d.scale;

	if (d.whole > ((uint64_t)INT64_MAX - part) / unit)
		return false;
	*ret = (int64_t)(d.whole * unit + part);
	return true;
}

int gb_parse_size(const char *text, int64_t *ret, struct gb_err *err)
{
	static const struct {
		const char *name;
		uint64_t bytes;
	} units[] = {
		{ "", 1 },
		{ "B", 1 },
		{ "KB", 1000 },
		{ "MB", 1000 * 1000 },
		{ "GB", 1000 * 1000 * 1000 },
		{ "KiB", 1 << 10 },
		{ "MiB", 1 << 20 },
		{ "GiB", 1 << 30 },
	};
	struct decimal d;
	const char *unit;

	if (parse_decimal(text, &d, &unit)) {
		bool spaced = *unit == ' ';

		unit += strspn(unit, " ");
		for (size_t i = spaced; i < sizeof(units) / sizeof(units[0]); i++)
			if (strcasecmp(unit, units[i].name) == 0 && scaled(d, units[i].bytes, ret))
				return 0;
	}
	return gb_fail(err, GB_EUSAGE,
		       "\"%.80s\" is not a size: expected bytes or a number with B, KB, MB, GB, "
		       "KiB, MiB or GiB",
		       text);
}

static uint64_t duration_unit(const char *s, size_t *ret_len)
{
	if (s[0] == 'm' && s[1] == 's') {
		*ret_len = 2;
		return 1;
	}
	*ret_len = 1;
	switch (s[0]) {
	case 's':
		return 1000;
	case 'm':
		return 60 * 1000;
	case 'h':
		return 60 * 60 * 1000;
	default:
		return 0;
	}
}

/* As Go writes them, so "1m30s" too. */
static bool parse_duration(const char *s, int64_t *ret)
{
	int64_t sum = 0;

	if (strcmp(s, "0") == 0) {
		*ret = 0;
		return true;
	}
	do {
		struct decimal d;
		size_t len;
		uint64_t unit;
		int64_t ms;

		if (!parse_decimal(s, &d, &s))
			return false;
		unit = duration_unit(s, &len);
		if (!unit || !scaled(d, unit, &ms) || ms > INT64_MAX - sum)
			return false;
		sum += ms;
		s += len;
	} while (*s);
	*ret = sum;
	return true;
}

int gb_parse_duration(const char *text, int64_t *ret_ms, struct gb_err *err)
{
	if (parse_duration(text, ret_ms))
		return 0;
	return gb_fail(err, GB_EUSAGE,
		       "\"%.80s\" is not a duration: expected something like 500ms, 1.5s, 2m or 1h",
		       text);
}

static uint64_t short_unit(const char *s)
{
	static const struct {
		const char *name;
		uint64_t ns;
	} units[] = {
		{ "ns", 1 },
		{ "us", 1000 },
		{ "\xC2\xB5s", 1000 }, /* the micro sign, and the Greek letter */
		{ "\xCE\xBCs", 1000 },
		{ "ms", 1000 * 1000 },
		{ "s", 1000 * 1000 * 1000 },
	};

	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++)
		if (strcmp(s, units[i].name) == 0)
			return units[i].ns;
	return 0;
}

int gb_parse_nanoseconds(const char *text, int64_t *ret_ns, struct gb_err *err)
{
	struct decimal d;
	const char *rest;

	if (strcmp(text, "0") == 0) {
		*ret_ns = 0;
		return 0;
	}
	if (parse_decimal(text, &d, &rest)) {
		rest += strspn(rest, " ");
		uint64_t unit = short_unit(rest);

		if (unit && scaled(d, unit, ret_ns))
			return 0;
	}
	return gb_fail(err, GB_EUSAGE,
		       "\"%.80s\" is not a time: expected something like 800ns, 250us, 1.5ms or 2s",
		       text);
}

int gb_parse_percent(const char *text, double *ret, struct gb_err *err)
{
	struct decimal d;
	const char *rest;

	/* Below 2^53 once joined, so that "12.5%" is the double nearest to 0.125. */
	if (parse_decimal(text, &d, &rest) && d.whole <= 1000000) {
		rest += strspn(rest, " ");
		if (strcmp(rest, "%") == 0) {
			*ret = (double)(d.whole * d.scale + d.frac) / ((double)d.scale * 100);
			return 0;
		}
	}
	return gb_fail(err, GB_EUSAGE,
		       "\"%.80s\" is not a percentage: expected something like 5%% or 12.5%%",
		       text);
}

int gb_parse_int(const char *text, int64_t min, int64_t max, int64_t *ret, struct gb_err *err)
{
	bool negative = *text == '-';
	const char *s = text + negative;
	uint64_t limit = (uint64_t)INT64_MAX + negative, n = 0;
	bool ok = is_digit(*s);

	for (; ok && *s; s++) {
		uint64_t digit = (uint64_t)(*s - '0');

		ok = is_digit(*s) && n <= (limit - digit) / 10;
		n = n * 10 + digit;
	}
	if (ok) {
		int64_t value = negative ? (int64_t)(0 - n) : (int64_t)n;

		if (value >= min && value <= max) {
			*ret = value;
			return 0;
		}
	}
	return gb_fail(err, GB_EUSAGE, "\"%.80s\" is not a whole number from %lld to %lld", text,
		       (long long)min, (long long)max);
}
