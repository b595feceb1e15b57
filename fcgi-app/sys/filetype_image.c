/*
 * Signature checks: PNG, JPEG, GIF, WebP.
 *
 * PNG and GIF end where they say they end.  JPEG may be followed by what cameras
 * write (a second picture, a short film), but not by an archive or a page.
 */
#include "sys/filetype_check.h"

/* PNG (W3C, third edition) 5: signature, then length, type, data, CRC. */
struct finding filetype_check_png(struct str s)
{
	bool has_data = false;
	size_t at = 8;

	if (!bytes_at(s, 0, STR("\x89PNG\r\n\x1a\n")))
		return FINDING_MISMATCH("no PNG signature");
	if (!bytes_have(s, at, 25) || bytes_be32(s, at) != 13 ||
	    !bytes_at(s, at + 4, STR("IHDR")) || bytes_be32(s, at + 8) == 0 ||
	    bytes_be32(s, at + 12) == 0)
		return FINDING_DAMAGED("PNG without a header");
	while (bytes_have(s, at, 12)) {
		uint32_t n = bytes_be32(s, at);

		for (size_t i = 4; i < 8; i++)
			if (!ascii_is_alpha(s.p[at + i]))
				return FINDING_DAMAGED("PNG chunk without a name");
		if (!bytes_have(s, at + 12, n))
			return FINDING_DAMAGED("PNG chunk beyond the end");
		has_data = has_data || bytes_at(s, at + 4, STR("IDAT"));
		if (bytes_at(s, at + 4, STR("IEND"))) {
			if (n != 0 || !has_data)
				return FINDING_DAMAGED("PNG without a picture");
			if (!bytes_are_padding(str_from_pos(s, at + 12)))
				return FINDING_MISMATCH("data behind the end of a PNG");
			return FINDING_FINE;
		}
		at += 12 + (size_t)n;
	}
	return FINDING_DAMAGED("PNG without an end");
}

/* Behind a scan's header: the position of the next marker that is neither stuffing nor restart. */
static size_t jpeg_scan_end(struct str s, size_t at)
{
	while (at < s.n) {
		size_t found = str_find_char(str_from_pos(s, at), '\xff');

		if (found == SIZE_MAX || !bytes_have(s, at + found, 2))
			return SIZE_MAX;
		at += found;
		uint8_t marker = bytes_u8(s, at + 1);
		if (marker == 0xff) {
			at++;
			continue;
		}
		if (marker != 0 && !(marker >= 0xd0 && marker <= 0xd7))
			return at;
		at += 2;
	}
	return SIZE_MAX;
}

/* A film's bytes may spell a short tag by chance, so markup is looked for at its head only. */
static struct finding jpeg_trailer(struct str rest)
{
	if (bytes_begin_archive(rest))
		return FINDING_MISMATCH("an archive behind the end of a JPEG");
	if (bytes_have_markup(str_sub(rest, 0, 1024)))
		return FINDING_MISMATCH("markup behind the end of a JPEG");
	return FINDING_FINE;
}

static bool is_frame_header(uint8_t marker)
{
	return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 &&
	       marker != 0xcc;
}

/* ITU T.81 annex B. */
struct finding filetype_check_jpeg(struct str s)
{
	bool has_frame = false, has_scan = false;
	size_t at = 2;

	if (!bytes_at(s, 0, STR("\xff\xd8\xff")))
		return FINDING_MISMATCH("no JPEG signature");
	while (at != SIZE_MAX && bytes_have(s, at, 2)) {
		uint8_t marker = bytes_u8(s, at + 1);

		if (bytes_u8(s, at) != 0xff)
			return FINDING_DAMAGED("JPEG segment without a marker");
		if (marker == 0xff) { /* fill byte */
			at++;
			continue;
		}
		if (marker == 0xd9) {
			if (!has_frame || !has_scan)
				return FINDING_DAMAGED("JPEG without a picture");
			return jpeg_trailer(str_from_pos(s, at + 2));
		}
		if (marker < 0xc0 || marker == 0xd8 || !bytes_have(s, at, 4) ||
		    bytes_be16(s, at + 2) < 2 || !bytes_have(s, at + 2, bytes_be16(s, at + 2)))
			return FINDING_DAMAGED("JPEG segment beyond the end");
		has_frame = has_frame || is_frame_header(marker);
		at += 2 + (size_t)bytes_be16(s, at + 2);
		if (marker == 0xda) {
			has_scan = true;
			at = jpeg_scan_end(s, at);
		}
	}
	return FINDING_DAMAGED("JPEG without an end");
}

/* Bytes of the colour table that a flags byte announces. */
static size_t gif_table(uint8_t flags)
{
	return flags & 0x80 ? (size_t)3 << ((flags & 7) + 1) : 0;
}

/* Behind a chain of sub-blocks; SIZE_MAX beyond the end. */
static size_t gif_blocks(struct str s, size_t at)
{
	while (at < s.n) {
		uint8_t n = bytes_u8(s, at);

		at += 1 + (size_t)n;
		if (n == 0)
			return at;
	}
	return SIZE_MAX;
}

/* GIF89a specification, 17 to 27. */
struct finding filetype_check_gif(struct str s)
{
	bool has_image = false;

	if (!bytes_at(s, 0, STR("GIF87a")) && !bytes_at(s, 0, STR("GIF89a")))
		return FINDING_MISMATCH("no GIF signature");
	if (!bytes_have(s, 0, 13) || bytes_le16(s, 6) == 0 || bytes_le16(s, 8) == 0)
		return FINDING_DAMAGED("GIF without a size");
	for (size_t at = 13 + gif_table(bytes_u8(s, 10)); at < s.n;) {
		uint8_t kind = bytes_u8(s, at);

		if (kind == 0x3b) {
			if (!has_image)
				return FINDING_DAMAGED("GIF without a picture");
			if (!bytes_are_padding(str_from_pos(s, at + 1)))
				return FINDING_MISMATCH("data behind the end of a GIF");
			return FINDING_FINE;
		}
		if (kind == 0x21) {
			at = gif_blocks(s, at + 2);
		} else if (kind == 0x2c && bytes_have(s, at, 11)) {
			has_image = true;
			at = gif_blocks(s, at + 11 + gif_table(bytes_u8(s, at + 9)));
		} else {
			return FINDING_DAMAGED("GIF block that is none");
		}
	}
	return FINDING_DAMAGED("GIF without an end");
}

/* WebP container specification (RFC 9649). */
struct finding filetype_check_webp(struct str s)
{
	bool has_picture = false;
	size_t at = 12;

	if (!bytes_at(s, 0, STR("RIFF")) || !bytes_at(s, 8, STR("WEBP")))
		return FINDING_MISMATCH("no WebP signature");
	uint64_t end = (uint64_t)bytes_le32(s, 4) + 8;
	if (end < 20 || end > s.n)
		return FINDING_DAMAGED("WebP shorter than it says");
	if (!bytes_are_padding(str_from_pos(s, (size_t)end)))
		return FINDING_MISMATCH("data behind the end of a WebP");
	s.n = (size_t)end;
	if (!bytes_at(s, at, STR("VP8 ")) && !bytes_at(s, at, STR("VP8L")) &&
	    !bytes_at(s, at, STR("VP8X")))
		return FINDING_DAMAGED("WebP without a picture");
	while (bytes_have(s, at, 8)) {
		uint32_t n = bytes_le32(s, at + 4);

		if (!bytes_have(s, at + 8, n))
			return FINDING_DAMAGED("WebP chunk beyond the end");
		has_picture = has_picture || bytes_at(s, at, STR("VP8 ")) ||
			      bytes_at(s, at, STR("VP8L")) || bytes_at(s, at, STR("ANMF"));
		at += 8 + (size_t)n + n % 2;
	}
	return has_picture ? FINDING_FINE : FINDING_DAMAGED("WebP without a picture");
}
