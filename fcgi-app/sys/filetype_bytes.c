/*
 * Bounded reads and searches shared by the signature checks.
 */
#include "sys/filetype_check.h"

#define PADDING_MAX 64

bool bytes_at(struct str s, size_t at, struct str bytes)
{
	return bytes_have(s, at, bytes.n) && memcmp(s.p + at, bytes.p, bytes.n) == 0;
}

uint16_t bytes_le16(struct str s, size_t at)
{
	return (uint16_t)(bytes_u8(s, at) | bytes_u8(s, at + 1) << 8);
}

uint32_t bytes_le32(struct str s, size_t at)
{
	return bytes_le16(s, at) | (uint32_t)bytes_le16(s, at + 2) << 16;
}

uint16_t bytes_be16(struct str s, size_t at)
{
	return (uint16_t)(bytes_u8(s, at) << 8 | bytes_u8(s, at + 1));
}

uint32_t bytes_be32(struct str s, size_t at)
{
	return (uint32_t)bytes_be16(s, at) << 16 | bytes_be16(s, at + 2);
}

uint64_t bytes_be64(struct str s, size_t at)
{
	return (uint64_t)bytes_be32(s, at) << 32 | bytes_be32(s, at + 4);
}

size_t bytes_find_nocase(struct str s, struct str needle)
{
	for (size_t i = 0; bytes_have(s, i, needle.n); i++)
		if (str_eq_nocase(str_sub(s, i, needle.n), needle))
			return i;
	return SIZE_MAX;
}

bool bytes_have_markup(struct str s)
{
	static const struct str tags[] = {
		STR_INIT("<html"),   STR_INIT("<!doctype"), STR_INIT("<script"), STR_INIT("<svg"),
		STR_INIT("<iframe"), STR_INIT("<body"),     STR_INIT("<head"),   STR_INIT("<?php"),
		STR_INIT("<img"),    STR_INIT("<object"),
	};

	for (size_t at = str_find_char(s, '<'); at != SIZE_MAX;) {
		struct str rest = str_from_pos(s, at);

		for (size_t i = 0; i < ARRAY_LEN(tags); i++)
			if (str_eq_nocase(str_sub(rest, 0, tags[i].n), tags[i]))
				return true;
		size_t next = str_find_char(str_from_pos(rest, 1), '<');
		at = next == SIZE_MAX ? SIZE_MAX : at + 1 + next;
	}
	return false;
}

bool bytes_are_padding(struct str rest)
{
	if (rest.n > PADDING_MAX)
		return false;
	for (size_t i = 0; i < rest.n; i++)
		if (rest.p[i] != '\0' && rest.p[i] != '\n' && rest.p[i] != '\r' && rest.p[i] != ' ')
			return false;
	return true;
}

/*
 * APPNOTE 4.3.16.  Four bytes may stand in a film by chance: disk numbers of zero and
 * equal counts make that as good as impossible.
 */
bool bytes_end_archive(struct str s)
{
	for (;;) {
		size_t at = str_find(s, STR("PK\005\006"));

		if (at == SIZE_MAX || !bytes_have(s, at, 22))
			return false;
		if (bytes_le32(s, at + 4) == 0 && bytes_le16(s, at + 8) == bytes_le16(s, at + 10))
			return true;
		s = str_from_pos(s, at + 4);
	}
}

bool bytes_begin_archive(struct str s)
{
	for (size_t at = str_find(s, STR("PK\003\004")); at != SIZE_MAX;) {
		/* Version at most 6.3, a known method: not four bytes by chance. */
		if (bytes_have(s, at, 30) && bytes_le16(s, at + 4) <= 63 &&
		    bytes_le16(s, at + 8) <= 99)
			return true;
		size_t next = str_find(str_from_pos(s, at + 4), STR("PK\003\004"));
		at = next == SIZE_MAX ? SIZE_MAX : at + 4 + next;
	}
	return str_find(s, STR("Rar!\032\007")) != SIZE_MAX ||
	       str_find(s, STR("7z\274\257\047\034")) != SIZE_MAX;
}
