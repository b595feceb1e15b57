/*
 * Packets of Socket.IO; see socketio.h.
 */
#include "codec/socketio.h"

#include "base/num.h"

#define ID_MAX (INT64_C(1) << 53)

static struct str take_digits(struct str *rest)
{
	struct str digits;
	size_t n = 0;

	while (n < rest->n && ascii_is_digit(rest->p[n]))
		n++;
	digits = str_sub(*rest, 0, n);
	*rest = str_from_pos(*rest, n);
	return digits;
}

static bool read_attachments(struct str *rest, struct socketio_packet *p)
{
	int64_t n;

	if (p->type != SOCKETIO_BINARY_EVENT && p->type != SOCKETIO_BINARY_ACK)
		return true;
	if (!num_i64(take_digits(rest), 0, SOCKETIO_ATTACHMENTS_MAX, &n) || !rest->n ||
	    rest->p[0] != '-')
		return false;
	*rest = str_from_pos(*rest, 1);
	p->n_attachments = (unsigned)n;
	return true;
}

static void read_space(struct str *rest, struct socketio_packet *p)
{
	size_t end;

	p->space = STR("/");
	if (!rest->n || rest->p[0] != '/')
		return;
	end = str_find_char(*rest, ',');
	p->space = str_sub(*rest, 0, end);
	*rest = end == SIZE_MAX ? (struct str){ 0 } : str_from_pos(*rest, end + 1);
	p->space = str_sub(p->space, 0, str_find_char(p->space, '?'));
}

static bool json_fits(const struct socketio_packet *p)
{
	char first = p->json.n ? p->json.p[0] : '\0';

	switch (p->type) {
	case SOCKETIO_CONNECT:
		return first == '\0' || first == '{';
	case SOCKETIO_DISCONNECT:
		return first == '\0';
	case SOCKETIO_EVENT:
	case SOCKETIO_ACK:
	case SOCKETIO_BINARY_EVENT:
	case SOCKETIO_BINARY_ACK:
		return first == '[';
	case SOCKETIO_CONNECT_ERROR:
	case SOCKETIO__MAX:
		return false;
	}
	return false;
}

bool socketio_read(struct str text, struct socketio_packet *ret)
{
	struct socketio_packet p = { .id = -1 };
	struct str digits;

	if (!text.n || text.p[0] < '0' || text.p[0] >= '0' + SOCKETIO__MAX ||
	    str_find_char(text, '\0') != SIZE_MAX)
		return false;
	p.type = (enum socketio_type)(text.p[0] - '0');
	text = str_from_pos(text, 1);
	if (!read_attachments(&text, &p))
		return false;
	read_space(&text, &p);
	digits = take_digits(&text);
	if (digits.n && !num_i64(digits, 0, ID_MAX, &p.id))
		return false;
	p.json = text;
	if (!json_fits(&p))
		return false;
	*ret = p;
	return true;
}

static struct str after_blanks(struct str s)
{
	size_t n = 0;

	while (n < s.n && (s.p[n] == ' ' || s.p[n] == '\t' || s.p[n] == '\n' || s.p[n] == '\r'))
		n++;
	return str_from_pos(s, n);
}

bool socketio_event_split(struct str json, struct str *ret_name, struct str *ret_args)
{
	struct str rest = str_trim(json), name;
	size_t end;

	if (rest.n < 2 || rest.p[0] != '[' || rest.p[rest.n - 1] != ']')
		return false;
	rest = after_blanks(str_sub(rest, 1, rest.n - 2));
	if (!rest.n || rest.p[0] != '"')
		return false;
	rest = str_from_pos(rest, 1);
	end = str_find_char(rest, '"');
	if (end == SIZE_MAX)
		return false;
	name = str_sub(rest, 0, end);
	if (str_find_char(name, '\\') != SIZE_MAX)
		return false;
	rest = after_blanks(str_from_pos(rest, end + 1));
	if (rest.n && rest.p[0] != ',')
		return false;
	*ret_name = name;
	*ret_args = rest.n ? str_trim(str_from_pos(rest, 1)) : rest;
	return true;
}

void socketio_head_write(struct buf *b, enum socketio_type type, unsigned n_attachments,
			 struct str space, int64_t id)
{
	buf_char(b, (char)('0' + (int)type));
	if (type == SOCKETIO_BINARY_EVENT || type == SOCKETIO_BINARY_ACK) {
		buf_u64(b, n_attachments);
		buf_char(b, '-');
	}
	if (space.n > 1) {
		buf_add(b, space);
		buf_char(b, ',');
	}
	if (id >= 0)
		buf_i64(b, id);
}
