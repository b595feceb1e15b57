/*
 * What calls want done: a list made in the thread, carried out in the loop.
 */
#include "base/heap.h"
#include "live/inside.h"

#include <stdio.h>

void effects_init(struct effects *fx, enum flavour flavour, int64_t ack_id)
{
	*fx = (struct effects){ .flavour = flavour, .ack_id = ack_id };
	fx->last = &fx->first;
}

void effects_clear(struct effects *fx)
{
	struct effect *f;

	while ((f = fx->first) != NULL) {
		fx->first = f->next;
		frame_unref(f->frame);
		heap_free(f);
	}
	fx->last = &fx->first;
}

/* ---- in the thread
 * --------------------------------------------------------------------------------- */

/* A new one at the end of the list; NULL: dropped, and remembered. */
static struct effect *add(struct effects *fx, enum effect_kind kind, struct str text)
{
	struct effect *f = fx->is_refused ? NULL : heap_new(sizeof *f + text.n);

	if (!f) {
		fx->has_failed = fx->has_failed || !fx->is_refused;
		return NULL;
	}
	f->kind = kind;
	if (text.n)
		memcpy((char *)(f + 1), text.p, text.n);
	f->text = str_make((char *)(f + 1), text.n);
	*fx->last = f;
	fx->last = &f->next;
	return f;
}

static void add_frame(struct effects *fx, enum effect_kind kind, struct str room,
		      struct frame *frame)
{
	struct effect *f = frame ? add(fx, kind, room) : NULL;

	if (f) {
		f->frame = frame;
		return;
	}
	fx->has_failed = fx->has_failed || !fx->is_refused;
	frame_unref(frame);
}

void fx_emit_id(struct effects *fx, int64_t id, struct str event, struct str json)
{
	add_frame(fx, EFFECT_EMIT, (struct str){ 0 }, frame_of(fx->flavour, id, event, json));
}

void fx_emit(struct effects *fx, struct str event, struct str json)
{
	fx_emit_id(fx, 0, event, json);
}

void fx_ack(struct effects *fx, struct str args)
{
	char id[24];
	struct str parts[] = { STR("43"), { id, 0 }, STR("["), args, STR("]") };

	if (fx->ack_id < 0)
		return;
	parts[1].n = (size_t)snprintf(id, sizeof id, "%lld", (long long)fx->ack_id);
	add_frame(fx, EFFECT_ACK, (struct str){ 0 }, frame_text(parts, ARRAY_LEN(parts)));
}

void fx_join(struct effects *fx, struct str room)
{
	(void)add(fx, EFFECT_JOIN, room);
}

void fx_leave(struct effects *fx, struct str room)
{
	(void)add(fx, EFFECT_LEAVE, room);
}

void fx_publish(struct effects *fx, struct str room, struct str event, struct str json)
{
	add_frame(fx, EFFECT_PUBLISH, room, frame_of(fx->flavour, 0, event, json));
}

void fx_caught_up(struct effects *fx, int64_t seq)
{
	struct effect *f = add(fx, EFFECT_CAUGHT_UP, (struct str){ 0 });

	if (f)
		f->seq = seq;
}

void fx_is(struct effects *fx, const struct who *who)
{
	struct effect *f = add(fx, EFFECT_IS, (struct str){ 0 });

	if (f)
		f->who = (struct identity){ who->role, who->account_id, who->person_id,
					    who->branch_id, who->web_session_id };
}

void fx_refuse(struct effects *fx, enum rc rc, struct str message)
{
	struct effect *f;

	effects_clear(fx);
	f = add(fx, EFFECT_REFUSE, message);
	if (f)
		f->rc = rc;
	fx->is_refused = f != NULL;
}

void fx_close(struct effects *fx)
{
	(void)add(fx, EFFECT_CLOSE, (struct str){ 0 });
}

void fx_close_others(struct effects *fx, struct str room)
{
	(void)add(fx, EFFECT_CLOSE_OTHERS, room);
}

void fx_alive(struct effects *fx, int64_t web_session_id)
{
	struct effect *f = add(fx, EFFECT_ALIVE, (struct str){ 0 });

	if (f)
		f->seq = web_session_id;
}

/* ---- in the loop
 * ------------------------------------------------------------------------------------ */

static void publish(struct live *l, struct effect *f, enum flavour flavour)
{
	struct publication p = { .room = f->text };

	p.frames[flavour] = f->frame;
	f->frame = NULL;
	hub_publish(l->hub, 0, &p, 1);
}

static void close_others(struct live *l, struct client *c, struct str room)
{
	for (struct client *other = client_account_first(c); other; other = other->account_next)
		if (other != c && other->door == c->door && !other->is_gone &&
		    hub_is_in(l->hub, &other->peer, room))
			other->ops->close(other, "replaced by a newer connection");
}

static void apply(struct live *l, struct client *c, struct effects *fx, struct effect *f)
{
	switch (f->kind) {
	case EFFECT_EMIT:
	case EFFECT_ACK:
		c->ops->send(c, f->frame);
		f->frame = NULL;
		break;
	case EFFECT_JOIN:
		if (!hub_join(l->hub, &c->peer, f->text))
			c->ops->close(c, "too many rooms");
		break;
	case EFFECT_LEAVE:
		hub_leave(l->hub, &c->peer, f->text);
		break;
	case EFFECT_PUBLISH:
		publish(l, f, fx->flavour);
		break;
	case EFFECT_CAUGHT_UP:
		if (!hub_replay(l->hub, &c->peer, f->seq))
			c->ops->close(c, "too far behind");
		break;
	case EFFECT_ALIVE:
	case EFFECT_IS:
		break; /* before he was let in */
	case EFFECT_REFUSE:
		c->ops->refused(c, f->rc, f->text);
		break;
	case EFFECT_CLOSE:
		c->ops->close(c, "closed");
		break;
	case EFFECT_CLOSE_OTHERS:
		close_others(l, c, f->text);
		break;
	}
}

/* Whether he may be who the call says: an account has so many connections. */
static bool identify(struct client *c, const struct effects *fx)
{
	for (const struct effect *f = fx->first; f; f = f->next)
		if (f->kind == EFFECT_IS && !client_identify(c, &f->who))
			return false;
	return true;
}

/* He is let in, or not; true: the other effects follow. */
static bool open(struct client *c, const struct effects *fx)
{
	if (fx->is_refused) {
		c->is_refused = true;
		return true;
	}
	if (!identify(c, fx)) {
		c->is_refused = true;
		c->ops->refused(c, RC_BUSY, STR("Too many connections"));
		return false;
	}
	c->is_open = true;
	c->ops->accepted(c);
	return true;
}

void effects_apply(struct live *l, struct client *c, struct effects *fx, enum call_what what)
{
	bool goes_on = !c || what != CALL_OPENED || open(c, fx);

	for (struct effect *f = goes_on ? fx->first : NULL; f; f = f->next) {
		/* What is sent to him may end him. */
		if (c && c->is_gone)
			c = NULL;
		if (c || f->kind == EFFECT_PUBLISH)
			apply(l, c, fx, f);
	}
	effects_clear(fx);
}
