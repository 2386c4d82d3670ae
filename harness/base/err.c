/* err - see err.h. */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/*
 * Formats into `out`; what is too long ends in "..." and never in half a
 * UTF-8 character.  Formatted aside first: an argument may be the line itself.
 */
__attribute__((format(printf, 3, 0))) static void set_line(char *out, size_t size, const char *fmt,
							   va_list ap)
{
	char text[sizeof(((struct gb_err *)0)->line)];
	int n = vsnprintf(text, size, fmt, ap);

	if (n < 0)
		text[0] = '\0';
	if (n >= 0 && (size_t)n >= size) {
		size_t end = size - sizeof("...");

		while (end > 0 && ((unsigned char)text[end] & 0xC0) == 0x80)
			end--;
		memcpy(text + end, "...", sizeof("..."));
	}
	memcpy(out, text, strlen(text) + 1);
}

int gb_fail(struct gb_err *err, int code, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return code;
	va_start(ap, fmt);
	set_line(err->line, sizeof(err->line), fmt, ap);
	va_end(ap);
	err->code = code;
	err->sys = 0;
	err->hint[0] = '\0';
	return code;
}

static int code_of_errno(int sys)
{
	switch (sys) {
	case ENOENT:
		return GB_ENOTFOUND;
	case ENOMEM:
		return GB_ENOMEM;
	default:
		return GB_ESYS;
	}
}

int gb_fail_sys(struct gb_err *err, int sys, const char *fmt, ...)
{
	int code = code_of_errno(sys);
	char what[sizeof(((struct gb_err *)0)->line)];
	va_list ap;

	if (!err)
		return code;
	va_start(ap, fmt);
	set_line(what, sizeof(what), fmt, ap);
	va_end(ap);
	gb_fail(err, code, "%s: %s", what, strerror(sys));
	err->sys = code == GB_ESYS ? sys : 0;
	return code;
}

int gb_hint(struct gb_err *err, const char *fmt, ...)
{
	va_list ap;

	if (!err)
		return GB_EUSAGE;
	va_start(ap, fmt);
	set_line(err->hint, sizeof(err->hint), fmt, ap);
	va_end(ap);
	return err->code;
}

int gb_fail_nomem(struct gb_err *err)
{
	return gb_fail(err, GB_ENOMEM, "out of memory");
}

int gb_exit_status(int code)
{
	if (code == GB_OK)
		return 0;
	return code == GB_EUSAGE ? 2 : 3;
}
