/*
 * utf8 - one character at a time, without a locale.
 *
 * Strict as Unicode's table 3-7: overlong forms, surrogates and what lies past
 * U+10FFFF are invalid.  Widths come from Unicode 14 (East_Asian_Width W and F
 * are two columns; Mn, Me and format characters are none); ambiguous is one.
 */
#ifndef GB_BASE_UTF8_H
#define GB_BASE_UTF8_H

#include "base/banned.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GB_UTF8_REPLACEMENT "\xEF\xBF\xBD" /* U+FFFD */
#define GB_UTF8_ELLIPSIS    "\xE2\x80\xA6" /* U+2026 */

/* Bytes of the character at s (1 to 4), 0 where it is invalid or len is 0. */
size_t gb_utf8_decode(const char *s, size_t len, uint32_t *ret);

size_t gb_utf8_width(uint32_t cp); /* 0, 1 or 2 columns */

/* Control, format, bidi, zero-width, blank-looking and private characters: not for a screen. */
bool gb_utf8_unsafe(uint32_t cp);

#endif
