#include "report/bisected.h"

#include "base/limits.h"
#include "base/mem.h"

#include <stdlib.h>

const struct gb_bisected *gb_bisected_of(const struct gb_bisections *all, const struct gb_change *c)
{
	for (size_t i = 0; all && i < all->n; i++)
		if (all->v[i].change == c)
			return &all->v[i];
	return NULL;
}

int gb_bisections_add(struct gb_bisections *all, const struct gb_change *c,
		      struct gb_bisected **ret, struct gb_err *err)
{
	int rc = gb_grow((void **)&all->v, &all->cap, all->n + 1, sizeof(*all->v), GB_MAX_CHANGES,
			 err);

	if (rc < 0)
		return rc;
	*ret = &all->v[all->n++];
	**ret = (struct gb_bisected){ .change = c };
	return 0;
}

void gb_bisections_release(struct gb_bisections *all)
{
	for (size_t i = 0; i < all->n; i++) {
		free(all->v[i].author);
		free(all->v[i].subject);
		free(all->v[i].evidence);
		free(all->v[i].why);
	}
	free(all->v);
	*all = (struct gb_bisections){ 0 };
}
