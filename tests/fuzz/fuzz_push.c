/* What git says is pushed: whatever the bytes are, no crash, and what is read is what was there. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "git/push.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct gb_push p = { 0 };
	struct gb_err err = GB_ERR_INIT;
	int rc = gb_push_parse((const char *)data, size, &p, &err);

	if (rc < 0) {
		if (!err.line[0] || err.code != rc)
			abort();
		return 0;
	}
	for (size_t i = 0; i < p.n; i++)
		if (!p.v[i].local[0] || !p.v[i].remote[0] || strchr(p.v[i].remote, ' ') ||
		    strlen(p.v[i].local_id) != 40 || strlen(p.v[i].remote_id) != 40)
			abort();
	gb_push_release(&p);
	return 0;
}
