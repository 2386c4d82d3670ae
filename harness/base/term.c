/* term - see term.h. */
#include "base/term.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/text.h"
#include "base/units.h"

#define MIN_WIDTH 40
#define MAX_WIDTH 1000
#define TTY_WIDTH 80
#define LOG_WIDTH 120

static bool is_set(const char *name)
{
	const char *value = getenv(name);

	return value && *value;
}

static bool is_on(const char *name)
{
	const char *value = getenv(name);

	return value && *value && strcmp(value, "0") != 0 && strcasecmp(value, "false") != 0;
}

static size_t find_width(int fd, bool tty)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	int64_t n;

	if (columns && gb_parse_int(columns, 1, MAX_WIDTH, &n, NULL) == 0)
		return (size_t)n;
	if (tty && ioctl(fd, TIOCGWINSZ, &size) == 0 && size.ws_col)
		return size.ws_col;
	return tty ? TTY_WIDTH : LOG_WIDTH;
}

/* Who says NO_COLOR means it, whatever else is set. */
static bool wants_colour(const struct gb_term *t)
{
	if (is_set("NO_COLOR"))
		return false;
	if (is_on("CLICOLOR_FORCE") || is_on("FORCE_COLOR"))
		return true;
	return t->tty && !t->dumb;
}

/* Asked of the environment, so that nobody needs setlocale (which would change number formats). */
static bool is_utf8(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *value = getenv(names[i]);

		if (value && *value)
			return strcasestr(value, "utf-8") || strcasestr(value, "utf8");
	}
	return false;
}

void gb_term_init(struct gb_term *t, FILE *file)
{
	const char *kind = getenv("TERM");
	int fd = fileno(file);

	t->file = file;
	t->tty = fd >= 0 && isatty(fd);
	t->dumb = !kind || !*kind || strcmp(kind, "dumb") == 0;
	t->colour = wants_colour(t);
	t->width = find_width(fd, t->tty);
	if (t->width < MIN_WIDTH)
		t->width = MIN_WIDTH;
	t->live = false;
	t->utf8 = is_utf8();
}

void gb_term_live(struct gb_term *t, const char *line)
{
	_buf_ struct gb_buf safe = GB_BUF_INIT(16384);
	_buf_ struct gb_buf out = GB_BUF_INIT(65536);

	if (!t->tty || t->dumb || (!line && !t->live))
		return;
	gb_buf_adds(&out, "\r");
	if (line) {
		gb_text_safe(&safe, line);
		/* The last column stays free: some terminals wrap once it is written. */
		gb_text_fit(&out, safe.data, t->width - 1);
	}
	gb_buf_adds(&out, "\033[K");
	if (out.failed)
		return;
	fwrite(out.data, 1, out.len, t->file);
	fflush(t->file);
	t->live = line != NULL;
}

const char *gb_style_on(bool colour, enum gb_style style)
{
	static const char *const codes[] = {
		[GB_PLAIN] = "",	[GB_BOLD] = "\033[1m",	 [GB_DIM] = "\033[2m",
		[GB_RED] = "\033[31m",	[GB_GREEN] = "\033[32m", [GB_YELLOW] = "\033[33m",
		[GB_CYAN] = "\033[36m",
	};

	return colour ? codes[style] : "";
}

const char *gb_style_off(bool colour)
{
	return colour ? "\033[0m" : "";
}
