/*
 * Devices that mark attendance: list, add, change, renew the key, block, end.  For
 * administrators, of their branch.
 *
 * A key is in the answer to the form that asked for it and nowhere else.
 */
#ifndef PAGES_DEVICES_H
#define PAGES_DEVICES_H

#include "web/route.h"

extern const struct fields devices_fields, device_fields, device_add_fields, device_save_fields,
	device_act_fields;

/* GET /admin/devices, GET /admin/devices/new, GET /admin/devices/{id} */
route_handler page_devices;
route_handler page_device_new;
route_handler page_device;
/* POST /admin/devices: answers with the key */
route_handler page_device_add;
/* POST /admin/devices/{id} */
route_handler page_device_save;
/* POST /admin/devices/{id}/key: answers with the new one */
route_handler page_device_rotate;
/* POST /admin/devices/{id}/block, …/unblock, …/end */
route_handler page_device_block;
route_handler page_device_unblock;
route_handler page_device_end;

#endif
