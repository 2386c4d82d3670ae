/* units_format - sizes, counts, differences and times as text.  See units.h. */
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/units.h"

static uint64_t magnitude(int64_t n)
{
	return n < 0 ? 0 - (uint64_t)n : (uint64_t)n;
}

/* Digits in groups of three; `out` holds 32. */
static const char *grouped(char *out, size_t size, uint64_t n)
{
	char *p = out + size - 1;
	int digits = 0;

	*p = '\0';
	do {
		if (digits && digits % 3 == 0)
			*--p = ',';
		*--p = (char)('0' + n % 10);
		n /= 10;
		digits++;
	} while (n);
	return p;
}

static char *format_bytes(char *out, size_t size, const char *sign, uint64_t bytes)
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB", "PiB", "EiB" };
	const size_t last = sizeof(units) / sizeof(units[0]) - 1;
	uint64_t unit = 1 << 10, tenths;
	char text[32];

	if (bytes < 10 * 1024) {
		snprintf(out, size, "%s%s B", sign, grouped(text, sizeof(text), bytes));
		return out;
	}
	for (size_t i = 0;; i++, unit <<= 10) {
		tenths = bytes / unit * 10 + (bytes % unit * 10 + unit / 2) / unit;
		if (tenths < 10240 || i == last) {
			snprintf(out, size, "%s%llu.%llu %s", sign,
				 (unsigned long long)(tenths / 10),
				 (unsigned long long)(tenths % 10), units[i]);
			return out;
		}
	}
}

char *gb_format_size(char *out, size_t size, int64_t bytes)
{
	return format_bytes(out, size, bytes < 0 ? "-" : "", magnitude(bytes));
}

char *gb_format_count(char *out, size_t size, int64_t n)
{
	char text[32];

	snprintf(out, size, "%s%s", n < 0 ? "-" : "", grouped(text, sizeof(text), magnitude(n)));
	return out;
}

char *gb_format_delta(char *out, size_t size, int64_t delta, bool is_bytes)
{
	const char *sign = delta > 0 ? "+" : delta < 0 ? "-" : "";
	char text[32];

	if (is_bytes)
		return format_bytes(out, size, sign, magnitude(delta));
	snprintf(out, size, "%s%s", sign, grouped(text, sizeof(text), magnitude(delta)));
	return out;
}

/*
 * One digit after the point; more where that would show a change as 0.0, none
 * from a thousand percent on.
 */
char *gb_format_percent(char *out, size_t size, int64_t old, int64_t now)
{
	double percent;
	int digits = 1;

	if (old == 0 && now != 0) {
		snprintf(out, size, "new");
		return out;
	}
	percent = old == now ? 0 : ((double)now - (double)old) * 100 / (double)magnitude(old);
	if (percent >= 999.95 || percent <= -999.95) {
		char text[32];
		double whole = percent < 0 ? -percent : percent;

		snprintf(out, size, "%c%s%%", percent < 0 ? '-' : '+',
			 grouped(text, sizeof(text),
				 whole < 1e18 ? (uint64_t)(whole + 0.5) : (uint64_t)1e18));
		return out;
	}
	while (digits < 4 && old != now) {
		static const double visible[] = { 0, 0.05, 0.005, 0.0005 };

		if (percent >= visible[digits] || percent <= -visible[digits])
			break;
		digits++;
	}
	snprintf(out, size, old == now ? "%.*f%%" : "%+.*f%%", digits, percent);
	return out;
}

char *gb_format_duration(char *out, size_t size, int64_t ms)
{
	const char *sign = ms < 0 ? "-" : "";
	unsigned long long n = magnitude(ms), tenths = (n + 50) / 100, seconds = (n + 500) / 1000;

	if (n < 1000)
		snprintf(out, size, "%s%llums", sign, n);
	else if (tenths < 600)
		snprintf(out, size, "%s%llu.%llus", sign, tenths / 10, tenths % 10);
	else if (seconds < 3600)
		snprintf(out, size, "%s%llum%02llus", sign, seconds / 60, seconds % 60);
	else
		snprintf(out, size, "%s%lluh%02llum", sign, seconds / 3600, seconds / 60 % 60);
	return out;
}

char *gb_format_nanoseconds(char *out, size_t size, int64_t ns)
{
	static const char *const units[] = { "us", "ms", "s" };
	const size_t last = sizeof(units) / sizeof(units[0]) - 1;
	const char *sign = ns < 0 ? "-" : "";
	uint64_t n = magnitude(ns), unit = 1000, tenths;
	char text[32];

	if (n < 10 * 1000) {
		snprintf(out, size, "%s%s ns", sign, grouped(text, sizeof(text), n));
		return out;
	}
	for (size_t i = 0;; i++, unit *= 1000) {
		tenths = n / unit * 10 + (n % unit * 10 + unit / 2) / unit;
		if (tenths < 10000 || i == last) {
			snprintf(out, size, "%s%s.%llu %s", sign,
				 grouped(text, sizeof(text), tenths / 10),
				 (unsigned long long)(tenths % 10), units[i]);
			return out;
		}
	}
}
