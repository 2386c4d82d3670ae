/* notes_size - what notes.c and notes_write.c share. */
#ifndef GB_GIT_NOTES_SIZE_H
#define GB_GIT_NOTES_SIZE_H

#include "git/repo.h"

#include <stdint.h>

/* The bytes that an object just written takes in the repository; 0 where it lies in a pack. */
int64_t notes_stored(const struct gb_repo *repo, const char *id);

#endif
