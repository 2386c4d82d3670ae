/*
 * goroutines - the text that Go prints of goroutines, read one by one.
 *
 * What /debug/pprof/goroutine?debug=2 and a crash print (runtime/traceback.go, Go 1.21 to 1.27):
 *
 *	goroutine 18 [chan receive (nil chan), 5 minutes, locked to thread] {key: value}:
 *	main.(*pool).work(0xc000012345, {0x1, 0x2})
 *		/src/main.go:12 +0x25
 *	created by main.start in goroutine 1
 *		/src/main.go:20 +0x44
 *
 * No binary profile tells who created a goroutine, in what state it is and for how long.  The
 * runtime counts whole minutes from the first garbage collection that saw it wait.
 *
 * The text comes from anybody.  A line that is none of these is passed over, unless the text does
 * not begin with a goroutine at all: GB_EPARSE.  Go ends the text at 64 MiB wherever that is, so a
 * last goroutine that is cut is left out and told.
 */
#ifndef GB_PPROF_GOROUTINES_H
#define GB_PPROF_GOROUTINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct gb_err;

struct gb_goroutine_frame {
	const char *function; /* without arguments; never NULL */
	const char *file;     /* "" where the text has none */
	int line;
};

struct gb_goroutine {
	int64_t id;
	const char
		*state;	 /* "chan receive": without what follows in parentheses or after a comma */
	int64_t minutes; /* of waiting; 0 where it is less than one */
	bool leaked;	 /* the runtime knows that it can never run again */
	bool never;	 /* waits on a nil channel or in an empty select */
	const struct gb_goroutine_frame *frames; /* innermost first, at most GB_MAX_FRAMES */
	size_t n_frames;
	struct gb_goroutine_frame created; /* function "" for the main goroutine */
};

struct gb_goroutines_text {
	size_t n; /* goroutines */
	bool cut; /* the last one is not whole, or the text is as long as Go makes any */
};

/* Where Go stops writing. */
#define GB_GOROUTINES_TEXT_MAX ((size_t)64 << 20)

/*
 * What on_goroutine gets is valid during the call; a negative return of it ends the walk and is
 * returned.  `name` is for messages.  GB_EPARSE, GB_ENOMEM.
 */
int gb_goroutines_walk(const char *name, const char *text, size_t len,
		       int (*on_goroutine)(void *arg, const struct gb_goroutine *g,
					   struct gb_err *err),
		       void *arg, struct gb_goroutines_text *ret, struct gb_err *err);

#endif
