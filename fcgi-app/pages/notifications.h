/*
 * One's own notifications and what one wants to be told.
 */
#ifndef PAGES_NOTIFICATIONS_H
#define PAGES_NOTIFICATIONS_H

#include "web/req.h"
#include "web/resp.h"

extern const struct fields notifications_fields, notifications_read_fields, notification_act_fields,
	notification_settings_fields, notification_settings_send_fields;

enum rc page_notifications(struct req *q, struct resp *r, struct error *e);
/* All up to the newest that was shown. */
enum rc page_notifications_read(struct req *q, struct resp *r, struct error *e);
/* Reads one and goes where it leads. */
enum rc page_notification_open(struct req *q, struct resp *r, struct error *e);
enum rc page_notification_read(struct req *q, struct resp *r, struct error *e);
enum rc page_notification_delete(struct req *q, struct resp *r, struct error *e);
enum rc page_notification_settings(struct req *q, struct resp *r, struct error *e);
enum rc page_notification_settings_send(struct req *q, struct resp *r, struct error *e);

#endif
