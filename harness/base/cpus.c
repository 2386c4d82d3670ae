/* cpus - see cpus.h. */
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>
#ifdef __linux__
#include <sched.h>
#endif
#ifdef __APPLE__
#include <sys/sysctl.h>
#endif

#include "base/buf.h"
#include "base/cpus.h"
#include "base/fs.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/text.h"

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

#define MAX_NAME 200

#ifdef __linux__
/* The value of the first line "KEY\t: VALUE", or nothing. */
static void add_info(struct gb_buf *out, const char *info, const char *key)
{
	size_t len = strlen(key);

	for (const char *p = info; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		if (!gb_starts(p, key))
			continue;
		p += len + strspn(p + len, " \t");
		if (*p != ':')
			continue;
		p += 1 + strspn(p + 1, " \t");
		len = strcspn(p, "\n");
		gb_buf_add(out, p, len < MAX_NAME ? len : MAX_NAME);
		return;
	}
}

/* Arm tells numbers alone: who made it, and which of theirs it is. */
static void add_model(struct gb_buf *out)
{
	_buf_ struct gb_buf info = GB_BUF_INIT(16 * GB_MIB);

	if (gb_fs_read("/proc/cpuinfo", &info, NULL) < 0)
		return;
	add_info(out, info.data, "model name");
	if (out->len)
		return;
	add_info(out, info.data, "CPU implementer");
	if (out->len) {
		gb_buf_addc(out, ' ');
		add_info(out, info.data, "CPU part");
	}
}
#elif defined(__APPLE__)
static void add_model(struct gb_buf *out)
{
	char name[MAX_NAME] = "";
	size_t len = sizeof(name) - 1;

	if (sysctlbyname("machdep.cpu.brand_string", name, &len, NULL, 0) == 0)
		gb_buf_adds(out, name);
}
#else
static void add_model(struct gb_buf *out)
{
	(void)out;
}
#endif

char *gb_cpus_name(void)
{
	_buf_ struct gb_buf model = GB_BUF_INIT(GB_KIB), name = GB_BUF_INIT(4 * GB_KIB);
	struct utsname machine;
	int n = gb_cpus();

	add_model(&model);
	if (!model.len)
		gb_buf_adds(&model, uname(&machine) == 0 ? machine.machine : "a CPU");
	gb_text_safe(&name, model.data);
	gb_buf_addf(&name, ", %d CPU%s", n, n == 1 ? "" : "s");
	return gb_buf_detach(&name);
}
