/*
 * banned - functions that a mistake turns into a hole are compile errors.
 *
 * No bound, no length, hidden state, or no way to see a failure.  err.h, mem.h,
 * buf.h, fd.h, text.h and utf8.h include this file, so every source file has it.
 * The system headers that declare these names come first: later they would trip.
 */
#ifndef GB_BASE_BANNED_H
#define GB_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define GB_BANNED(func) sorry_##func##_is_a_banned_function

/* Use struct gb_buf, gb_asprintf, gb_strndup, snprintf. */
#undef strcpy
#define strcpy(x, y) GB_BANNED(strcpy)
#undef strcat
#define strcat(x, y) GB_BANNED(strcat)
#undef strncpy
#define strncpy(x, y, n) GB_BANNED(strncpy)
#undef strncat
#define strncat(x, y, n) GB_BANNED(strncat)
#undef stpcpy
#define stpcpy(x, y) GB_BANNED(stpcpy)
#undef sprintf
#define sprintf(...) GB_BANNED(sprintf)
#undef vsprintf
#define vsprintf(...) GB_BANNED(vsprintf)
#undef gets
#define gets(x) GB_BANNED(gets)

/* Hidden state: use strchr, or the _r twin of the time functions. */
#undef strtok
#define strtok(x, y) GB_BANNED(strtok)
#undef asctime
#define asctime(t) GB_BANNED(asctime)
#undef asctime_r
#define asctime_r(t, b) GB_BANNED(asctime_r)
#undef ctime
#define ctime(t) GB_BANNED(ctime)
#undef ctime_r
#define ctime_r(t, b) GB_BANNED(ctime_r)
#undef gmtime
#define gmtime(t) GB_BANNED(gmtime)
#undef localtime
#define localtime(t) GB_BANNED(localtime)

/* A failure looks like a zero: use gb_parse_int. */
#undef atoi
#define atoi(x) GB_BANNED(atoi)
#undef atol
#define atol(x) GB_BANNED(atol)
#undef atof
#define atof(x) GB_BANNED(atof)

/* A shell, or a name that someone else may take first: use gb_proc_run, gb_fs_scratch. */
#undef system
#define system(x) GB_BANNED(system)
#undef popen
#define popen(x, y) GB_BANNED(popen)
#undef tmpnam
#define tmpnam(x) GB_BANNED(tmpnam)
#undef mktemp
#define mktemp(x) GB_BANNED(mktemp)

#endif
