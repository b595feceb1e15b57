/*
 * The settings' table as data.  Private to config*.c.
 */
#ifndef SYS_CONFIG_TABLE_H
#define SYS_CONFIG_TABLE_H

#include "sys/config.h"

#include <stddef.h>

enum config_type {
	CONFIG_TYPE_TEXT,
	CONFIG_TYPE_LIST,
	CONFIG_TYPE_PATH,
	CONFIG_TYPE_SECRET,
	CONFIG_TYPE_INT,
	CONFIG_TYPE_BOOL,
	CONFIG_TYPE_CHOICE,
};

enum config_key {
#define GROUP(title)
#define SETTING(TYPE, key, def, min, max, unit, help) CONFIG_KEY_##key,
#include "sys/config.def"
#undef SETTING
#undef GROUP
	CONFIG_KEY__MAX
};

struct config_setting {
	enum config_type type;
	const char *key, *def;
	int64_t min, max;
	const char *unit, *help;
	size_t at; /* of the member in struct config */
};

extern const struct config_setting config_settings[CONFIG_KEY__MAX];

/* The name shown to people: "number", "list", … */
const char *config_type_name(enum config_type type);
/* The value of a setting, as it would stand in a file. */
void config_print_value(FILE *out, const struct config *c, const struct config_setting *s);

#endif
