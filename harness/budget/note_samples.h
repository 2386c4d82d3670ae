/* note_samples - what note.c and note_samples.c share.  Not for anybody else: see note.h. */
#ifndef GB_BUDGET_NOTE_SAMPLES_H
#define GB_BUDGET_NOTE_SAMPLES_H

#include "budget/note.h"

struct gb_json;

/* "benchmarks" of the root, if it is there. */
int note_samples_read(const struct gb_json *j, struct gb_note *note, struct gb_err *err);
int note_samples_fold(struct gb_note *note, struct gb_err *err);
/* With the comma before it; nothing where there are none. */
void note_samples_write(const struct gb_note *note, struct gb_buf *out);
void note_samples_release(struct gb_note *note);

#endif
