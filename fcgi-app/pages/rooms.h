/*
 * Rooms: list, add, change, end, restore.  For administrators, of their branch.
 */
#ifndef PAGES_ROOMS_H
#define PAGES_ROOMS_H

#include "web/route.h"

extern const struct fields rooms_fields, room_fields, room_new_fields, room_save_fields,
	room_place_fields;

/* GET /admin/rooms, GET /admin/rooms/new, GET /admin/rooms/{id} */
route_handler page_rooms;
route_handler page_room_new;
route_handler page_room;
/* POST /admin/rooms and /admin/rooms/{id} */
route_handler page_room_save;
/* POST /admin/rooms/{id}/end and …/restore */
route_handler page_room_end;
route_handler page_room_restore;
/* POST /admin/rooms/{id}/place */
route_handler page_room_place;

#endif
