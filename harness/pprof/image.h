/*
 * image - where a program lay in memory, against where its file says.
 *
 * Addresses in a profile are those of the process; a position independent
 * program lies elsewhere in each.  The slide is what has to be taken from
 * them to get the addresses of the file.  ELF (64 bit, the machine's byte order) and
 * Mach-O (64 bit, thin) are known; any other file has no slide.
 */
#ifndef GB_PPROF_IMAGE_H
#define GB_PPROF_IMAGE_H

#include "pprof/profile.h"

/*
 * Of the mapping that is the program's: the one with the file's name, else the first.
 * GB_ENOTFOUND, GB_ESYS, GB_ENOMEM.
 */
int gb_image_slide(const char *path, const struct gb_profile *p, uint64_t *ret, struct gb_err *err);

#endif
