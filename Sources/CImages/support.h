// What the readers share.
#pragma once
#include "CImages.h"

#include <stdio.h>

/// Leaves a text and returns the status.
static inline ci_status ci_fail(ci_status status, char *message, const char *text) {
    snprintf(message, CI_MESSAGE, "%s", text);
    return status;
}

/// Whether a buffer holds width * height * channels bytes, none of them zero and none overflowing.
static inline int ci_fits(int32_t width, int32_t height, int32_t channels, size_t count) {
    if (width <= 0 || height <= 0 || channels <= 0) return 0;
    const uint64_t pixels = (uint64_t)width * (uint64_t)height;
    return pixels <= UINT64_MAX / (uint64_t)channels && pixels * (uint64_t)channels == count;
}
