/* Goroutines as text: whatever the bytes are, no crash, and what is told can be read. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "pprof/goroutines.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t seen;

static void look(const struct gb_goroutine_frame *f)
{
	if (strlen(f->function) > GB_MAX_PROFILE || strlen(f->file) > GB_MAX_PROFILE || f->line < 0)
		abort();
}

static int on_goroutine(void *arg, const struct gb_goroutine *g, struct gb_err *err)
{
	(void)arg;
	(void)err;
	seen++;
	if (g->id < 0 || g->minutes < 0 || strstr(g->state, ", ") || g->n_frames > GB_MAX_FRAMES)
		abort();
	for (size_t i = 0; i < g->n_frames; i++)
		look(&g->frames[i]);
	look(&g->created);
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gb_err err = GB_ERR_INIT;
	struct gb_goroutines_text told = { 0 };
	int rc;

	seen = 0;
	rc = gb_goroutines_walk("fuzz", (const char *)data, size, on_goroutine, NULL, &told, &err);
	if (rc < 0 && (!err.line[0] || err.code != rc))
		abort();
	if (rc == 0 && told.n != seen)
		abort();
	return 0;
}
