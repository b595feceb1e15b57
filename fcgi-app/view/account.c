/*
 * What a User-Agent header says, in two names.
 */
#include "view/account.h"

struct agent_word {
	const char *word, *name;
};

static struct str name_in(struct str text, const struct agent_word *words, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (str_find(text, str_from(words[i].word)) != SIZE_MAX)
			return str_from(words[i].name);
	}
	return (struct str){ 0 };
}

void agent_names(struct str user_agent, struct str *ret_browser, struct str *ret_device)
{
	/* Each also says the names of those below it. */
	static const struct agent_word browsers[] = {
		{ "Edg", "Edge" },
		{ "OPR/", "Opera" },
		{ "SamsungBrowser", "Samsung Internet" },
		{ "Firefox/", "Firefox" },
		{ "FxiOS/", "Firefox" },
		{ "CriOS/", "Chrome" },
		{ "Chrome/", "Chrome" },
		{ "Safari/", "Safari" },
		{ "curl/", "curl" },
	};
	static const struct agent_word devices[] = {
		{ "iPhone", "iPhone" }, { "iPad", "iPad" },       { "Android", "Android" },
		{ "CrOS", "ChromeOS" }, { "Windows", "Windows" }, { "Macintosh", "Mac" },
		{ "Linux", "Linux" },
	};

	*ret_browser = name_in(user_agent, browsers, ARRAY_LEN(browsers));
	*ret_device = name_in(user_agent, devices, ARRAY_LEN(devices));
}
