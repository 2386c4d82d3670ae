/* site - whose code a frame is. */
#include "go/run.h"

#include "base/text.h"

#include <string.h>

static bool in_module(const char *func, const char *module)
{
	size_t n = module ? strlen(module) : 0;

	return n && gb_starts(func, module) && (func[n] == '/' || func[n] == '.');
}

bool gb_site_is_users(const char *module, const struct gb_site *frame)
{
	const char *func = frame->func ? frame->func : "";
	size_t first = strcspn(func, "/("), path, slash = 0;

	if (in_module(func, module) || gb_starts(func, "main."))
		return true;
	/* A first element with a dot is a host: only the standard library has none. */
	if (func[first] == '/')
		return memchr(func, '.', first) != NULL;
	/* "time.Sleep", or a module with a name of one word: those lie below the module ... */
	if (!frame->file || !*frame->file || frame->file[0] == '/')
		return false;
	/* ... unless -trimpath made the library's own names relative: time/sleep.go. */
	path = strcspn(func, ".(");
	slash = strcspn(frame->file, "/");
	return !(slash == path && strncmp(func, frame->file, path) == 0);
}
