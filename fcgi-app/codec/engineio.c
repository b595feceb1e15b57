/*
 * Packets of Engine.IO; see engineio.h.
 */
#include "codec/engineio.h"

#include "codec/base64.h"
#include "codec/json.h"

bool engineio_read(struct str text, struct engineio_packet *ret)
{
	if (!text.n || text.p[0] < '0' || text.p[0] >= '0' + ENGINEIO__MAX)
		return false;
	*ret = (struct engineio_packet){ .type = (enum engineio_type)(text.p[0] - '0'),
					 .data = str_from_pos(text, 1) };
	return true;
}

/* Letters of base64 with their padding: whether the bits are right, the decoder says. */
static bool is_base64(struct str s)
{
	size_t n = s.n;

	while (n > 0 && s.n - n < 2 && s.p[n - 1] == '=')
		n--;
	for (size_t i = 0; i < n; i++)
		if (!ascii_is_alnum(s.p[i]) && s.p[i] != '+' && s.p[i] != '/')
			return false;
	return s.n % 4 == 0;
}

bool engineio_next(struct str *rest, struct engineio_packet *ret, bool *ret_found)
{
	struct str text;

	*ret_found = str_split(rest, ENGINEIO_SEPARATOR, &text);
	if (!*ret_found)
		return true;
	if (!text.n || text.p[0] != 'b')
		return engineio_read(text, ret);
	*ret = (struct engineio_packet){ .type = ENGINEIO_MESSAGE,
					 .is_binary = true,
					 .data = str_from_pos(text, 1) };
	return is_base64(ret->data);
}

void engineio_handshake_write(struct buf *b, const struct engineio_handshake *h)
{
	struct json_out o;

	json_out_init(&o, b);
	json_out_object(&o);
	json_out_key_str(&o, "sid", h->sid);
	json_out_key_array(&o, "upgrades");
	if (h->may_upgrade)
		json_out_str(&o, STR("websocket"));
	json_out_array_end(&o);
	json_out_key_i64(&o, "pingInterval", h->ping_interval_ms);
	json_out_key_i64(&o, "pingTimeout", h->ping_timeout_ms);
	json_out_key_i64(&o, "maxPayload", h->max_payload);
	json_out_object_end(&o);
}
