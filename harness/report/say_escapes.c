/* What the compiler said, in words. */
#include "report/say.h"

#include "base/buf.h"

static void place(struct gb_buf *out, const char *file, int line, const char *func)
{
	const struct gb_site site = { .file = (char *)(uintptr_t)file, .line = line };

	gb_say_site(out, &site);
	if (func[0])
		gb_buf_addf(out, ", %s", func);
	gb_buf_adds(out, ": ");
}

void gb_say_escape(struct gb_buf *out, const struct gb_escapes *e, const struct gb_escape *x)
{
	place(out, x->file, x->line, x->func);
	gb_escape_say(e, x, out);
}

void gb_say_warning(struct gb_buf *out, const struct gb_warning *w)
{
	place(out, w->file, w->line, w->func);
	gb_buf_addf(out, "%s (%s)", w->reason, gb_rules[w->rule].name);
}
