/*
 * tokens - Go text into tokens: the first half of gb_source_read().
 *
 * Comments are left out, strings are one literal each, `:=` is one mark and every other
 * mark a single byte.  Brackets know their partner; one without a partner ends with the file.
 */
#ifndef GB_ESCAPE_TOKENS_H
#define GB_ESCAPE_TOKENS_H

#include "escape/source.h"

/* Fills lines and tokens from text. */
int gb_source_tokens(struct gb_source *s, struct gb_err *err);

#endif
