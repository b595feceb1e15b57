/*
 * Host, origin, token.  Must not know: requests, settings.
 */
#include "sys/guard.h"

#include "base/num.h"
#include "sys/crypto.h"

static bool is_host_char(char c)
{
	return ascii_is_alnum(c) || c == '-' || c == '.' || c == '_';
}

static bool port_is_good(struct str port)
{
	int64_t n;

	return num_i64(port, 1, 65535, &n);
}

bool guard_host_name(struct str host, struct str *ret_name)
{
	struct str name, rest;
	size_t n = 0;

	if (host.n && host.p[0] == '[') {
		size_t end = str_find_char(host, ']');

		if (end == SIZE_MAX || end == 1)
			return false;
		name = str_sub(host, 1, end - 1);
		for (size_t i = 0; i < name.n; i++)
			if (!ascii_is_hex(name.p[i]) && name.p[i] != ':' && name.p[i] != '.')
				return false;
		rest = str_from_pos(host, end + 1);
	} else {
		while (n < host.n && is_host_char(host.p[n]))
			n++;
		name = str_sub(host, 0, n);
		rest = str_from_pos(host, n);
	}
	if (!name.n || (rest.n && (rest.p[0] != ':' || !port_is_good(str_from_pos(rest, 1)))))
		return false;
	*ret_name = name;
	return true;
}

bool guard_host_allowed(struct str name, const struct str *allowed, size_t n)
{
	if (name.n > 1 && name.p[name.n - 1] == '.')
		name.n--;
	for (size_t i = 0; i < n; i++)
		if (str_eq_nocase(name, allowed[i]))
			return true;
	return false;
}

bool guard_origin_allowed(struct str origin, struct str fetch_site, struct str host)
{
	size_t at;

	if (fetch_site.n && !str_eq(fetch_site, STR("same-origin")) &&
	    !str_eq(fetch_site, STR("none")))
		return false;
	if (!origin.n)
		return true;
	at = str_find(origin, STR("://"));
	return at != SIZE_MAX && str_eq_nocase(str_from_pos(origin, at + 3), host);
}

bool guard_token_equal(struct str token, struct str expected)
{
	return token.n && expected.n && crypto_equal_str(token, expected);
}
