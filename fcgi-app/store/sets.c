/*
 * The list of all statement sets, made from STORE_SETS in store/sets.h.
 */
#include "store/sets.h"

static const struct statement_set end;

const struct statement_set *const store_sets[] = {
#define X(set) &set##_statements,
	STORE_SETS(X)
#undef X
	& end
};

const struct statement_set *const store_owner_sets[] = {
#define X(set) &set##_statements,
	STORE_OWNER_SETS(X)
#undef X
	& end
};
