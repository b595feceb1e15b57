/*
 * Internal to core: the occurrences of a schedule, made to fit its rule.
 */
#ifndef CORE_GENERATE_H
#define CORE_GENERATE_H

#include "core/schedule.h"
#include "store/schedule.h"

/*
 * In the transaction that changes schedule `r` (id, branch, zone … set).  rule NULL: no
 * day is wanted any more.  At most four statements, whatever the number of days.
 */
enum rc schedule_generate(struct core *c, struct store *s, const struct schedule_stored *r,
			  const struct recurrence_rule *rule, struct schedule_effect *ret_effect,
			  struct error *e) MUST_CHECK;

#endif
