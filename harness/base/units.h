/*
 * units - sizes and counts as people write and read them.
 *
 * gb_parse_size: "0", "512", "4096 B", "4KiB", "1.5 MiB", "2GB" (KB, MB, GB are
 * powers of 1000; KiB, MiB, GiB of 1024; case does not matter).  Result is
 * bytes, rounded down.  Rejects signs, "1.2.3", unknown units, and anything
 * above INT64_MAX.  gb_parse_duration: "500ms", "1s", "1.5m", "2h" to
 * milliseconds.  gb_parse_nanoseconds: "800ns", "250us" (or with a micro sign), "1.5ms", "2s" to
 * nanoseconds.  gb_parse_percent: "5%", "12.5%" to 0.05, 0.125.
 * All return 0 or GB_EUSAGE with a line that quotes the text and says what was expected.
 *
 * Formatters write at most `size` bytes with the NUL and return `out`.
 */
#ifndef GB_BASE_UNITS_H
#define GB_BASE_UNITS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_err;

int gb_parse_size(const char *text, int64_t *ret, struct gb_err *err);
int gb_parse_duration(const char *text, int64_t *ret_ms, struct gb_err *err);
int gb_parse_nanoseconds(const char *text, int64_t *ret_ns, struct gb_err *err);
int gb_parse_percent(const char *text, double *ret, struct gb_err *err);
int gb_parse_int(const char *text, int64_t min, int64_t max, int64_t *ret, struct gb_err *err);

char *gb_format_size(char *out, size_t size,
		     int64_t bytes); /* "496 B", "1.1 MiB", exact below 10 KiB: "9,216 B" */
char *gb_format_count(char *out, size_t size, int64_t n);		     /* "1,234,567" */
char *gb_format_delta(char *out, size_t size, int64_t delta, bool is_bytes); /* "+64 B", "-12" */
char *gb_format_percent(char *out, size_t size, int64_t old,
			int64_t now);			      /* "+12.5%"; old 0: "new" */
char *gb_format_duration(char *out, size_t size, int64_t ms); /* "840ms", "1.2s", "2m03s" */

char *gb_format_nanoseconds(char *out, size_t size,
			    int64_t ns); /* exact below 10 us: "9,216 ns", "45.2 us", "1.3 ms" */

#endif
