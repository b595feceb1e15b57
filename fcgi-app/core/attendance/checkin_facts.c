/*
 * Gathering the facts of a batch: one statement for all first tries and one for the others, and
 * further ones only where a session asks for the network or a place, or where a typed code is
 * wrong.
 */
#include "core/attendance/checkin_row.h"
#include "core/attendance/evidence.h"

static bool asks_by_device(const struct checkin_batch *b)
{
	for (size_t i = 0; i < b->n; i++)
		if (b->items[i].session == COLUMN_NULL && b->in[i]->device_id != COLUMN_NULL)
			return true;
	return false;
}

static enum rc lock(struct checkin_batch *b, struct store *s, struct error *e)
{
	struct str items;
	int64_t first;
	size_t n;

	b->n_sessions = 0;
	if (asks_by_device(b)) {
		TRY(checkin_asked_items(b, &items, &n, e));
		return checkin_lock_by_device(s, items, n, b->c->arena, &b->sessions,
					      &b->n_sessions, e);
	}
	TRY(checkin_asked_sessions(b, &items, &n, &first, e));
	if (n == 0)
		return RC_OK;
	if (n == 1)
		return checkin_lock_one(s, first, b->c->arena, &b->sessions, &b->n_sessions, e);
	return checkin_lock(s, items, n, b->c->arena, &b->sessions, &b->n_sessions, e);
}

static bool are_courses(const struct checkin_batch *b)
{
	for (size_t i = 0; i < b->n_sessions; i++)
		if (!b->sessions[i].is_course)
			return false;
	return true;
}

static enum rc take_plain(struct checkin_batch *b, struct store *s, struct error *e)
{
	const struct checkin_facts *rows;
	enum checkin_plain kind;
	struct str items;
	size_t n;

	if (b->n_sessions == 0 || b->is_again)
		return RC_OK;
	TRY(checkin_plain_items(b, are_courses(b), &kind, &items, &n, e));
	if (!n)
		return RC_OK;
	TRY(checkin_plain_facts(s, kind, items, n, b->sessions, b->n_sessions, b->c->now_us,
				b->c->arena, &rows, &n, e));
	for (size_t k = 0; k < n; k++) {
		struct checkin_item *it = &b->items[rows[k].i];

		it->read = it->f = rows[k];
		it->has_facts = it->is_plain = true;
	}
	return RC_OK;
}

/* Of those whom the plain question does not fit. */
static enum rc take_rest(struct checkin_batch *b, struct store *s, struct error *e)
{
	const struct checkin_facts *rows;
	struct str items;
	size_t n, n_rows;

	TRY(checkin_asked_items(b, &items, &n, e));
	if (!n)
		return RC_OK;
	TRY(checkin_facts_get(s, items, n, b->c->now_us, b->c->arena, &rows, &n_rows, e));
	if (n_rows != n)
		return ERROR(e, RC_INTERNAL, REASON_UNEXPECTED, "%zu facts for %zu check-ins",
			     n_rows, n);
	for (size_t k = 0; k < n; k++) {
		struct checkin_item *it = &b->items[rows[k].i];

		it->read = it->f = rows[k];
		it->has_facts = true;
	}
	return RC_OK;
}

/*
 * A plain question is enough for who gets a record: the unique keys find out whether there is one
 * already.  Who does not, and is not in by an earlier one of this batch, may have one.
 */
static bool is_unsure(const struct checkin_batch *b, size_t i)
{
	const struct checkin_item *it = &b->items[i];

	return it->is_plain && it->same_as == i && !it->has_record &&
	       it->f.record_id == COLUMN_NULL;
}

enum rc checkin_gather_unsure(struct checkin_batch *b, struct store *s, bool *ret_any,
			      struct error *e)
{
	*ret_any = false;
	for (size_t i = 0; i < b->n; i++) {
		if (!is_unsure(b, i))
			continue;
		*ret_any = true;
		b->items[i].has_facts = b->items[i].is_plain = false;
	}
	return *ret_any ? take_rest(b, s, e) : RC_OK;
}

bool checkin_wants_network(const struct checkin_item *it)
{
	return it->f.attendance_id != COLUMN_NULL && !str_eq(it->f.network_level, STR("off"));
}

static enum rc in_branch_network(struct checkin_batch *b, struct store *s,
				 const struct checkin_item *it, bool *ret, struct error *e)
{
	const struct checkin_network *rows;
	struct cidr address, network;
	size_t n;

	*ret = false;
	TRY(checkin_networks(s, it->f.branch_id, b->c->arena, &rows, &n, e));
	if (!cidr_parse(it->in->address, &address))
		return RC_OK;
	for (size_t i = 0; i < n && !*ret; i++)
		*ret = cidr_parse(rows[i].cidr, &network) && cidr_contains(&network, &address);
	return RC_OK;
}

/* The list of a branch is read once for a batch, as long as its items are of one address. */
static enum rc take_networks(struct checkin_batch *b, struct store *s, struct error *e)
{
	const struct checkin_item *last = NULL;

	for (size_t i = 0; i < b->n; i++) {
		struct checkin_item *it = &b->items[i];

		if (!checkin_wants_network(it))
			continue;
		if (it->f.reference_address.n) {
			it->is_in_network = network_same(it->f.reference_address, it->in->address);
			continue;
		}
		if (last && last->f.branch_id == it->f.branch_id &&
		    str_eq(last->in->address, it->in->address))
			it->is_in_network = last->is_in_network;
		else
			TRY(in_branch_network(b, s, it, &it->is_in_network, e));
		last = it;
	}
	return RC_OK;
}

static void take_place(struct checkin_item *it, const struct checkin_place *row, struct place place)
{
	if (it->n_places == CHECKIN_PLACES_MAX)
		return;
	it->places[it->n_places] = place;
	it->place_at[it->n_places] = row->learned_at;
	it->place_session[it->n_places] = row->attendance_id;
	it->n_places++;
}

/* Earlier places of those who send one, for what is impossible and what is made up. */
static enum rc take_places(struct checkin_batch *b, struct store *s, struct error *e)
{
	const struct checkin_place *rows;
	struct evidence_key key;
	struct checkin_writer w;
	struct str items;
	struct error ignored;
	size_t n;

	checkin_writer_begin(&w, b);
	for (size_t i = 0; i < b->n; i++) {
		if (!checkin_wants_place(&b->items[i]))
			continue;
		checkin_put_item(&w, &b->items[i], i, b->items[i].f.attendance_id,
				 b->items[i].f.person_id, false);
		json_out_object_end(&w.o);
	}
	TRY(checkin_writer_end(&w, &items, e));
	if (!w.n)
		return RC_OK;
	TRY(checkin_places(s, items, w.n, b->c->arena, &rows, &n, e));
	TRY(evidence_key_read(b->c, &key, e));
	for (size_t k = 0; k < n; k++) {
		struct place place;
		double accuracy;

		/* What another key has sealed says nothing any more. */
		error_init(&ignored);
		if (evidence_open_place(&key, b->c->arena, rows[k].sealed, &place, &accuracy,
					&ignored) == RC_OK)
			take_place(&b->items[rows[k].i], &rows[k], place);
	}
	crypto_wipe(&key, sizeof key);
	return RC_OK;
}

enum rc checkin_gather(struct checkin_batch *b, struct store *s, struct error *e)
{
	for (size_t i = 0; i < b->n; i++) {
		b->items[i].n_places = 0;
		b->items[i].is_in_network = b->items[i].has_facts = b->items[i].is_plain = false;
	}
	TRY(lock(b, s, e));
	TRY(take_plain(b, s, e));
	TRY(take_rest(b, s, e));
	TRY(take_networks(b, s, e));
	return take_places(b, s, e);
}

/* "A wrong room's code says so": looked up only for the few that are wrong. */
enum rc checkin_name_other_rooms(struct checkin_batch *b, struct store *s, struct error *e)
{
	for (size_t i = 0; i < b->n; i++) {
		struct checkin_item *it = &b->items[i];
		const struct checkin_key *keys;
		enum rotating_state state;
		int64_t step;
		size_t n;

		if (!it->is_kept || !it->is_code_wrong || it->result->reason != REASON_CODE_WRONG)
			continue;
		TRY(checkin_keys(s, it->f.branch_id, COLUMN_NULL, b->c->now_us, b->c->arena, &keys,
				 &n, e));
		for (size_t k = 0; k < n && it->result->reason == REASON_CODE_WRONG; k++) {
			TRY(rotating_check_code(keys[k].code_key, keys[k].code_period_s,
						it->in->code, b->c->now_us, &state, &step, e));
			if (state != ROTATING_WRONG)
				it->result->reason = REASON_CODE_OTHER_ROOM;
		}
	}
	return RC_OK;
}
