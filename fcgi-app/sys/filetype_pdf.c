/*
 * Signature check: PDF (ISO 32000-2, 7.5, and what readers accept around it).
 *
 * A reader takes a header anywhere in the first kilobyte and "%%EOF" somewhere
 * in the last.  What stands before the header must be plain text that is no page
 * and no other file's signature.
 */
#include "sys/filetype_check.h"

#define HEAD_SIZE 1024
#define TAIL_SIZE 2048

/* Text such as a printer's job language or blank lines. */
static bool is_harmless_text(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < 0x20 && c != '\n' && c != '\r' && c != '\t' && c != 0x1b)
			return false;
	}
	return !bytes_have_markup(s) && !str_starts(s, STR("%!PS")) &&
	       !str_starts(s, STR("GIF8")) && !str_starts(s, STR("#!")) &&
	       !str_starts(s, STR("PK")) && !str_starts(s, STR("MZ")) &&
	       !str_starts(s, STR("ID3")) && !str_starts(s, STR("RIFF"));
}

/*
 * A file arranged for the web notes its length in its first object ("/Linearized 1 /L
 * 4711") and has an "%%EOF" in the middle.  Later additions make it longer, never shorter.
 */
static bool is_shorter_than_noted(struct str s, struct str head)
{
	size_t from = str_find(head, STR("/Linearized"));
	uint64_t noted = 0;

	if (from == SIZE_MAX)
		return false;
	size_t at = str_find(str_from_pos(head, from), STR("/L "));
	if (at == SIZE_MAX)
		return false;
	for (at += from + 3; at < head.n && ascii_is_digit(head.p[at]) && noted < s.n; at++)
		noted = noted * 10 + (uint64_t)(head.p[at] - '0');
	return noted > s.n;
}

/* Some writers fill the last block of the disk. */
static struct str without_padding(struct str s)
{
	while (s.n > 0 && (s.p[s.n - 1] == '\0' || s.p[s.n - 1] == ' ' || s.p[s.n - 1] == '\n' ||
			   s.p[s.n - 1] == '\r'))
		s.n--;
	return s;
}

struct finding filetype_check_pdf(struct str s)
{
	struct str head = str_sub(s, 0, HEAD_SIZE);
	struct str whole = without_padding(s);
	struct str tail = whole.n > TAIL_SIZE ? str_from_pos(whole, whole.n - TAIL_SIZE) : whole;
	size_t at = str_find(head, STR("%PDF-"));

	if (at == SIZE_MAX || !bytes_have(s, at, 8) || !ascii_is_digit(s.p[at + 5]) ||
	    s.p[at + 6] != '.' || !ascii_is_digit(s.p[at + 7]))
		return FINDING_MISMATCH("no PDF header");
	if (!is_harmless_text(str_sub(s, 0, at)))
		return FINDING_MISMATCH("something else before the PDF header");
	size_t xref = str_find(tail, STR("startxref"));
	if (xref == SIZE_MAX || str_find(str_from_pos(tail, xref), STR("%%EOF")) == SIZE_MAX)
		return FINDING_DAMAGED("PDF without an end");
	if (is_shorter_than_noted(s, head))
		return FINDING_DAMAGED("PDF shorter than it says");
	return FINDING_FINE;
}
