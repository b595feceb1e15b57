/*
 * The table of accepted types and the verdict: see filetype.h.
 *
 * The checks are in filetype_image.c, filetype_video.c, filetype_audio.c,
 * filetype_pdf.c, filetype_ooxml.c and filetype_ole.c.
 */
#include "sys/filetype.h"

#include "sys/filetype_check.h"

#define HEAD_SIZE 1024                       /* what browsers and PDF readers search */
#define TAIL_SIZE (65536 + 22)               /* where a ZIP archive's end may lie */
#define BINARY    "application/octet-stream" /* libmagic: no idea */

/* clang-format off */
static const struct filetype types[] = {
	{ "application/pdf", FILE_CLASS_PDF, "pdf",
	  "application/pdf " BINARY " text/plain", "PDF document" },
	{ "video/mp4", FILE_CLASS_VIDEO, "mp4 m4v",
	  "video/mp4 video/x-m4v video/quicktime video/3gpp audio/mp4 " BINARY, "MP4 video" },
	{ "video/webm", FILE_CLASS_VIDEO, "webm",
	  "video/webm video/x-matroska audio/webm " BINARY, "WebM video" },
	{ "video/quicktime", FILE_CLASS_VIDEO, "mov qt",
	  "video/quicktime video/mp4 application/x-quicktime-player " BINARY, "QuickTime video" },
	{ "video/mpeg", FILE_CLASS_VIDEO, "mpeg mpg mpe",
	  "video/mpeg video/mpv video/mp2p video/x-mpeg " BINARY, "MPEG video" },
	{ "audio/mpeg", FILE_CLASS_AUDIO, "mp3",
	  "audio/mpeg audio/mp3 audio/x-mpeg audio/x-mp3 " BINARY, "MP3 audio" },
	{ "audio/wav", FILE_CLASS_AUDIO, "wav",
	  "audio/x-wav audio/wav audio/vnd.wave", "WAV audio" },
	{ "audio/webm", FILE_CLASS_AUDIO, "webm weba",
	  "video/webm audio/webm video/x-matroska audio/x-matroska " BINARY, "WebM audio" },
	{ "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	  FILE_CLASS_DOCUMENT, "docx",
	  "application/vnd.openxmlformats-officedocument.wordprocessingml.document "
	  "application/zip application/x-zip-compressed " BINARY, "Word document" },
	{ "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	  FILE_CLASS_DOCUMENT, "xlsx",
	  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet "
	  "application/zip application/x-zip-compressed " BINARY, "Excel workbook" },
	{ "application/msword", FILE_CLASS_DOCUMENT, "doc",
	  "application/msword application/x-ole-storage application/CDFV2 application/vnd.ms-office "
	  BINARY, "Word 97 document" },
	{ "application/vnd.ms-excel", FILE_CLASS_DOCUMENT, "xls",
	  "application/vnd.ms-excel application/x-ole-storage application/CDFV2 "
	  "application/vnd.ms-office application/msword " BINARY, "Excel 97 workbook" },
	{ "image/png", FILE_CLASS_IMAGE, "png", "image/png image/apng image/vnd.mozilla.apng",
	  "PNG image" },
	{ "image/jpeg", FILE_CLASS_IMAGE, "jpg jpeg jpe jfif", "image/jpeg", "JPEG image" },
	{ "image/gif", FILE_CLASS_IMAGE, "gif", "image/gif", "GIF image" },
	{ "image/webp", FILE_CLASS_IMAGE, "webp", "image/webp", "WebP image" },
};

/* In the order of `types`. */
static filetype_check *const checks[] = {
	filetype_check_pdf, filetype_check_mp4, filetype_check_webm_video, filetype_check_mov,
	filetype_check_mpeg, filetype_check_mp3, filetype_check_wav, filetype_check_webm_audio,
	filetype_check_docx, filetype_check_xlsx, filetype_check_doc, filetype_check_xls,
	filetype_check_png, filetype_check_jpeg, filetype_check_gif, filetype_check_webp,
};
/* clang-format on */
_Static_assert(ARRAY_LEN(checks) == ARRAY_LEN(types), "a check for each type");

static const char *const class_names[FILE_CLASS__MAX] = { "pdf", "video", "audio", "document",
							  "image" };

const char *file_class_name(enum file_class c)
{
	BUG((unsigned)c >= FILE_CLASS__MAX);
	return class_names[c];
}

bool file_class_parse(struct str s, enum file_class *ret_class)
{
	for (unsigned i = 0; i < FILE_CLASS__MAX; i++) {
		if (str_eq(s, str_from(class_names[i]))) {
			*ret_class = (enum file_class)i;
			return true;
		}
	}
	return false;
}

const struct filetype *filetype_all(size_t *ret_n)
{
	*ret_n = ARRAY_LEN(types);
	return types;
}

const struct filetype *filetype_by_mime(struct str mime)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (str_eq(mime, str_from(types[i].mime)))
			return &types[i];
	return NULL;
}

static bool words_have(const char *list, struct str word)
{
	struct str rest = str_from(list), part;

	while (str_split(&rest, ' ', &part))
		if (!str_empty(word) && str_eq_nocase(part, word))
			return true;
	return false;
}

bool filetype_extension_known(struct str extension)
{
	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (words_have(types[i].extensions, extension))
			return true;
	return false;
}

bool filetype_has_extension(const struct filetype *t, struct str extension)
{
	return words_have(t->extensions, extension);
}

struct str filetype_extension(struct str file_name)
{
	size_t dot = str_rfind_char(file_name, '.');

	if (dot == SIZE_MAX)
		return STR("");
	return str_from_pos(file_name, dot + 1);
}

struct str filetype_accept(void)
{
	return STR(".pdf,.mp4,.m4v,.webm,.mov,.qt,.mpeg,.mpg,.mpe,.mp3,.wav,.weba,.docx,.xlsx,"
		   ".doc,.xls,.png,.jpg,.jpeg,.jpe,.jfif,.gif,.webp");
}

/*
 * What no check of one type looks for: a second type in the same bytes.  A ZIP
 * archive is read from its end, markup and PDF from the first kilobyte.
 */
static struct finding check_polyglot(struct str bytes, const struct filetype *t)
{
	struct str head = str_sub(bytes, 0, HEAD_SIZE);
	struct str tail = bytes.n > TAIL_SIZE ? str_from_pos(bytes, bytes.n - TAIL_SIZE) : bytes;
	bool is_zip = bytes_at(bytes, 0, STR("PK\003\004"));
	bool is_pdf = t->class == FILE_CLASS_PDF;

	if (!is_zip && bytes_end_archive(tail))
		return FINDING_MISMATCH("an archive ends in it");
	if (!is_pdf && str_find(head, STR("%PDF-")) != SIZE_MAX)
		return FINDING_MISMATCH("a PDF begins in it");
	if (!is_pdf && bytes_have_markup(head))
		return FINDING_MISMATCH("markup in its first kilobyte");
	return FINDING_FINE;
}

/*
 * libmagic joins two answers when a second rule fires without one of its own:
 * "audio/mpegapplication/octet-stream".
 */
static struct str magic_word(struct str magic)
{
	static const struct str binary = STR_INIT(BINARY);

	while (magic.n > binary.n && str_ends(magic, binary))
		magic.n -= binary.n;
	return magic;
}

/* The check of the type's own structure comes first: its answer is the more useful one. */
static struct finding check_row(size_t row, struct str bytes, struct str magic)
{
	struct finding f = checks[row](bytes);

	if (f.reason == REASON_NONE)
		f = check_polyglot(bytes, &types[row]);
	if (f.reason == REASON_NONE && !words_have(types[row].magic, magic_word(magic)))
		f = FINDING_MISMATCH("libmagic says it is something else");
	return f;
}

struct file_verdict filetype_judge(struct str bytes, struct str extension, struct str magic)
{
	struct file_verdict v = { REASON_FILE_TYPE, NULL, "the extension is not in the table" };

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		if (!words_have(types[i].extensions, extension))
			continue;
		if (str_empty(bytes))
			return (struct file_verdict){ REASON_FILE_EMPTY, NULL, "no bytes" };
		struct finding f = check_row(i, bytes, magic);
		if (f.reason == REASON_NONE)
			return (struct file_verdict){ REASON_NONE, &types[i], "" };
		/* Two rows share an extension: "damaged" tells more than "something else". */
		if (v.reason == REASON_FILE_TYPE || v.reason == REASON_FILE_MISMATCH)
			v = (struct file_verdict){ f.reason, NULL, f.why };
	}
	return v;
}
