/* words - one copy of every string of a set.  See state.h. */
#include "escape/state.h"

#include "base/err.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static size_t hash(const char *text, size_t len)
{
	uint64_t h = UINT64_C(14695981039346656037); /* FNV-1a */

	for (size_t i = 0; i < len; i++)
		h = (h ^ (unsigned char)text[i]) * UINT64_C(1099511628211);
	return (size_t)(h ^ h >> 32);
}

static size_t slot_of(char *const *words, size_t cap, const char *text, size_t len)
{
	size_t i = hash(text, len) & (cap - 1);

	while (words[i] && (strncmp(words[i], text, len) != 0 || words[i][len]))
		i = (i + 1) & (cap - 1);
	return i;
}

static bool grow(struct gb_escape_state *s)
{
	size_t cap = s->cap_words ? s->cap_words * 2 : 1024;
	char **words = gb_calloc(cap, sizeof(*words));

	if (!words)
		return false;
	for (size_t i = 0; i < s->cap_words; i++)
		if (s->words[i])
			words[slot_of(words, cap, s->words[i], strlen(s->words[i]))] = s->words[i];
	free(s->words);
	s->words = words;
	s->cap_words = cap;
	return true;
}

const char *gb_word(struct gb_escape_state *s, const char *text, size_t len)
{
	if (s->n_words * 2 >= s->cap_words && !grow(s))
		return NULL;
	size_t i = slot_of(s->words, s->cap_words, text, len);
	if (!s->words[i]) {
		s->words[i] = gb_strndup(text, len);
		if (!s->words[i])
			return NULL;
		s->n_words++;
	}
	return s->words[i];
}
