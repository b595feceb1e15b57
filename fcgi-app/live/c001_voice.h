/*
 * The voice of contract 001 in the feed (live/feed.h).
 */
#ifndef LIVE_C001_VOICE_H
#define LIVE_C001_VOICE_H

#include "live/feed.h"

feed_voice c001_voice;

#endif
