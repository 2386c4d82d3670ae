/*
 * tempdir - a folder for one test, removed at the end of its group.
 */
#ifndef GB_TEST_TEMPDIR_H
#define GB_TEST_TEMPDIR_H

/* cmocka's group set-up and tear-down: makes a folder and changes into it; *state is its path. */
int tempdir_enter(void **state);
int tempdir_leave(void **state);

#endif
