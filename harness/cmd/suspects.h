/* suspects - tests whose verdicts want an explanation: over, grew, waived.  For gather.h. */
#ifndef GB_CMD_SUSPECTS_H
#define GB_CMD_SUSPECTS_H

#include "budget/judge.h"

/* `verdicts` is a struct gb_verdicts. */
bool suspects_has(void *verdicts, const struct gb_package *p, const struct gb_test *t);
/* ... for what is still reachable after it. */
bool suspects_stays(void *verdicts, const struct gb_package *p, const struct gb_test *t);

#endif
