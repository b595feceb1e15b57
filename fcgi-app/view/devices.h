/*
 * What the pages of devices show.
 *
 * Plain data; typed values are shown as they were sent.
 */
#ifndef VIEW_DEVICES_H
#define VIEW_DEVICES_H

#include "core/identity/device.h"
#include "view/org.h"

enum device_state { DEVICE_OFFLINE, DEVICE_ONLINE, DEVICE_IS_BLOCKED };

struct view_device_row {
	const struct device_row *d;
	enum device_state state;
	bool was_seen;
	int32_t seen_day, seen_tod; /* in the viewer's zone */
};

struct view_devices {
	const struct view_page *page;
	struct view_org_flash flash;
	const struct view_device_row *rows;
	size_t n_rows;
	int64_t branch;
	struct view_options branches;
};

struct view_device {
	const struct view_page *page;
	struct view_org_flash flash;
	struct view_device_row row; /* d NULL: a new one */
	struct str code, name, location, ip_address, mac_address;
	struct view_options branches;
	int64_t revision;
	struct view_errors errors;
	struct view_field_error code_error, name_error, location_error, ip_error, mac_error,
		branch_error;
	struct view_changed changed;
};

/* A key that is shown this once. */
struct view_device_key {
	const struct view_page *page;
	int64_t id;
	struct str code, name, key;
	bool is_new; /* with its device */
};

#endif
