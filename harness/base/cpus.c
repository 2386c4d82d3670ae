/* cpus - see cpus.h. */
#include <string.h>
#include <unistd.h>
#ifdef __linux__
#include <sched.h>
#endif

#include "base/buf.h"
#include "base/cpus.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"

int gb_cpus(void)
{
	long n = sysconf(_SC_NPROCESSORS_ONLN);
#ifdef __linux__
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof(set), &set) == 0 && CPU_COUNT(&set) > 0)
		return CPU_COUNT(&set);
#endif
	return n > 0 ? (int)n : 1;
}

char *gb_cpus_quota(void)
{
	_buf_ struct gb_buf text = GB_BUF_INIT(GB_KIB);

	if (gb_fs_read("/sys/fs/cgroup/cpu.max", &text, NULL) < 0)
		return NULL;
	return gb_strndup(text.data, strcspn(text.data, "\n"));
}
