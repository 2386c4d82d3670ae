/* tempdir - see tempdir.h. */
#include "tempdir.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/fs.h"
#include "base/mem.h"

int tempdir_enter(void **state)
{
	char template[] = "/tmp/gobudget-test-XXXXXX";
	char *path;

	if (!mkdtemp(template) || chdir(template) < 0 || gb_fs_cwd(&path, NULL) < 0)
		return -1;
	*state = path;
	return 0;
}

int tempdir_leave(void **state)
{
	_free_ char *path = *state;

	if (chdir("/") < 0)
		return -1;
	return gb_fs_remove_tree(path, NULL);
}
