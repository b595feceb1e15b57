/*
 * The list of people: from what the address asks to the cheapest statement that answers it.
 */
#include "core/people/people.h"

#include "base/buf.h"
#include "core/rights.h"
#include "core/wall.h"
#include "store/membership.h"

/* People that one beginning may bring from each index; more when filters take some away again. */
#define CAP          200
#define CAP_FILTERED 1000

/* The Turkish dotless i is a letter of its own to the collation; the store folds it likewise. */
#define DOTLESS_I "\xC4\xB1"

/* before, the word with ! before what LIKE would take for its own, and %. */
static enum rc like_of(struct arena *a, const char *before, struct str word, bool is_low,
		       struct str *ret, struct error *e)
{
	struct buf b;

	buf_init(&b, a, word.n + 16, word.n * 2 + 16);
	buf_add(&b, str_from(before));
	for (size_t i = 0; i < word.n; i++) {
		const char ch = is_low ? ascii_lower(word.p[i]) : word.p[i];

		if (ch == '%' || ch == '_' || ch == '!')
			buf_char(&b, '!');
		if (str_starts(str_from_pos(word, i), STR(DOTLESS_I))) {
			buf_char(&b, 'i');
			i++;
		} else {
			buf_char(&b, ch);
		}
	}
	buf_char(&b, '%');
	if (!buf_ok(&b))
		return ERROR_MEMORY(e);
	*ret = buf_str(&b);
	return RC_OK;
}

/* What was typed, in words; one beyond what is looked at is dropped. */
struct words {
	struct str v[PEOPLE_WORDS_MAX];
	size_t n;
};

static struct words words_of(struct str search)
{
	struct words w = { .n = 0 };
	struct str rest = search, word;

	while (search.n > 0 && w.n < ARRAY_LEN(w.v) && str_split(&rest, ' ', &word))
		if (word.n > 0)
			w.v[w.n++] = word;
	return w;
}

/* The word number `first` drives the search, all others must stand inside; SIZE_MAX: all. */
static enum rc set_words(struct core *c, const struct words *w, size_t first,
			 struct people_params *p, struct error *e)
{
	size_t n = 0;

	for (size_t i = 0; i < PEOPLE_WORDS_MAX; i++)
		p->inside[i] = (struct str){ 0 };
	for (size_t i = 0; i < w->n; i++)
		if (i != first)
			TRY(like_of(c->arena, "% ", w->v[i], false, &p->inside[n++], e));
	if (first >= w->n)
		return RC_OK;
	TRY(like_of(c->arena, "", w->v[first], false, &p->start, e));
	return like_of(c->arena, "", w->v[first], true, &p->low_start, e);
}

static void kind_of(const struct people_query *q, struct people_params *p)
{
	static const struct {
		int64_t mask;
		enum role role; /* ROLE_NONE: too many to begin with */
	} kinds[PEOPLE_KIND__MAX] = {
		[PEOPLE_KIND_ALL] = { PEOPLE_ANY_KIND, ROLE_NONE },
		[PEOPLE_KIND_STUDENT] = { PEOPLE_STUDENT, ROLE_NONE },
		[PEOPLE_KIND_TEACHER] = { PEOPLE_TEACHER, ROLE_FACULTY },
		[PEOPLE_KIND_EMPLOYEE] = { PEOPLE_EMPLOYEE, ROLE_EMPLOYEE },
		[PEOPLE_KIND_BRANCH_ADMIN] = { PEOPLE_BRANCH_ADMIN, ROLE_BRANCH_ADMIN },
		[PEOPLE_KIND_SUPER_ADMIN] = { PEOPLE_SUPER_ADMIN, ROLE_SUPER_ADMIN },
	};
	static const int64_t accounts[PEOPLE_ACCOUNT__MAX] = {
		[PEOPLE_ACCOUNT_ALL] = ACCOUNT_ANY,
		[PEOPLE_ACCOUNT_WITH] = ACCOUNT_ENABLED | ACCOUNT_DISABLED,
		[PEOPLE_ACCOUNT_WITHOUT] = ACCOUNT_NONE,
		[PEOPLE_ACCOUNT_DISABLED] = ACCOUNT_DISABLED,
	};

	p->kinds = kinds[q->kind].mask;
	p->accounts = accounts[q->account];
	if (kinds[q->kind].role != ROLE_NONE) {
		p->driver = PEOPLE_BY_ROLE;
		p->role = str_from(role_name(kinds[q->kind].role));
	}
}

/*
 * What gives few people whatever else is asked: a section, a rare role, a disabled account; only
 * without them the search.
 */
static enum rc driver_of(struct core *c, const struct people_query *q, const struct words *w,
			 struct people_params *p, struct error *e)
{
	struct member_group_row group;

	kind_of(q, p);
	if (q->section_id != 0) {
		TRY(member_group_get(c->db, MEMBER_SECTION, q->section_id, c->arena, &group, e));
		TRY(rights_branch(c->who, ACTION_PEOPLE_MANAGE, group.branch_id, e));
		p->driver = PEOPLE_BY_GROUP;
		p->section_id = q->section_id;
		p->day = core_wall(c, group.zone, c->now_us).day;
	} else if (q->account == PEOPLE_ACCOUNT_DISABLED) {
		p->driver = PEOPLE_BY_DISABLED;
	} else if (p->driver == PEOPLE_BY_NAME && w->n > 0) {
		p->driver = PEOPLE_BY_SEARCH;
	}
	return RC_OK;
}

static enum rc params_of(struct core *c, const struct people_query *q, struct people_params *p,
			 struct words *w, struct error *e)
{
	const struct str search = str_trim(utf8_prefix(str_trim(q->search), PEOPLE_SEARCH_MAX));
	const int64_t page = q->page < 1                  ? 1
			     : q->page > PEOPLE_PAGES_MAX ? PEOPLE_PAGES_MAX
							  : q->page;

	if (!utf8_valid(search) || str_find_char(search, '\0') != SIZE_MAX)
		return ERROR_FIELD(e, "q", REASON_NOT_TEXT, 0);
	*p = (struct people_params){ .branch_id = q->branch_id,
				     .is_ended = q->is_ended,
				     .low_start = STR("%"),
				     .offset = (page - 1) * PEOPLE_PAGE,
				     .limit = PEOPLE_PAGE + 1 };
	if (c->who->role != ROLE_SUPER_ADMIN && p->branch_id == 0)
		p->branch_id = c->who->branch_id;
	TRY(rights_branch(c->who, ACTION_PEOPLE_MANAGE,
			  p->branch_id == 0 ? COLUMN_NULL : p->branch_id, e));
	*w = words_of(search);
	TRY(driver_of(c, q, w, p, e));
	p->cap = p->kinds != PEOPLE_ANY_KIND || p->accounts != ACCOUNT_ANY || w->n > 1
			 ? CAP_FILTERED
			 : CAP;
	return RC_OK;
}

/*
 * Each word may drive; when so many begin like the one that not all were looked at, the next may
 * be rarer ("Maria Zzyzx").
 */
static enum rc search(struct core *c, struct people_params *p, const struct words *w,
		      struct people_list *list, struct error *e)
{
	list->is_cut = true;
	for (size_t i = w->n; list->is_cut && i > 0; i--) {
		TRY(set_words(c, w, i - 1, p, e));
		TRY(people_select(c->db, p, c->arena, &list->rows, &list->n_rows, e));
		list->is_cut = list->n_rows > 0 ? list->rows[0].n_found >= p->cap : w->n > 1;
	}
	if (list->n_rows == 0)
		list->is_cut = false;
	return RC_OK;
}

enum rc people_list(struct core *c, const struct people_query *q, struct people_list *ret,
		    struct error *e)
{
	struct people_list list = { 0 };
	struct people_params p;
	struct words w;

	BUG((unsigned)q->kind >= PEOPLE_KIND__MAX || (unsigned)q->account >= PEOPLE_ACCOUNT__MAX);
	TRY(params_of(c, q, &p, &w, e));
	if (p.driver == PEOPLE_BY_SEARCH) {
		TRY(search(c, &p, &w, &list, e));
	} else {
		TRY(set_words(c, &w, SIZE_MAX, &p, e));
		TRY(people_select(c->db, &p, c->arena, &list.rows, &list.n_rows, e));
	}
	list.has_more = list.n_rows > PEOPLE_PAGE;
	if (list.has_more)
		list.n_rows = PEOPLE_PAGE;
	list.is_cut =
		p.driver == PEOPLE_BY_SEARCH && list.n_rows > 0 && list.rows[0].n_found >= p.cap;
	*ret = list;
	return RC_OK;
}
