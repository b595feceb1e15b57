/*
 * Which attributes hold URLs or code, and where in a URL a value stands.
 *
 * A value that begins a URL is checked for its scheme when the page is made.
 * Behind a constant beginning it is percent-encoded, so it can neither make a
 * scheme nor leave its path segment, query value or fragment.
 */
#include "tools/tplc_html.h"

static bool is_one_of(struct str s, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (str_eq(s, str_from(list[i])))
			return true;
	}
	return false;
}

enum html_attr_kind html_attr_kind(struct str tag, struct str attr)
{
	static const char *const urls[] = {
		"href",      "src",       "action",   "formaction", "poster",      "cite",
		"data",      "manifest",  "ping",     "background", "xlink:href",  "hx-get",
		"hx-post",   "hx-put",    "hx-patch", "hx-delete",  "hx-push-url", "hx-replace-url",
		"data-live", "data-href", "data-src", "data-url",
	};
	/* HTML, lists of URLs, code, or what htmx reads as code. */
	static const char *const forbidden[] = {
		"srcdoc",     "srcset",     "imagesrcset", "http-equiv", "hx-vals",    "hx-vars",
		"hx-headers", "hx-trigger", "hx-request",  "hx-ext",     "hx-include", "nonce",
	};

	/* SVG elements that may set the URL of another. */
	static const char *const animations[] = { "animate", "set", "animatetransform",
						  "animatemotion" };

	if (is_one_of(attr, forbidden, ARRAY_LEN(forbidden)) ||
	    is_one_of(tag, animations, ARRAY_LEN(animations)))
		return ATTR_FORBIDDEN;
	if (is_one_of(attr, urls, ARRAY_LEN(urls)) || str_ends(attr, STR("-url")))
		return ATTR_URL;
	if (str_eq(tag, STR("script")) && str_eq(attr, STR("type")))
		return ATTR_TYPE;
	return ATTR_PLAIN;
}

/* The constant start of a URL up to ':', kept in value. */
static bool is_good_scheme(const struct html_state *h)
{
	static const char *const good[] = { "https:", "http:", "mailto:" };

	return is_one_of(str_make(h->value, h->n_value), good, ARRAY_LEN(good));
}

bool html_url_char(struct html_state *h, char ch)
{
	bool is_part = ch == '?' || ch == '#';

	switch (h->url) {
	case URL_NONE:
	case URL_INSIDE:
		return true;
	case URL_START:
		if (strchr(" \t\r\n:\\", ch))
			return false;
		h->url = ch == '/' ? URL_SLASH : is_part ? URL_INSIDE : URL_SCHEME;
		return true;
	case URL_SCHEME:
		if (ch == ':') {
			h->url = URL_INSIDE;
			if (!is_good_scheme(h))
				return false;
			if (!str_starts(str_make(h->value, h->n_value), STR("mailto")))
				h->url = URL_HOST;
		} else if (ch == '/' || is_part) {
			h->url = URL_INSIDE;
		}
		return true;
	case URL_SLASH:
		h->url = ch == '/' || ch == '\\' ? URL_HOST : URL_INSIDE;
		return true;
	case URL_HOST:
		/* https: is followed by the two slashes, which are not the path's. */
		if ((ch == '/' && h->n_value > 1 && h->value[h->n_value - 2] != ':' &&
		     h->value[h->n_value - 2] != '/') ||
		    is_part)
			h->url = URL_INSIDE;
		return true;
	case URL_AFTER_VALUE:
	case URL_MIXED:
		/* Anything else could finish a scheme or a host. */
		if (ch != '/' && ch != '&' && !is_part)
			return false;
		h->url = URL_INSIDE;
		return true;
	}
	return true;
}

bool html_url_value(struct html_state *h, enum html_escape *ret, const char **ret_why)
{
	switch (h->url) {
	case URL_START:
		*ret = ESCAPE_URL;
		h->url = URL_AFTER_VALUE;
		return true;
	case URL_INSIDE:
		*ret = ESCAPE_PART;
		return true;
	case URL_SLASH:
		/* "/" and an empty value and "/" would begin a host. */
		*ret_why = "a value cannot be the first segment of a path";
		return false;
	case URL_SCHEME:
		*ret_why = "a value cannot continue the first word of a URL; begin it with /";
		return false;
	case URL_HOST:
		*ret_why = "no value can stand in the host of a URL";
		return false;
	case URL_AFTER_VALUE:
		*ret_why = "two values at the start of a URL; put / ? # or & between them";
		return false;
	case URL_MIXED:
		*ret_why = "the start of this URL differs by a condition";
		return false;
	case URL_NONE:
		break;
	}
	*ret = ESCAPE_ATTR;
	return true;
}
