/*
 * Signature checks: DOCX and XLSX (ECMA-376 part 2; ZIP by APPNOTE 4.3).
 *
 * The central directory is the truth, since that is what office programs read; it
 * must fill the file's end exactly, so that nothing can hide before or behind.
 * Macros are found by part name and by content type.  ZIP64 and encryption are
 * not written by office programs in files of this size and are refused.
 */
#include "sys/filetype_check.h"

#define END_SIZE    22
#define ENTRY_SIZE  46
#define LOCAL_SIZE  30
#define COMMENT_MAX 65535
#define TYPES_MAX   (128 * 1024)
#define TYPES_NAME  "[Content_Types].xml"

struct entry {
	struct str name;
	uint16_t flags, method;
	size_t packed, size, local;
	size_t next; /* position of the next entry */
};

struct package {
	bool has_types, has_word, has_excel, has_macros;
	struct entry types;
};

/* The end record: the last one whose comment reaches exactly to the end. */
static size_t end_find(struct str s)
{
	if (s.n < END_SIZE)
		return SIZE_MAX;
	size_t lowest = s.n > END_SIZE + COMMENT_MAX ? s.n - END_SIZE - COMMENT_MAX : 0;
	for (size_t at = s.n - END_SIZE + 1; at-- > lowest;)
		if (bytes_at(s, at, STR("PK\005\006")) &&
		    bytes_le16(s, at + 20) == s.n - at - END_SIZE)
			return at;
	return SIZE_MAX;
}

static bool entry_read(struct str s, size_t at, size_t end, struct entry *ret)
{
	if (at > end || end - at < ENTRY_SIZE || !bytes_at(s, at, STR("PK\001\002")))
		return false;
	size_t n_name = bytes_le16(s, at + 28);
	size_t n_all = ENTRY_SIZE + n_name + bytes_le16(s, at + 30) + bytes_le16(s, at + 32);
	if (n_all > end - at)
		return false;
	*ret = (struct entry){
		.name = str_sub(s, at + ENTRY_SIZE, n_name),
		.flags = bytes_le16(s, at + 8),
		.method = bytes_le16(s, at + 10),
		.packed = bytes_le32(s, at + 20),
		.size = bytes_le32(s, at + 24),
		.local = bytes_le32(s, at + 42),
		.next = at + n_all,
	};
	return true;
}

/* The local header names the same part, and its data lie before the directory. */
static bool local_matches(struct str s, const struct entry *e, size_t directory,
			  struct str *ret_data)
{
	if (!bytes_have(s, e->local, LOCAL_SIZE) || !bytes_at(s, e->local, STR("PK\003\004")))
		return false;
	size_t n_name = bytes_le16(s, e->local + 26);
	size_t data = e->local + LOCAL_SIZE + n_name + bytes_le16(s, e->local + 28);
	if (!str_eq(str_sub(s, e->local + LOCAL_SIZE, n_name), e->name) || data > directory ||
	    e->packed > directory - data)
		return false;
	*ret_data = str_sub(s, data, e->packed);
	return true;
}

static bool is_macro_part(struct str name)
{
	return bytes_find_nocase(name, STR("vbaproject")) != SIZE_MAX ||
	       bytes_find_nocase(name, STR("vbadata")) != SIZE_MAX ||
	       bytes_find_nocase(name, STR("macrosheets/")) != SIZE_MAX;
}

static void part_note(struct package *p, const struct entry *e)
{
	if (str_eq_nocase(e->name, STR(TYPES_NAME))) {
		p->has_types = true;
		p->types = *e;
	}
	p->has_word = p->has_word || str_starts(e->name, STR("word/"));
	p->has_excel = p->has_excel || str_starts(e->name, STR("xl/"));
	p->has_macros = p->has_macros || is_macro_part(e->name);
}

static struct finding directory_read(struct str s, struct package *p)
{
	size_t end = end_find(s);
	struct str data;
	struct entry e;

	if (end == SIZE_MAX)
		return FINDING_DAMAGED("ZIP without an end");
	size_t n = bytes_le16(s, end + 10), directory = bytes_le32(s, end + 16);
	if (bytes_le32(s, end + 4) != 0 || bytes_le16(s, end + 8) != n ||
	    bytes_le32(s, end + 12) > end)
		return FINDING_DAMAGED("ZIP in several parts");
	if (directory != end - bytes_le32(s, end + 12))
		return FINDING_MISMATCH("data around a ZIP");
	size_t at = directory;
	for (size_t i = 0; i < n; i++) {
		if (!entry_read(s, at, end, &e) || !local_matches(s, &e, directory, &data))
			return FINDING_DAMAGED("ZIP entry that does not fit");
		if (e.flags & 1)
			return FINDING_DAMAGED("ZIP entry that is encrypted");
		part_note(p, &e);
		at = e.next;
	}
	if (at != end)
		return FINDING_DAMAGED("ZIP directory that does not fit");
	return FINDING_FINE;
}

/* Reads [Content_Types].xml into out. */
static bool types_read(struct str s, const struct package *p, char *out, struct str *ret_text)
{
	struct str data;
	size_t n;

	if (!local_matches(s, &p->types, s.n, &data))
		return false;
	if (p->types.method == 0) {
		*ret_text = data;
		return true;
	}
	if (p->types.method != 8 || !inflate_raw(data, out, TYPES_MAX, &n))
		return false;
	*ret_text = str_make(out, n);
	return true;
}

static struct finding ooxml_check(struct str s, bool is_word)
{
	struct package p = { 0 };
	char buffer[TYPES_MAX];
	struct str types;

	if (!bytes_at(s, 0, STR("PK\003\004")))
		return FINDING_MISMATCH("no ZIP signature");
	struct finding f = directory_read(s, &p);
	if (f.reason != REASON_NONE)
		return f;
	if (!p.has_types || (is_word ? !p.has_word : !p.has_excel))
		return FINDING_MISMATCH("ZIP, but not this kind of document");
	if (p.has_macros)
		return FINDING_MACROS("a part with macros");
	if (!types_read(s, &p, buffer, &types))
		return FINDING_DAMAGED("content types that cannot be read");
	if (bytes_find_nocase(types, STR("macroEnabled")) != SIZE_MAX ||
	    bytes_find_nocase(types, STR("vbaProject")) != SIZE_MAX)
		return FINDING_MACROS("content types with macros");
	struct str main = is_word ? STR("wordprocessingml.document.main+xml")
				  : STR("spreadsheetml.sheet.main+xml");
	if (str_find(types, main) == SIZE_MAX)
		return FINDING_MISMATCH("ZIP, but not this kind of document");
	return FINDING_FINE;
}

struct finding filetype_check_docx(struct str s)
{
	return ooxml_check(s, true);
}

struct finding filetype_check_xlsx(struct str s)
{
	return ooxml_check(s, false);
}
