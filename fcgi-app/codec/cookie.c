/*
 * Finding a cookie.  Must not know: sessions, which names mean what.
 */
#include "codec/cookie.h"

bool cookie_find(struct str header, struct str name, struct str *ret_value)
{
	struct str piece;

	while (str_split(&header, ';', &piece)) {
		size_t equals = str_find_char(piece, '=');
		struct str value;

		if (equals == SIZE_MAX || !str_eq(str_trim(str_sub(piece, 0, equals)), name))
			continue;
		value = str_trim(str_from_pos(piece, equals + 1));
		if (value.n >= 2 && value.p[0] == '"' && value.p[value.n - 1] == '"')
			value = str_sub(value, 1, value.n - 2);
		*ret_value = value;
		return true;
	}
	return false;
}

/* RFC 6265 4.1.1; the separators are those of a token. */
bool cookie_name_valid(struct str name)
{
	for (size_t i = 0; i < name.n; i++)
		if (name.p[i] <= ' ' || name.p[i] == 0x7F ||
		    str_find_char(STR("()<>@,;:\\\"/[]?={}"), name.p[i]) != SIZE_MAX)
			return false;
	return name.n > 0;
}

bool cookie_value_valid(struct str value)
{
	for (size_t i = 0; i < value.n; i++)
		if (value.p[i] <= ' ' || value.p[i] == 0x7F ||
		    str_find_char(STR("\",;\\"), value.p[i]) != SIZE_MAX)
			return false;
	return true;
}
