/*
 * cpus - how many of this machine's processors this process may use, as a runtime would ask.
 */
#ifndef GB_BASE_CPUS_H
#define GB_BASE_CPUS_H

/* By affinity where the system has such a thing, else all that are on line; at least 1. */
int gb_cpus(void);

/* What the container's control group grants of them, as the kernel writes it ("200000 100000"),
 * or NULL: nothing says.  Caller frees. */
char *gb_cpus_quota(void);

/* "AMD EPYC 7763 64-Core Processor, 4 CPUs": which processor, and how many of it there are for
 * us.  Times are compared only between processors that are called the same.  Caller frees; NULL:
 * no memory. */
char *gb_cpus_name(void);

#endif
