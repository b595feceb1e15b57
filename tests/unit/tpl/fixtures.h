/* The structs of the fixture templates beside this file. */
#ifndef TESTS_UNIT_TPL_FIXTURES_H
#define TESTS_UNIT_TPL_FIXTURES_H

#include "view/tpl.h"

enum fixture_kind { KIND_PLAIN, KIND_SPECIAL };

struct view_values {
	struct str text, url;
	const char *cz;
	char *word;
	struct safe_html safe;
	int i;
	int64_t i64;
	size_t size;
	unsigned u;
	uint8_t u8;
	bool flag;
	int32_t day;
	struct view_item *item;
};

struct view_item {
	struct str name;
	int64_t size;
};

struct view_group {
	struct str title;
	const struct view_item *items;
	size_t n_items;
};

struct view_blocks {
	bool flag;
	struct str text, other;
	const char *cz;
	int n;
	enum fixture_kind kind;
	const struct view_group *groups;
	size_t n_groups;
	const struct view_item *pointer;
	struct view_item first[2];
	int n_first;
};

struct view_messages {
	struct str name, title, code;
	int64_t n, size;
};

struct view_frame {
	struct str title;
	bool has_side;
};

struct view_page_fixture {
	struct view_frame frame;
	const struct view_item *pointer;
	struct view_item item;
	const struct view_item *items;
	size_t n_items;
};

struct view_table_row {
	struct str title, course, code, author;
	int64_t id, size;
	int32_t day, start_tod, end_tod;
	int n_notes;
};

struct view_table {
	const struct view_table_row *rows;
	size_t n_rows;
};

#endif
