/*
 * Devices: scanners and terminals that mark attendance, each with a key of its own.
 *
 * Admins of the branch manage them.  The key is random, stored as its digest, and shown once,
 * when the device is made or its key renewed.  A device acts as an account of role
 * "device", which is made with it and never signs in by password.  A blocked one, one whose
 * account is disabled, and a demo device off loopback are refused.
 *
 * Errors all share: RC_DENIED/ADMIN_ONLY, RC_NOT_FOUND (also of another branch), RC_CONFLICT
 * CHANGED (the version is another one).
 */
#ifndef CORE_DEVICE_H
#define CORE_DEVICE_H

#include "core/core.h"
#include "store/device.h"

#define DEVICE_CODE_MAX     40 /* code points: letters, digits and . _ - */
#define DEVICE_NAME_MAX     120
#define DEVICE_LOCATION_MAX 120
#define DEVICE_ADDRESS_MAX  40

/* Heard of within the last five minutes? */
bool device_is_online(const struct core *c, const struct device_row *d);

/* By code; branch_id 0: all that one manages. */
enum rc device_list(struct core *c, int64_t branch_id, const struct device_row **ret_rows,
		    size_t *ret_n, struct error *e) MUST_CHECK;
enum rc device_get(struct core *c, int64_t id, struct device_row *ret, struct error *e) MUST_CHECK;
/* By its code. */
enum rc device_get_by_code(struct core *c, struct str code, struct device_row *ret,
			   struct error *e) MUST_CHECK;

struct device_in {
	int64_t branch_id; /* of a new one; 0: the viewer's own, or the only one */
	struct str code, name, location, ip_address, mac_address; /* name empty: the code */
	int64_t version;                                          /* change: 0: whatever it is */
};
/*
 * *ret_key: to be shown once.  Fields "code" (REQUIRED, TOO_LONG, NOT_TEXT, DEVICE_TAKEN), "name",
 * "location", "ip_address", "mac_address" (TOO_LONG, NOT_TEXT), "branch" (REQUIRED, NOT_A_CHOICE).
 */
enum rc device_create(struct core *c, const struct device_in *in, struct str *ret_key,
		      int64_t *ret_id, struct error *e) MUST_CHECK;
enum rc device_change(struct core *c, int64_t id, const struct device_in *in,
		      struct error *e) MUST_CHECK;
/* A new key; the old one is refused from now on. */
enum rc device_rotate(struct core *c, int64_t id, int64_t version, struct str *ret_key,
		      struct error *e) MUST_CHECK;
enum rc device_block(struct core *c, int64_t id, bool is_blocked, struct error *e) MUST_CHECK;
/* For good; its code is free again.  RC_CONFLICT DEVICE_BUSY while a session is open on it. */
enum rc device_end(struct core *c, int64_t id, struct error *e) MUST_CHECK;

/* One that staff may bind to a session: of what they may see.  Field "device_id" NOT_A_CHOICE. */
enum rc device_to_bind(struct core *c, struct str code, int64_t *ret_id,
		       struct error *e) MUST_CHECK;
/* What a device may know of itself, once device_authenticate let it in. */
enum rc device_self(struct core *c, int64_t id, struct device_row *ret, struct error *e) MUST_CHECK;
/*
 * Who sends this key.  One statement, a second one at most once a minute (last seen).
 * RC_NOT_SIGNED_IN DEVICE_KEY for an unknown code or a wrong key, in the same time;
 * RC_DENIED DEVICE_BLOCKED.  c->who is not read.
 */
enum rc device_authenticate(struct core *c, struct str code, struct str key, struct who *ret_who,
			    int64_t *ret_device_id, struct error *e) MUST_CHECK;

#endif
