/* exec_plugin - can this test binary open plugins?  Looked for by name, in the file itself. */
#include "go/exec.h"

#include "base/fd.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEAD ((size_t)4096) /* where an ELF file names its loader */

static bool contains(const char *data, size_t len, const char *what)
{
	return memmem(data, len, what, strlen(what)) != NULL;
}

/* The linker drops what nothing calls, and keeps the names of functions: one search answers.
 * Most binaries have no loader, and are not searched at all. */
static bool opens(const char *data, size_t len)
{
	size_t head = len < HEAD ? len : HEAD;
	bool elf = len > 4 && memcmp(data,
				     "\x7f"
				     "ELF",
				     4) == 0;

	if (elf && !contains(data, head, "/ld-") && !contains(data, head, "/ld."))
		return false;
	return contains(data, len, "plugin.Open");
}

bool gb_exec_opens_plugins(const char *binary)
{
	_fd_ int fd = open(binary, O_RDONLY | O_CLOEXEC);
	struct stat st;
	bool found = false;

	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) || st.st_size <= 0)
		return false;
	size_t len = (size_t)st.st_size;
	void *data = mmap(NULL, len, PROT_READ, MAP_PRIVATE, fd, 0);
	if (data == MAP_FAILED)
		return false;
	found = opens(data, len);
	munmap(data, len);
	return found;
}
