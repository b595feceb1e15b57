/*
 * The route table: every path of the program, one line each.
 */
#include "app.h"

#include "api/health.h"

const struct route muster_routes[] = {
	ROUTE(GET, "/health", PUBLIC, OWN, api_health, .without_database = true),
};
const size_t muster_n_routes = ARRAY_LEN(muster_routes);

static const char *const page_prefixes[] = { "/", NULL };
static const char *const own_prefixes[] = { "/api/", "/health", NULL };

void routes_families(struct web *w)
{
	w->families[FAMILY_PAGES] = (struct family){ .prefixes = page_prefixes,
						     .hides_denied = true,
						     .render_error = family_problem_json };
	w->families[FAMILY_OWN] = (struct family){ .prefixes = own_prefixes,
						   .hides_denied = true,
						   .is_json = true,
						   .render_error = family_problem_json };
	w->families[FAMILY_004] =
		(struct family){ .is_json = true, .render_error = family_problem_json };
}
