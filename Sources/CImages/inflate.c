#include "support.h"

#include <zlib.h>

ci_status ci_inflate(const uint8_t *bytes, size_t length, uint8_t *output, size_t capacity,
                     size_t *written, char *message) {
    *written = 0;
    uLong taken = (uLong)length;
    uLongf filled = (uLongf)capacity;
    switch (uncompress2(output, &filled, bytes, &taken)) {
    case Z_OK:
        *written = filled;
        return CI_OK;
    case Z_BUF_ERROR:
        // The output is full, or the input has ended.
        return filled == capacity ? ci_fail(CI_ARGUMENT, message, "longer than allowed")
                                  : ci_fail(CI_TRUNCATED, message, "the data end too early");
    case Z_MEM_ERROR:
        return ci_fail(CI_MEMORY, message, "out of memory");
    default:
        return ci_fail(CI_CORRUPT, message, "not a zlib stream");
    }
}
