/*
 * The filters of view/format.h.  Words and patterns are catalogue texts, so
 * that a language can order them; only separators of numbers stand here.
 */
#include "view/format.h"

#define PLACE_MAX 4 /* names in one pattern */

struct place {
	struct str name, value;
};

/* What a language writes within numbers. */
static const struct number_style {
	struct str group, decimal;
} number_styles[LANG__MAX] = {
	[LANG_EN] = { STR_INIT(","), STR_INIT(".") },
	[LANG_FR] = { STR_INIT("\u202f"), STR_INIT(",") }, /* narrow no-break space */
};

static const struct catalogue_key weekdays[7] = {
	NC_("weekday", "Sunday"),    NC_("weekday", "Monday"),   NC_("weekday", "Tuesday"),
	NC_("weekday", "Wednesday"), NC_("weekday", "Thursday"), NC_("weekday", "Friday"),
	NC_("weekday", "Saturday"),
};

static const struct catalogue_key weekdays_short[7] = {
	NC_("weekday, short", "Sun"), NC_("weekday, short", "Mon"), NC_("weekday, short", "Tue"),
	NC_("weekday, short", "Wed"), NC_("weekday, short", "Thu"), NC_("weekday, short", "Fri"),
	NC_("weekday, short", "Sat"),
};

static const struct catalogue_key months[12] = {
	NC_("month", "January"), NC_("month", "February"), NC_("month", "March"),
	NC_("month", "April"),   NC_("month", "May"),      NC_("month", "June"),
	NC_("month", "July"),    NC_("month", "August"),   NC_("month", "September"),
	NC_("month", "October"), NC_("month", "November"), NC_("month", "December"),
};

static const struct catalogue_key months_short[12] = {
	NC_("month, short", "Jan"), NC_("month, short", "Feb"), NC_("month, short", "Mar"),
	NC_("month, short", "Apr"), NC_("month, short", "May"), NC_("month, short", "Jun"),
	NC_("month, short", "Jul"), NC_("month, short", "Aug"), NC_("month, short", "Sep"),
	NC_("month, short", "Oct"), NC_("month, short", "Nov"), NC_("month, short", "Dec"),
};

static struct str finish(struct tpl *t, const struct buf *b)
{
	if (!buf_ok(b)) {
		t->out->failed = true;
		return (struct str){ 0 };
	}
	return buf_str(b);
}

static void begin(struct tpl *t, struct buf *b)
{
	buf_init(b, t->arena, 32, 1024);
}

static struct str copy(struct tpl *t, struct str s)
{
	struct buf b;

	begin(t, &b);
	buf_add(&b, s);
	return finish(t, &b);
}

/* The pattern in the language of the page, with its {names} replaced. */
static struct str fill(struct tpl *t, struct catalogue_key pattern, const struct place *places,
		       size_t n)
{
	struct str names[PLACE_MAX];
	struct str rest = catalogue_text_ctx(t->lang, pattern);
	struct tpl into = *t;
	struct buf b;
	int i;

	BUG(n > PLACE_MAX);
	begin(t, &b);
	into.out = &b;
	for (size_t k = 0; k < n; k++)
		names[k] = places[k].name;
	while ((i = tpl_piece(&into, &rest, names, n)) >= 0)
		buf_add(&b, places[i].value);
	return finish(t, &b);
}

static struct str digits(struct tpl *t, int64_t v, int width)
{
	struct buf b;

	begin(t, &b);
	buf_digits(&b, v, width);
	return finish(t, &b);
}

static struct str weekday_name(const struct tpl *t, int32_t day, const struct catalogue_key *names)
{
	return catalogue_text_ctx(t->lang, names[day_weekday(day)]);
}

static struct str month_name(const struct tpl *t, int month, const struct catalogue_key *names)
{
	return catalogue_text_ctx(t->lang, names[month - 1]);
}

/* The day of the month within a date; some languages write the first as an ordinal. */
static struct str day_of_month(struct tpl *t, int day)
{
	static const struct catalogue_key first = NC_("first day of a month", "1");

	return day == 1 ? catalogue_text_ctx(t->lang, first) : digits(t, day, 1);
}

struct str fmt_day_long(struct tpl *t, int32_t day)
{
	static const struct catalogue_key pattern = NC_("date", "{weekday} {day} {month} {year}");
	struct ymd d;

	if (day == NO_DAY)
		return STR("");
	d = day_to_ymd(day);
	return fill(t, pattern,
		    (const struct place[]){
			    { STR("weekday"), weekday_name(t, day, weekdays) },
			    { STR("day"), day_of_month(t, d.day) },
			    { STR("month"), month_name(t, d.month, months) },
			    { STR("year"), digits(t, d.year, 1) },
		    },
		    4);
}

static struct str day_and_month(struct tpl *t, int32_t day, const struct catalogue_key *day_names,
				const struct catalogue_key *month_names)
{
	static const struct catalogue_key pattern = NC_("date", "{weekday} {day} {month}");
	struct ymd d;

	if (day == NO_DAY)
		return STR("");
	d = day_to_ymd(day);
	return fill(t, pattern,
		    (const struct place[]){
			    { STR("weekday"), weekday_name(t, day, day_names) },
			    { STR("day"), day_of_month(t, d.day) },
			    { STR("month"), month_name(t, d.month, month_names) },
		    },
		    3);
}

struct str fmt_day_medium(struct tpl *t, int32_t day)
{
	return day_and_month(t, day, weekdays, months);
}

struct str fmt_day_short(struct tpl *t, int32_t day)
{
	if (!t->last_day.text.p || t->last_day.day != day || t->last_day.lang != t->lang) {
		t->last_day.text = day_and_month(t, day, weekdays_short, months_short);
		t->last_day.day = day;
		t->last_day.lang = t->lang;
	}
	return t->last_day.text;
}

struct str fmt_day_num(struct tpl *t, int32_t day)
{
	return day == NO_DAY ? STR("") : digits(t, day_to_ymd(day).day, 1);
}

struct str fmt_weekday(struct tpl *t, int32_t day)
{
	return day == NO_DAY ? STR("") : weekday_name(t, day, weekdays);
}

struct str fmt_month_year(struct tpl *t, int32_t day)
{
	static const struct catalogue_key pattern = NC_("date", "{month} {year}");
	struct ymd d;

	if (day == NO_DAY)
		return STR("");
	d = day_to_ymd(day);
	return fill(t, pattern,
		    (const struct place[]){
			    { STR("month"), month_name(t, d.month, months) },
			    { STR("year"), digits(t, d.year, 1) },
		    },
		    2);
}

struct str fmt_iso_day(struct tpl *t, int32_t day)
{
	char out[11];

	return day == NO_DAY ? STR("") : copy(t, day_format(day, out));
}

struct str fmt_tod(struct tpl *t, int32_t tod)
{
	char out[6];

	return tod == NO_DAY ? STR("") : copy(t, tod_format_hm(tod, out));
}

struct str fmt_us_iso(struct tpl *t, int64_t us)
{
	char out[28];

	return us == NO_TIME ? STR("") : copy(t, us_format_iso(us, out));
}

static uint64_t magnitude(int64_t v)
{
	return v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
}

#define KIB UINT64_C(1024)

/* A size in a unit above 1: kilobytes with a tenth below 10, larger units below 100. */
static struct str size_digits(struct tpl *t, uint64_t bytes, uint64_t unit)
{
	uint64_t tenths = bytes / unit * 10 + (bytes % unit * 10 + unit / 2) / unit;
	struct buf b;

	begin(t, &b);
	if (tenths >= (unit == KIB ? 100 : 1000)) {
		buf_u64(&b, (bytes + unit / 2) / unit);
		return finish(t, &b);
	}
	buf_u64(&b, tenths / 10);
	if (tenths % 10 != 0) {
		buf_add(&b, number_styles[t->lang].decimal);
		buf_u64(&b, tenths % 10);
	}
	return finish(t, &b);
}

struct str fmt_bytes(struct tpl *t, int64_t bytes)
{
	static const struct unit {
		uint64_t size;
		struct catalogue_key pattern;
	} units[] = {
		{ KIB * KIB * KIB, NC_("size", "{n}\u00a0GB") },
		{ KIB * KIB, NC_("size", "{n}\u00a0MB") },
		{ KIB, NC_("size", "{n}\u00a0kB") },
		{ 1, NC_("size", "{n}\u00a0B") },
	};
	uint64_t n = bytes < 0 ? 0 : (uint64_t)bytes;
	struct str figure;
	size_t i = 0;

	/* The unit whose figure, as it will be shown, is at least 1: 1,048,100 bytes are 1 MB. */
	while (i + 1 < ARRAY_LEN(units) && n < units[i].size - units[i].size / (2 * KIB))
		i++;
	figure = units[i].size == 1 ? digits(t, (int64_t)n, 1) : size_digits(t, n, units[i].size);
	return fill(t, units[i].pattern, (const struct place[]){ { STR("n"), figure } }, 1);
}

struct str fmt_number(struct tpl *t, int64_t n)
{
	uint64_t v = magnitude(n), divisor = 1;
	struct buf b;

	begin(t, &b);
	if (n < 0)
		buf_char(&b, '-');
	while (v / divisor >= 1000)
		divisor *= 1000;
	buf_u64(&b, v / divisor);
	while (divisor > 1) {
		v %= divisor;
		divisor /= 1000;
		buf_add(&b, number_styles[t->lang].group);
		buf_digits(&b, (int64_t)(v / divisor), 3);
	}
	return finish(t, &b);
}

struct str fmt_hundredths(struct tpl *t, int64_t n)
{
	uint64_t v = magnitude(n);
	struct buf b;

	begin(t, &b);
	if (n < 0)
		buf_char(&b, '-');
	buf_u64(&b, v / 100);
	if (v % 100 != 0) {
		buf_char(&b, '.');
		buf_digits(&b, (int64_t)(v % 100), 2);
	}
	return finish(t, &b);
}

struct str fmt_minutes_hm(struct tpl *t, int64_t minutes)
{
	static const struct catalogue_key both = NC_("length", "{h}\u00a0h {m}\u00a0min");
	static const struct catalogue_key hours = NC_("length", "{h}\u00a0h");
	static const struct catalogue_key under = NC_("length", "{m}\u00a0min");
	uint64_t v = magnitude(minutes);
	const struct catalogue_key *pattern = v < 60 ? &under : v % 60 == 0 ? &hours : &both;
	struct buf h, m;

	begin(t, &h);
	begin(t, &m);
	if (minutes < 0)
		buf_char(v < 60 ? &m : &h, '-');
	buf_u64(&h, v / 60);
	buf_u64(&m, v % 60);
	return fill(t, *pattern,
		    (const struct place[]){
			    { STR("h"), finish(t, &h) },
			    { STR("m"), finish(t, &m) },
		    },
		    2);
}

struct str fmt_hours_colon(struct tpl *t, int64_t minutes)
{
	uint64_t v = magnitude(minutes);
	struct buf b;

	begin(t, &b);
	if (minutes < 0)
		buf_char(&b, '-');
	buf_u64(&b, v / 60);
	buf_char(&b, ':');
	buf_digits(&b, (int64_t)(v % 60), 2);
	return finish(t, &b);
}
