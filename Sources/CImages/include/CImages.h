// C ABI over libjpeg-turbo, libpng, libwebp, zlib and GDCM: pixels in, pixels out.
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
/// Pixels [height, width, channels]; channels 3 (grey is repeated, CMYK converted as Pillow does)
/// or 1, for one-channel images only. With `plain` not 0, three channels without a JFIF or Adobe
/// marker are red, green and blue as they stand.
ci_status ci_jpeg_decode(const uint8_t *bytes, size_t length, int32_t width, int32_t height,
                         int32_t channels, int32_t plain, uint8_t *pixels, size_t count,
                         char *message);

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

// MARK: Compressed frames of DICOM
typedef enum { CI_DICOM_JPEG, CI_DICOM_JPEG_LS, CI_DICOM_JPEG_2000 } ci_dicom_codec;

typedef struct {
    ci_dicom_codec codec;
    int32_t width, height, samples;
    int32_t bits_allocated;  // 8 or 16: what the decoder writes for a value
    int32_t bits_stored;
    int32_t is_signed;
} ci_dicom_frame;

/// One frame's code stream by GDCM, whose size, samples and precision the caller has compared with
/// the frame: values [height, width, samples] in the machine's byte order.
ci_status ci_dicom_decode(const uint8_t *bytes, size_t length, const ci_dicom_frame *frame,
                          uint8_t *values, size_t count, char *message);

#ifdef __cplusplus
}
#endif
