/*
 * Settings printed: help, docs/settings.md, problems, the values in force.
 * Everything comes from config.def; nothing here knows a key.
 */
#include "sys/config.h"

#include "sys/config_table.h"

#include <inttypes.h>

/* What a reader meets in the table's order: a section's title or a setting. */
struct entry {
	const char *title;
	enum config_key key;
};

static const struct entry entries[] = {
#define GROUP(text)                                    { .title = (text) },
#define SETTING(TYPE, name, def, min, max, unit, help) { .key = CONFIG_KEY_##name },
#include "sys/config.def"
#undef SETTING
#undef GROUP
};

const char *config_type_name(enum config_type type)
{
	switch (type) {
	case CONFIG_TYPE_TEXT:
		return "text";
	case CONFIG_TYPE_LIST:
		return "list";
	case CONFIG_TYPE_PATH:
		return "path";
	case CONFIG_TYPE_SECRET:
		return "secret file";
	case CONFIG_TYPE_INT:
		return "number";
	case CONFIG_TYPE_BOOL:
		return "yes/no";
	case CONFIG_TYPE_CHOICE:
		return "choice";
	}
	BUG(true);
}

static void print_range(FILE *out, const struct config_setting *s)
{
	const char *gap = *s->unit ? " " : "";

	if (s->type == CONFIG_TYPE_INT || s->type == CONFIG_TYPE_LIST)
		fprintf(out, "%" PRId64 " to %" PRId64 "%s%s", s->min, s->max, gap, s->unit);
	else if (s->type == CONFIG_TYPE_CHOICE)
		fprintf(out, "one of: %s", s->unit);
	else if (s->type == CONFIG_TYPE_BOOL)
		fputs("yes or no", out);
	else
		fprintf(out, "%s%" PRId64 " bytes",
			s->min == 0 ? "may be empty; at most " : "at most ", s->max);
}

void config_print_help(FILE *out)
{
	for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
		const struct config_setting *s = &config_settings[entries[i].key];

		if (entries[i].title) {
			fprintf(out, "%s%s\n", i > 0 ? "\n" : "", entries[i].title);
			continue;
		}
		fprintf(out, "  %s = %s\n      %s\n      %s: ", s->key, s->def, s->help,
			config_type_name(s->type));
		print_range(out, s);
		fputc('\n', out);
	}
}

void config_print_markdown(FILE *out)
{
	fputs("# Settings\n\n"
	      "Printed by `muster check-config --markdown` from `fcgi-app/sys/config.def`; do not "
	      "edit.\n\n"
	      "A settings file has lines of the form `key = value`; a line that begins with `#` is "
	      "a\n"
	      "comment. The environment overrides the file: `MUSTER_PAGES_PROCESSES=4`. Secrets "
	      "are never\n"
	      "values: their settings name a file of mode 0600 or 0400, and the environment cannot "
	      "set\n"
	      "them. Unknown and repeated keys are errors. `muster check-config` prints every "
	      "problem.\n",
	      out);
	for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
		const struct config_setting *s = &config_settings[entries[i].key];

		if (entries[i].title) {
			fprintf(out,
				"\n## %s\n\n| key | default | type | allowed | meaning |\n"
				"| --- | --- | --- | --- | --- |\n",
				entries[i].title);
			continue;
		}
		fprintf(out, "| `%s` | %s%s%s | %s | ", s->key, *s->def ? "`" : "", s->def,
			*s->def ? "`" : "", config_type_name(s->type));
		print_range(out, s);
		fprintf(out, " | %s |\n", s->help);
	}
}

void config_print_problems(FILE *out, const char *path, const struct config_problems *problems)
{
	for (size_t i = 0; i < problems->n; i++) {
		const struct config_problem *p = &problems->items[i];

		if (p->line > 0)
			fprintf(out, "%s:%d: ", path ? path : "settings", p->line);
		if (!str_empty(p->key))
			fprintf(out, "%.*s: ", STR_ARG(p->key));
		fprintf(out, "%.*s\n", STR_ARG(p->text));
	}
}

static void print_list(FILE *out, const struct config_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		fprintf(out, "%s%.*s", i > 0 ? ", " : "", STR_ARG(list->items[i]));
}

static void print_choice(FILE *out, const struct config_setting *s, int64_t index)
{
	struct str words = str_from(s->unit), word;

	for (int64_t i = 0; str_split(&words, ' ', &word); i++)
		if (i == index)
			fprintf(out, "%.*s", STR_ARG(word));
}

void config_print_value(FILE *out, const struct config *c, const struct config_setting *s)
{
	const void *at = (const char *)c + s->at;

	switch (s->type) {
	case CONFIG_TYPE_TEXT:
	case CONFIG_TYPE_PATH:
	case CONFIG_TYPE_SECRET:
		fprintf(out, "%.*s", STR_ARG(*(const struct str *)at));
		break;
	case CONFIG_TYPE_LIST:
		print_list(out, at);
		break;
	case CONFIG_TYPE_INT:
		fprintf(out, "%" PRId64, *(const int64_t *)at);
		break;
	case CONFIG_TYPE_BOOL:
		fputs(*(const bool *)at ? "yes" : "no", out);
		break;
	case CONFIG_TYPE_CHOICE:
		print_choice(out, s, *(const int64_t *)at);
		break;
	}
}

void config_print_values(FILE *out, const struct config *c)
{
	for (size_t i = 0; i < ARRAY_LEN(entries); i++) {
		const struct config_setting *s = &config_settings[entries[i].key];

		if (entries[i].title) {
			fprintf(out, "%s# %s\n", i > 0 ? "\n" : "", entries[i].title);
			continue;
		}
		fprintf(out, "%s = ", s->key);
		config_print_value(out, c, s);
		fputc('\n', out);
	}
}
