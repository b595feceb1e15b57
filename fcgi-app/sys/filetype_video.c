/*
 * Signature checks: MP4 and QuickTime (ISO base media), WebM (EBML), MPEG.
 *
 * Containers are walked at their top level only, far enough to tell the kind
 * and whether the file is whole.
 */
#include "sys/filetype_check.h"

/* ---- ISO base media (ISO 14496-12, 4.2; QuickTime File Format) ------------------------------- */

struct box {
	size_t at, head, size; /* size counts the header, head of 8 or 16 bytes */
	struct str type;
};

/* The box at `at`; false when there is none that lies inside. */
static bool box_read(struct str s, size_t at, struct box *ret)
{
	if (!bytes_have(s, at, 8))
		return false;
	struct box b = { at, 8, bytes_be32(s, at), str_sub(s, at + 4, 4) };
	if (b.size == 1) {
		if (!bytes_have(s, at, 16))
			return false;
		uint64_t large = bytes_be64(s, at + 8);
		if (large > s.n)
			return false;
		b.size = (size_t)large;
		b.head = 16;
	} else if (b.size == 0) { /* to the end */
		b.size = s.n - at;
	}
	for (size_t i = 0; i < 4; i++)
		if ((unsigned char)b.type.p[i] < 0x20)
			return false;
	if (b.size < b.head || !bytes_have(s, at, b.size))
		return false;
	*ret = b;
	return true;
}

static bool is_type(const struct box *b, const char *type)
{
	return memcmp(b->type.p, type, 4) == 0;
}

struct iso_facts {
	bool has_brands, is_quicktime, is_mp4;
	bool has_movie, has_media;
};

static bool is_mp4_brand(struct str brand)
{
	static const char list[] = "isom iso2 iso3 iso4 iso5 iso6 iso7 iso8 iso9 isoa isob isoc "
				   "mp41 mp42 avc1 M4V  M4VH M4VP MSNV NDSC dash cmfc mmp4 "
				   "3gp4 3gp5 3gp6 3gp7 3gp9 XAVC hvc1 F4V  ";

	for (size_t i = 0; i + 4 < sizeof list; i += 5)
		if (memcmp(list + i, brand.p, 4) == 0)
			return true;
	return false;
}

/* The major brand decides where it is one of ours; else the compatible ones. */
static void brands_read(struct str payload, struct iso_facts *f)
{
	f->has_brands = true;
	for (size_t at = 0; bytes_have(payload, at, 4) && !f->is_quicktime && !f->is_mp4;
	     at += at == 0 ? 8 : 4) {
		struct str brand = str_sub(payload, at, 4);

		f->is_quicktime = str_eq(brand, STR("qt  "));
		f->is_mp4 = is_mp4_brand(brand);
		/* A picture or a sound recording says so here, whatever it is compatible with. */
		if (at == 0 && (str_eq(brand, STR("M4A ")) || str_eq(brand, STR("M4B ")) ||
				str_eq(brand, STR("heic")) || str_eq(brand, STR("heix")) ||
				str_eq(brand, STR("mif1")) || str_eq(brand, STR("avif")) ||
				str_eq(brand, STR("crx "))))
			return;
	}
}

/* A movie box holds a movie header, or an old compressed or referring movie. */
static bool movie_is_sound(struct str payload)
{
	struct box b;

	for (size_t at = 0; box_read(payload, at, &b); at += b.size)
		if (is_type(&b, "mvhd") || is_type(&b, "cmov") || is_type(&b, "rmra"))
			return true;
	return false;
}

static struct finding iso_read(struct str s, struct iso_facts *f)
{
	size_t at = 0;
	struct box b;

	if (!box_read(s, 0, &b) && !(bytes_have(s, 0, 8) && str_eq(str_sub(s, 4, 4), STR("mdat"))))
		return bytes_at(s, 4, STR("ftyp")) ? FINDING_DAMAGED("cut off in its first box")
						   : FINDING_MISMATCH("no ISO media or QuickTime");
	while (at < s.n) {
		if (!box_read(s, at, &b)) {
			if (bytes_are_padding(str_from_pos(s, at)))
				break;
			return FINDING_DAMAGED("a box beyond the end");
		}
		struct str payload = str_sub(s, at + b.head, b.size - b.head);
		if (is_type(&b, "ftyp") && at == 0)
			brands_read(payload, f);
		else if (is_type(&b, "moov"))
			f->has_movie = f->has_movie || movie_is_sound(payload);
		else if (is_type(&b, "mdat") || is_type(&b, "moof"))
			f->has_media = true;
		else if (at == 0 && !is_type(&b, "wide") && !is_type(&b, "free") &&
			 !is_type(&b, "skip") && !is_type(&b, "pnot"))
			return FINDING_MISMATCH("no ISO media or QuickTime");
		at += b.size;
	}
	if (!f->has_movie || !f->has_media)
		return FINDING_DAMAGED("film without a header or without media");
	return FINDING_FINE;
}

struct finding filetype_check_mp4(struct str s)
{
	struct iso_facts f = { 0 };

	if (!bytes_at(s, 4, STR("ftyp")))
		return FINDING_MISMATCH("no MP4 signature");
	struct finding found = iso_read(s, &f);
	if (f.has_brands && !f.is_mp4)
		return FINDING_MISMATCH("ISO media, but of another brand");
	return found;
}

struct finding filetype_check_mov(struct str s)
{
	struct iso_facts f = { 0 };
	struct finding found = iso_read(s, &f);

	/* Before QuickTime 4.1 there was no ftyp. */
	if (f.has_brands && !f.is_quicktime)
		return FINDING_MISMATCH("ISO media, but not QuickTime");
	return found;
}

/* ---- WebM (RFC 8794, RFC 9559) ----------------------------------------------------------------
 */

#define EBML_HEADER     0x1a45dfa3
#define EBML_DOC_TYPE   0x4282
#define WEBM_SEGMENT    0x18538067
#define WEBM_CLUSTER    0x1f43b675
#define WEBM_TRACKS     0x1654ae6b
#define WEBM_TRACK      0xae
#define WEBM_TRACK_TYPE 0x83

struct element {
	uint32_t id;
	size_t payload, n; /* n: SIZE_MAX when unknown */
};

/* A number of 1..max bytes whose first byte tells the length; keep: with the marker bit. */
static bool vint_read(struct str s, size_t *at, size_t max, bool keep, uint64_t *ret,
		      bool *ret_ones)
{
	size_t n = 1;

	if (!bytes_have(s, *at, 1))
		return false;
	uint8_t first = bytes_u8(s, *at);
	while (n <= max && !(first & 0x80 >> (n - 1)))
		n++;
	if (n > max || !bytes_have(s, *at, n))
		return false;
	uint64_t v = keep ? first : first & (0xffu >> n);
	bool ones = (first & (0xffu >> n)) == (0xffu >> n);
	for (size_t i = 1; i < n; i++) {
		uint8_t c = bytes_u8(s, *at + i);

		v = v << 8 | c;
		ones = ones && c == 0xff;
	}
	*at += n;
	*ret = v;
	*ret_ones = ones;
	return true;
}

static bool element_read(struct str s, size_t at, struct element *ret)
{
	uint64_t id, n;
	bool ones;

	if (!vint_read(s, &at, 4, true, &id, &ones) || !vint_read(s, &at, 8, false, &n, &ones))
		return false;
	*ret = (struct element){ (uint32_t)id, at,
				 ones || n > SIZE_MAX / 2 ? SIZE_MAX : (size_t)n };
	return true;
}

/* The first child with this id of a payload; false when absent. */
static bool element_child(struct str payload, uint32_t id, struct str *ret)
{
	struct element c;

	for (size_t at = 0; element_read(payload, at, &c); at = c.payload + c.n) {
		if (c.n == SIZE_MAX || !bytes_have(payload, c.payload, c.n))
			return false;
		if (c.id == id) {
			*ret = str_sub(payload, c.payload, c.n);
			return true;
		}
	}
	return false;
}

static void tracks_read(struct str tracks, bool *ret_video, bool *ret_audio)
{
	struct element c;

	for (size_t at = 0; element_read(tracks, at, &c); at = c.payload + c.n) {
		struct str type;

		if (c.n == SIZE_MAX || !bytes_have(tracks, c.payload, c.n))
			return;
		if (c.id != WEBM_TRACK ||
		    !element_child(str_sub(tracks, c.payload, c.n), WEBM_TRACK_TYPE, &type) ||
		    type.n != 1)
			continue;
		*ret_video = *ret_video || type.p[0] == 1;
		*ret_audio = *ret_audio || type.p[0] == 2;
	}
}

/* A segment's children: tracks and at least one cluster, all of them whole where they say. */
static struct finding segment_read(struct str s, bool *ret_video, bool *ret_audio)
{
	bool has_cluster = false;
	struct element c;
	size_t at = 0;

	while (element_read(s, at, &c)) {
		has_cluster = has_cluster || c.id == WEBM_CLUSTER;
		if (c.n == SIZE_MAX) /* a recording that was streamed: nothing to compare with */
			break;
		if (!bytes_have(s, c.payload, c.n))
			return FINDING_DAMAGED("WebM element beyond the end");
		if (c.id == WEBM_TRACKS)
			tracks_read(str_sub(s, c.payload, c.n), ret_video, ret_audio);
		at = c.payload + c.n;
	}
	if (!has_cluster || (!*ret_video && !*ret_audio))
		return FINDING_DAMAGED("WebM without tracks or clusters");
	return FINDING_FINE;
}

static struct finding webm_read(struct str s, bool *ret_video, bool *ret_audio)
{
	struct element head, segment;
	struct str type;

	if (!element_read(s, 0, &head) || head.id != EBML_HEADER)
		return FINDING_MISMATCH("no EBML signature");
	if (head.n == SIZE_MAX || !bytes_have(s, head.payload, head.n))
		return FINDING_DAMAGED("EBML header beyond the end");
	if (!element_child(str_sub(s, head.payload, head.n), EBML_DOC_TYPE, &type) ||
	    !str_eq(type, STR("webm")))
		return FINDING_MISMATCH("EBML, but not WebM");
	if (!element_read(s, head.payload + head.n, &segment) || segment.id != WEBM_SEGMENT)
		return FINDING_DAMAGED("WebM without a segment");
	struct str payload = str_from_pos(s, segment.payload);
	if (segment.n != SIZE_MAX) {
		if (!bytes_have(s, segment.payload, segment.n))
			return FINDING_DAMAGED("WebM segment beyond the end");
		if (!bytes_are_padding(str_from_pos(payload, segment.n)))
			return FINDING_MISMATCH("data behind the end of a WebM");
		payload.n = segment.n;
	}
	return segment_read(payload, ret_video, ret_audio);
}

struct finding filetype_check_webm_video(struct str s)
{
	bool has_video = false, has_audio = false;
	struct finding f = webm_read(s, &has_video, &has_audio);

	if (f.reason == REASON_NONE && !has_video)
		return FINDING_MISMATCH("WebM with sound alone");
	return f;
}

struct finding filetype_check_webm_audio(struct str s)
{
	bool has_video = false, has_audio = false;
	struct finding f = webm_read(s, &has_video, &has_audio);

	if (f.reason == REASON_NONE && has_video)
		return FINDING_MISMATCH("WebM with pictures");
	return f;
}

/* ---- MPEG program and elementary streams (ISO 11172-1, 13818-1, 13818-2) -----------------------
 */

#define MPEG_START STR("\0\0\1")

/* Behind a pack header at `at`; SIZE_MAX when it is none. */
static size_t mpeg_pack(struct str s, size_t at)
{
	if (!bytes_have(s, at, 14))
		return SIZE_MAX;
	uint8_t kind = bytes_u8(s, at + 4);
	if ((kind & 0xf0) == 0x20)
		return at + 12;
	if ((kind & 0xc0) == 0x40)
		return at + 14 + (bytes_u8(s, at + 13) & 7);
	return SIZE_MAX;
}

static struct finding mpeg_program(struct str s)
{
	bool has_stream = false;

	for (size_t at = 0; at < s.n;) {
		while (bytes_at(s, at, STR("\0\0\0"))) /* stuffing before a start */
			at++;
		if (!bytes_at(s, at, MPEG_START) || !bytes_have(s, at, 4))
			return bytes_are_padding(str_from_pos(s, at)) && has_stream
				       ? FINDING_FINE
				       : FINDING_DAMAGED("MPEG packet without a start");
		uint8_t id = bytes_u8(s, at + 3);

		if (id == 0xb9) { /* end; another program may follow */
			at += 4;
		} else if (id == 0xba) {
			at = mpeg_pack(s, at);
		} else {
			if (id < 0xbb || !bytes_have(s, at, 6) ||
			    !bytes_have(s, at + 6, bytes_be16(s, at + 4)))
				return FINDING_DAMAGED("MPEG packet beyond the end");
			has_stream = has_stream || id >= 0xc0 || id == 0xbd;
			at += 6 + (size_t)bytes_be16(s, at + 4);
		}
	}
	return has_stream ? FINDING_FINE : FINDING_DAMAGED("MPEG without a stream");
}

struct finding filetype_check_mpeg(struct str s)
{
	if (bytes_at(s, 0, STR("\0\0\1\xba")))
		return mpeg_program(s);
	if (!bytes_at(s, 0, STR("\0\0\1\xb3")))
		return FINDING_MISMATCH("no MPEG signature");
	/* A sequence of pictures: a size, and a first picture or group in reach. */
	if (!bytes_have(s, 0, 12) || bytes_be32(s, 4) >> 20 == 0 ||
	    (bytes_be32(s, 4) >> 8 & 0xfff) == 0)
		return FINDING_DAMAGED("MPEG without a size");
	if (str_find(str_sub(s, 0, 65536), STR("\0\0\1\0")) == SIZE_MAX)
		return FINDING_DAMAGED("MPEG without a picture");
	return FINDING_FINE;
}
