#include "support.h"

#include <string.h>

#include <png.h>

static const size_t signature = 8;

typedef struct {
    const uint8_t *bytes;
    size_t length, position;
    ci_sink sink;
    void *context;
    ci_status status;
    char *message;
} stream;

static void on_error(png_structp png, png_const_charp text) {
    stream *state = png_get_error_ptr(png);
    if (state->status == CI_OK) state->status = ci_fail(CI_CORRUPT, state->message, text);
    png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp text) {
    (void)png;
    (void)text;
}

static void take(png_structp png, png_bytep output, size_t count) {
    stream *state = png_get_io_ptr(png);
    if (count > state->length - state->position) {
        state->status =
            ci_fail(CI_TRUNCATED, state->message, "the data end before the image does");
        png_error(png, "");
    }
    memcpy(output, state->bytes + state->position, count);
    state->position += count;
}

// Text, colour profiles and the like are read elsewhere or not at all: none is unpacked here.
static void open_stream(png_structp png, png_infop info, stream *state, int32_t width,
                        int32_t height) {
    png_set_read_fn(png, state, take);
    png_set_user_limits(png, (png_uint_32)width, (png_uint_32)height);
    png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
    png_read_info(png, info);
}

// A structure to read with, or NULL where the state says why there is none.
static png_structp open_reader(stream *state, png_infop *info) {
    if (state->length < signature || png_sig_cmp(state->bytes, 0, signature) != 0) {
        state->status = ci_fail(CI_CORRUPT, state->message, "no PNG signature");
        return NULL;
    }
    png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, state, on_error, on_warning);
    *info = png ? png_create_info_struct(png) : NULL;
    if (!*info) {
        png_destroy_read_struct(&png, NULL, NULL);
        state->status = ci_fail(CI_MEMORY, state->message, "out of memory");
        return NULL;
    }
    return png;
}

ci_status ci_png_header(const uint8_t *bytes, size_t length, ci_header *header, char *message) {
    stream state = {.bytes = bytes, .length = length, .message = message};
    png_infop info = NULL;
    png_structp png = open_reader(&state, &info);
    if (!png) return state.status;
    if (setjmp(png_jmpbuf(png)) == 0) {
        open_stream(png, info, &state, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
        *header = (ci_header){.width = (int32_t)png_get_image_width(png, info),
                              .height = (int32_t)png_get_image_height(png, info),
                              .channels = png_get_channels(png, info),
                              .bits = png_get_bit_depth(png, info),
                              .frames = 1,
                              .palette = png_get_color_type(png, info) == PNG_COLOR_TYPE_PALETTE};
    }
    png_destroy_read_struct(&png, &info, NULL);
    return state.status;
}

// Rows hold 3 bytes a pixel, or less where expand_row spreads them afterwards.
static void choose_transforms(png_structp png, png_infop info) {
    const int type = png_get_color_type(png, info), bits = png_get_bit_depth(png, info);
    if (type == PNG_COLOR_TYPE_PALETTE) {
        png_set_packing(png);
    } else if (type != PNG_COLOR_TYPE_GRAY || bits < 16) {
        if (bits == 16) png_set_strip_16(png);
        if (bits < 8) png_set_expand_gray_1_2_4_to_8(png);
        if (!(type & PNG_COLOR_MASK_COLOR)) png_set_gray_to_rgb(png);
        if (type & PNG_COLOR_MASK_ALPHA) png_set_strip_alpha(png);
    }
}

static void read_rows(png_structp png, png_infop info, uint8_t *pixels, int32_t height,
                      size_t stride) {
    const int passes = png_set_interlace_handling(png);
    png_read_update_info(png, info);
    if (png_get_rowbytes(png, info) > stride) png_error(png, "rows are longer than announced");
    for (int pass = 0; pass < passes; pass++)
        for (int32_t y = 0; y < height; y++) png_read_row(png, pixels + stride * (size_t)y, NULL);
}

// From the end, since a row is spread within itself. Indices beyond the palette are black.
static void spread_indices(uint8_t *row, int32_t width, const uint8_t colours[256][3]) {
    for (int32_t x = width - 1; x >= 0; x--) memcpy(row + 3 * (size_t)x, colours[row[x]], 3);
}

// Pillow cuts 16-bit grey off at 255 where it makes RGB of it.
static void spread_deep_grey(uint8_t *row, int32_t width) {
    for (int32_t x = width - 1; x >= 0; x--) {
        const uint8_t value = row[2 * (size_t)x] ? 255 : row[2 * (size_t)x + 1];
        memset(row + 3 * (size_t)x, value, 3);
    }
}

static void spread(png_structp png, png_infop info, uint8_t *pixels, int32_t width, int32_t height) {
    const int type = png_get_color_type(png, info), bits = png_get_bit_depth(png, info);
    uint8_t colours[256][3] = {{0}};
    if (type == PNG_COLOR_TYPE_PALETTE) {
        png_colorp palette = NULL;
        int entries = 0;
        png_get_PLTE(png, info, &palette, &entries);
        for (int i = 0; i < entries && i < 256; i++)
            memcpy(colours[i], (uint8_t[3]){palette[i].red, palette[i].green, palette[i].blue}, 3);
    }
    for (int32_t y = 0; y < height; y++) {
        uint8_t *row = pixels + 3 * (size_t)width * (size_t)y;
        if (type == PNG_COLOR_TYPE_PALETTE) spread_indices(row, width, colours);
        if (type == PNG_COLOR_TYPE_GRAY && bits == 16) spread_deep_grey(row, width);
    }
}

ci_status ci_png_decode(const uint8_t *bytes, size_t length, int32_t width, int32_t height,
                        uint8_t *pixels, size_t count, char *message) {
    if (!ci_fits(width, height, 3, count))
        return ci_fail(CI_ARGUMENT, message, "the buffer does not fit");
    stream state = {.bytes = bytes, .length = length, .message = message};
    png_infop info = NULL;
    png_structp png = open_reader(&state, &info);
    if (!png) return state.status;
    if (setjmp(png_jmpbuf(png)) == 0) {
        open_stream(png, info, &state, width, height);
        if (png_get_image_width(png, info) != (png_uint_32)width ||
            png_get_image_height(png, info) != (png_uint_32)height)
            png_error(png, "the image has another size");
        // What the file does not say stays 0, not what was in memory.
        memset(pixels, 0, count);
        choose_transforms(png, info);
        read_rows(png, info, pixels, height, 3 * (size_t)width);
        spread(png, info, pixels, width, height);
    }
    png_destroy_read_struct(&png, &info, NULL);
    return state.status;
}

static void put(png_structp png, png_bytep bytes, size_t count) {
    stream *state = png_get_io_ptr(png);
    if (state->sink(state->context, bytes, count) != 0) png_error(png, "the file cannot be written");
}

static void flush(png_structp png) { (void)png; }

ci_status ci_png_encode(const uint8_t *pixels, size_t count, int32_t width, int32_t height,
                        int32_t channels, ci_sink sink, void *context, char *message) {
    if ((channels != 3 && channels != 4) || !ci_fits(width, height, channels, count))
        return ci_fail(CI_ARGUMENT, message, "the buffer does not fit");
    stream state = {.sink = sink, .context = context, .message = message};
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &state, on_error, on_warning);
    png_infop info = png ? png_create_info_struct(png) : NULL;
    if (!info) {
        png_destroy_write_struct(&png, NULL);
        return ci_fail(CI_MEMORY, message, "out of memory");
    }
    if (setjmp(png_jmpbuf(png)) == 0) {
        png_set_write_fn(png, &state, put, flush);
        png_set_user_limits(png, (png_uint_32)width, (png_uint_32)height);
        png_set_IHDR(png, info, (png_uint_32)width, (png_uint_32)height, 8,
                     channels == 4 ? PNG_COLOR_TYPE_RGB_ALPHA : PNG_COLOR_TYPE_RGB,
                     PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
        png_write_info(png, info);
        for (int32_t y = 0; y < height; y++)
            png_write_row(png, pixels + (size_t)y * (size_t)width * (size_t)channels);
        png_write_end(png, info);
    }
    png_destroy_write_struct(&png, &info);
    return state.status;
}
