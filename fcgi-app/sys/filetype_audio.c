/*
 * Signature checks: MP3 and WAV.
 */
#include "sys/filetype_check.h"

/* ---- WAV (RIFF; Multimedia Programming Interface 1.0, and what streaming writers do) ----------
 */

/* A writer that could not go back has left one of these in place of a size. */
static bool is_streamed(uint32_t n)
{
	return n == 0 || n >= 0x7ffff000;
}

struct finding filetype_check_wav(struct str s)
{
	bool has_format = false;
	size_t at = 12;

	if (!bytes_at(s, 0, STR("RIFF")) || !bytes_at(s, 8, STR("WAVE")))
		return FINDING_MISMATCH("no WAV signature");
	while (bytes_have(s, at, 8)) {
		uint32_t n = bytes_le32(s, at + 4);
		bool is_data = bytes_at(s, at, STR("data"));

		if (is_data && has_format && is_streamed(n) && bytes_have(s, at, 9))
			return FINDING_FINE;
		if (!bytes_have(s, at + 8, n))
			return FINDING_DAMAGED("WAV chunk beyond the end");
		if (bytes_at(s, at, STR("fmt "))) {
			if (n < 16 || bytes_le16(s, at + 10) == 0 || bytes_le32(s, at + 12) == 0)
				return FINDING_DAMAGED("WAV without channels or rate");
			has_format = true;
		}
		if (is_data)
			return has_format && n > 0 ? FINDING_FINE
						   : FINDING_DAMAGED("WAV without a format");
		at += 8 + (size_t)n + n % 2;
	}
	return FINDING_DAMAGED("WAV without sound");
}

/* ---- MP3 (ISO 11172-3 2.4.1.3, 13818-3; ID3v2.4 3.1) ------------------------------------------
 */

#define SEARCH_MAX 4096 /* bytes between the tag and the first frame */

struct frame {
	uint32_t fixed; /* the header's bits that all frames of a file share */
	size_t n;       /* length, with the header */
};

static bool frame_read(struct str s, size_t at, struct frame *ret)
{
	static const uint16_t rates1[15] = { 0,   32,  40,  48,  56,  64,  80, 96,
					     112, 128, 160, 192, 224, 256, 320 };
	static const uint16_t rates2[15] = { 0,  8,  16, 24,  32,  40,  48, 56,
					     64, 80, 96, 112, 128, 144, 160 };
	static const uint16_t samples[3] = { 44100, 48000, 32000 };

	if (!bytes_have(s, at, 4))
		return false;
	uint32_t h = bytes_be32(s, at);
	uint32_t version = h >> 19 & 3, layer = h >> 17 & 3, rate = h >> 12 & 15, hz = h >> 10 & 3;

	/* Layer III only; no free format, which nobody can step over. */
	if (h >> 21 != 0x7ff || version == 1 || layer != 1 || rate == 0 || rate == 15 || hz == 3)
		return false;
	bool is_one = version == 3;
	uint32_t bits = is_one ? rates1[rate] : rates2[rate];
	uint32_t frequency = samples[hz] >> (is_one ? 0 : version == 2 ? 1 : 2);
	size_t n = (is_one ? 144u : 72u) * bits * 1000 / frequency + (h >> 9 & 1);
	*ret = (struct frame){ h & 0xfffe0c00, n };
	return true;
}

/* Behind the ID3v2 tags at the beginning; SIZE_MAX when one reaches beyond the end. */
static size_t id3_end(struct str s)
{
	size_t at = 0;

	while (bytes_at(s, at, STR("ID3")) && bytes_have(s, at, 10)) {
		size_t n = 10;

		for (size_t i = 6; i < 10; i++)
			if (bytes_u8(s, at + i) & 0x80)
				return SIZE_MAX;
		n += (size_t)bytes_u8(s, at + 6) << 21 | (size_t)bytes_u8(s, at + 7) << 14 |
		     (size_t)bytes_u8(s, at + 8) << 7 | bytes_u8(s, at + 9);
		if (bytes_u8(s, at + 5) & 0x10) /* a footer */
			n += 10;
		if (!bytes_have(s, at, n))
			return SIZE_MAX;
		at += n;
	}
	return at;
}

/* `count` frames of one kind follow each other at `at`. */
static bool frames_chain(struct str s, size_t at, int count)
{
	struct frame first, next;

	if (!frame_read(s, at, &first))
		return false;
	for (size_t n = first.n; --count > 0; n = next.n) {
		at += n;
		if (!frame_read(s, at, &next) || next.fixed != first.fixed)
			return false;
	}
	return true;
}

/* Encoders note the length of it all in the first frame ("Xing" or "Info"). */
static bool is_shorter_than_noted(struct str s, size_t at)
{
	struct frame f;

	if (!frame_read(s, at, &f) || !bytes_have(s, at, f.n))
		return false;
	struct str frame = str_sub(s, at, f.n);
	size_t tag = str_find(str_sub(frame, 0, 64), STR("Xing"));
	if (tag == SIZE_MAX)
		tag = str_find(str_sub(frame, 0, 64), STR("Info"));
	if (tag == SIZE_MAX || !bytes_have(frame, tag, 16))
		return false;
	uint32_t flags = bytes_be32(frame, tag + 4);
	if (!(flags & 2))
		return false;
	uint32_t bytes = bytes_be32(frame, tag + 8 + (flags & 1 ? 4 : 0));
	/* Some count with the tag frame, some without: a frame more or less is no damage. */
	return bytes > s.n - at + f.n;
}

struct finding filetype_check_mp3(struct str s)
{
	size_t from = id3_end(s);

	if (from == SIZE_MAX)
		return FINDING_DAMAGED("ID3 tag beyond the end");
	for (size_t at = from; at < s.n && at - from <= SEARCH_MAX; at++) {
		/* At the very place two frames will do; further on it takes more to be sure. */
		if (!frames_chain(s, at, at == from ? 2 : 4))
			continue;
		if (is_shorter_than_noted(s, at))
			return FINDING_DAMAGED("MP3 shorter than it says");
		return FINDING_FINE;
	}
	return from > 0 ? FINDING_DAMAGED("ID3 tag without frames")
			: FINDING_MISMATCH("no MP3 frames");
}
