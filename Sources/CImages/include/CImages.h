// C ABI over libjpeg-turbo, libpng, libwebp and zlib: pixels in, pixels out; and over what the system
// has for a process that is given files.
//
// The caller owns all memory: sizes are asked first, checked against its limits, and handed back
// with a buffer of exactly that size. No call keeps a pointer, throws or ends the process. Each
// returns a status and, unless that is CI_OK, leaves a short text of at most CI_MESSAGE bytes.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum { CI_MESSAGE = 200 };

typedef enum {
    CI_OK = 0,
    CI_TRUNCATED,    // the bytes end before the image does
    CI_CORRUPT,      // the bytes contradict their format or themselves
    CI_UNSUPPORTED,  // well formed, but of a kind that is not read
    CI_MEMORY,       // memory that could not be had
    CI_ARGUMENT      // the caller's buffer does not fit the image
} ci_status;

/// What a header says.
typedef struct {
    int32_t width, height;
    int32_t channels;  // as stored, alpha included; 1 for a palette
    int32_t bits;      // a channel
    int32_t frames;
    int32_t palette;   // not 0 where values are indices
} ci_header;

// MARK: JPEG
ci_status ci_jpeg_header(const uint8_t *bytes, size_t length, ci_header *header, char *message);
/// RGB pixels [height, width, 3]: grey is repeated, CMYK converted as Pillow does.
ci_status ci_jpeg_decode(const uint8_t *bytes, size_t length, int32_t width, int32_t height,
                         uint8_t *pixels, size_t count, char *message);

// MARK: PNG
ci_status ci_png_header(const uint8_t *bytes, size_t length, ci_header *header, char *message);
/// RGB pixels [height, width, 3] as Pillow's convert("RGB") gives them: alpha is dropped, 16 bits
/// keep their high byte, except that 16-bit grey is cut off at 255.
ci_status ci_png_decode(const uint8_t *bytes, size_t length, int32_t width, int32_t height,
                        uint8_t *pixels, size_t count, char *message);
/// Takes the next bytes of a file; a result other than 0 stops the writer.
typedef int32_t (*ci_sink)(void *context, const uint8_t *bytes, size_t length);
/// An 8-bit PNG of pixels [height, width, channels], channels 3 or 4.
ci_status ci_png_encode(const uint8_t *pixels, size_t count, int32_t width, int32_t height,
                        int32_t channels, ci_sink sink, void *context, char *message);

// MARK: WebP
ci_status ci_webp_header(const uint8_t *bytes, size_t length, ci_header *header, char *message);
/// RGB pixels [height, width, 3] of the first frame, alpha dropped.
ci_status ci_webp_decode(const uint8_t *bytes, size_t length, int32_t width, int32_t height,
                         uint8_t *pixels, size_t count, char *message);

// MARK: zlib
/// Inflates a zlib stream; `written` says how much of `output` it filled. A longer one is
/// CI_ARGUMENT.
ci_status ci_inflate(const uint8_t *bytes, size_t length, uint8_t *output, size_t capacity,
                     size_t *written, char *message);

// MARK: A worker process
/// Starts the program at `path` with a socket and its limits (bytes of address space, seconds of
/// the processor's time a request) as arguments. 0, or an errno.
int32_t ci_worker_start(const char *path, uint64_t memory, int64_t seconds, int32_t *socket,
                        int32_t *process);
/// Ends it, whatever it does: the signal that it ended with, or 0.
int32_t ci_worker_end(int32_t socket, int32_t process);
/// Sends bytes with a descriptor. 0, or not 0 where nobody takes them.
int32_t ci_worker_send(int32_t socket, const uint8_t *bytes, size_t length, int32_t file);

enum { CI_WORKER_READY = 0, CI_WORKER_GONE, CI_WORKER_LATE };
/// Fills `bytes` until the deadline.
int32_t ci_worker_receive(int32_t socket, uint8_t *bytes, size_t length, int64_t deadline);
/// So many seconds from now.
int64_t ci_worker_deadline(int64_t seconds);
/// A file without a name that holds these bytes; -1 where there is no room for one.
int32_t ci_file_of_bytes(const uint8_t *bytes, size_t length);

#ifdef __cplusplus
}
#endif
