/*
 * Signature checks: DOC and XLS (compound files, MS-CFB 2).
 *
 * Follows the chains of sectors far enough to read the directory, to see that the
 * file is whole, and to find macros: storages of VBA projects and, in workbooks,
 * Excel 4.0 macro sheets (MS-XLS 2.4.28).  Chains are bounded by the number of
 * sectors, so a loop ends.
 */
#include "sys/filetype_check.h"

#define FREE_SECTOR 0xffffffffu
#define END_CHAIN   0xfffffffeu
#define HEADER_SIZE 512
#define HEADER_FATS 109 /* places of the table that stand in the header */
#define ENTRY_SIZE  128
#define NAME_UNITS  32 /* UTF-16 units, with the closing zero */

struct ole {
	struct str s;
	size_t sector;    /* bytes: 512 or 4096 */
	size_t n_sectors; /* in the file, a last part counted */
	uint32_t n_fats;
};

struct ole_entry {
	char name[NAME_UNITS]; /* ASCII; other units become '?' */
	uint8_t kind;          /* 1 storage, 2 stream, 5 root */
	uint32_t first;
	uint32_t size;
};

struct ole_facts {
	bool has_word, has_excel, has_macros;
	uint32_t root_first;
	struct ole_entry book;
};

static size_t sector_at(const struct ole *o, uint32_t sector)
{
	return (size_t)(sector + 1) * o->sector;
}

/* The number at `index` of a sector of numbers; END_CHAIN when it lies outside. */
static uint32_t sector_u32(const struct ole *o, uint32_t sector, size_t index)
{
	if (sector >= o->n_sectors || !bytes_have(o->s, sector_at(o, sector) + index * 4, 4))
		return END_CHAIN;
	return bytes_le32(o->s, sector_at(o, sector) + index * 4);
}

/* Which sector holds the n-th part of the table. */
static uint32_t fat_sector(const struct ole *o, uint32_t n)
{
	if (n < HEADER_FATS)
		return bytes_le32(o->s, 76 + 4 * (size_t)n);
	size_t per = o->sector / 4 - 1;
	uint32_t list = bytes_le32(o->s, 68);
	n -= HEADER_FATS;
	for (size_t hops = 0; n >= per; n -= (uint32_t)per, hops++) {
		if (hops > o->n_sectors)
			return END_CHAIN;
		list = sector_u32(o, list, per);
	}
	return sector_u32(o, list, n);
}

static uint32_t fat_next(const struct ole *o, uint32_t sector)
{
	uint32_t per = (uint32_t)(o->sector / 4);

	if (sector / per >= o->n_fats)
		return END_CHAIN;
	return sector_u32(o, fat_sector(o, sector / per), sector % per);
}

static bool ole_open(struct str s, struct ole *ret)
{
	struct ole o = { .s = s };

	if (!bytes_have(s, 0, HEADER_SIZE))
		return false;
	uint16_t shift = bytes_le16(s, 30);
	if (bytes_le16(s, 28) != 0xfffe || (shift != 9 && shift != 12))
		return false;
	o.sector = (size_t)1 << shift;
	if (s.n <= o.sector)
		return false;
	o.n_sectors = (s.n - 1) / o.sector; /* the header fills the place of one */
	o.n_fats = bytes_le32(s, 44);
	if (o.n_fats == 0 || o.n_fats > o.n_sectors)
		return false;
	*ret = o;
	return true;
}

/* The last sector the table knows lies in the file: so nothing was cut off. */
static bool ole_is_whole(const struct ole *o)
{
	uint32_t per = (uint32_t)(o->sector / 4);

	for (uint32_t part = o->n_fats; part-- > 0;) {
		uint32_t table = fat_sector(o, part);

		if (table >= o->n_sectors)
			return false;
		for (uint32_t i = per; i-- > 0;)
			if (sector_u32(o, table, i) != FREE_SECTOR)
				return (size_t)part * per + i < o->n_sectors;
	}
	return false;
}

static bool entry_read(const struct ole *o, size_t at, struct ole_entry *ret)
{
	if (!bytes_have(o->s, at, ENTRY_SIZE))
		return false;
	struct ole_entry e = {
		.kind = bytes_u8(o->s, at + 66),
		.first = bytes_le32(o->s, at + 116),
		.size = bytes_le32(o->s, at + 120),
	};
	size_t n = bytes_le16(o->s, at + 64) / 2;
	for (size_t i = 0; i + 1 < n && i + 1 < NAME_UNITS; i++) {
		uint16_t unit = bytes_le16(o->s, at + 2 * i);

		e.name[i] = unit >= 0x20 && unit < 0x7f ? (char)unit : '?';
	}
	*ret = e;
	return true;
}

static void entry_note(const struct ole_entry *e, struct ole_facts *f)
{
	struct str name = str_from(e->name);

	if (e->kind == 5)
		f->root_first = e->first;
	if (e->kind == 2) {
		f->has_word = f->has_word || str_eq_nocase(name, STR("WordDocument"));
		if (str_eq_nocase(name, STR("Workbook")) || str_eq_nocase(name, STR("Book"))) {
			f->has_excel = true;
			f->book = *e;
		}
		f->has_macros = f->has_macros || str_eq_nocase(name, STR("_VBA_PROJECT"));
	}
	if (e->kind == 1)
		f->has_macros = f->has_macros || str_eq_nocase(name, STR("Macros")) ||
				str_eq_nocase(name, STR("VBA")) ||
				str_eq_nocase(name, STR("_VBA_PROJECT_CUR"));
}

static bool directory_read(const struct ole *o, struct ole_facts *f)
{
	uint32_t sector = bytes_le32(o->s, 48);
	struct ole_entry e;

	for (size_t hops = 0; sector != END_CHAIN; hops++) {
		if (sector >= o->n_sectors || hops > o->n_sectors)
			return false;
		for (size_t i = 0; i < o->sector / ENTRY_SIZE; i++) {
			if (!entry_read(o, sector_at(o, sector) + i * ENTRY_SIZE, &e))
				return false;
			entry_note(&e, f);
		}
		sector = fat_next(o, sector);
	}
	return true;
}

/*
 * Excel 4.0 macros: a BOUNDSHEET record of type 1 among the records that open the
 * workbook's stream.  Streams under 4096 bytes lie in pieces of 64 bytes within the
 * root's own stream, which has a table of its own.
 */
#define RECORDS_MAX    4096
#define BIFF_EOF       0x000a
#define BIFF_SHEET     0x0085
#define MINI_LIMIT     4096
#define MINI_SECTOR    64
#define SHEET_IS_MACRO 1

/* The sector `hops` further on in a chain; END_CHAIN when it ends before. */
static uint32_t chain_at(const struct ole *o, uint32_t sector, size_t hops)
{
	if (hops > o->n_sectors)
		return END_CHAIN;
	for (; hops > 0 && sector != END_CHAIN; hops--)
		sector = fat_next(o, sector);
	return sector;
}

struct stream {
	const struct ole *o;
	uint32_t piece;       /* sector or small piece that holds `at` */
	uint32_t root;        /* first sector of the root's stream */
	size_t at, end, size; /* size of a piece */
};

static uint32_t stream_next_piece(const struct stream *t)
{
	const struct ole *o = t->o;
	size_t per = o->sector / 4;

	if (t->size != MINI_SECTOR)
		return fat_next(o, t->piece);
	return sector_u32(o, chain_at(o, bytes_le32(o->s, 60), t->piece / per), t->piece % per);
}

/* Where the piece lies in the file; SIZE_MAX when nowhere. */
static size_t stream_piece_at(const struct stream *t)
{
	const struct ole *o = t->o;
	size_t at = (size_t)t->piece * t->size;

	if (t->size != MINI_SECTOR)
		return t->piece < o->n_sectors ? sector_at(o, t->piece) : SIZE_MAX;
	uint32_t sector = chain_at(o, t->root, at / o->sector);
	return sector < o->n_sectors ? sector_at(o, sector) + at % o->sector : SIZE_MAX;
}

/* The byte at the stream's place, which moves on; -1 behind its end. */
static int stream_next(struct stream *t)
{
	if (t->at >= t->end)
		return -1;
	if (t->at > 0 && t->at % t->size == 0)
		t->piece = stream_next_piece(t);
	size_t from = stream_piece_at(t);
	if (from == SIZE_MAX || !bytes_have(t->o->s, from, t->at % t->size + 1))
		return -1;
	return bytes_u8(t->o->s, from + t->at++ % t->size);
}

static int stream_u16(struct stream *t)
{
	int low = stream_next(t), high = stream_next(t);

	return low < 0 || high < 0 ? -1 : low | high << 8;
}

static bool has_macro_sheet(const struct ole *o, const struct ole_facts *f)
{
	struct stream t = {
		.o = o,
		.piece = f->book.first,
		.root = f->root_first,
		.end = f->book.size,
		.size = f->book.size < MINI_LIMIT ? MINI_SECTOR : o->sector,
	};

	for (int i = 0; i < RECORDS_MAX; i++) {
		int id = stream_u16(&t), n = stream_u16(&t);

		if (id < 0 || n < 0 || id == BIFF_EOF)
			return false;
		for (int k = 0; k < n; k++) {
			int c = stream_next(&t);

			if (c < 0)
				return false;
			if (id == BIFF_SHEET && k == 5 && c == SHEET_IS_MACRO)
				return true;
		}
	}
	return false;
}

static struct finding ole_check(struct str s, bool is_word)
{
	struct ole_facts f = { 0 };
	struct ole o;

	if (!bytes_at(s, 0, STR("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")))
		return FINDING_MISMATCH("no compound file signature");
	if (!ole_open(s, &o) || !ole_is_whole(&o) || !directory_read(&o, &f))
		return FINDING_DAMAGED("compound file that is cut off or does not fit");
	if (is_word ? !f.has_word : !f.has_excel || f.has_word)
		return FINDING_MISMATCH("compound file, but not this kind of document");
	if (f.has_macros)
		return FINDING_MACROS("a storage with macros");
	if (!is_word && has_macro_sheet(&o, &f))
		return FINDING_MACROS("a sheet of Excel 4.0 macros");
	return FINDING_FINE;
}

struct finding filetype_check_doc(struct str s)
{
	return ole_check(s, true);
}

struct finding filetype_check_xls(struct str s)
{
	return ole_check(s, false);
}
