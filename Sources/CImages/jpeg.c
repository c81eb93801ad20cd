#include "support.h"

#include <setjmp.h>
#include <string.h>

#include <jpeglib.h>

#include <jerror.h>

// A progressive file may repeat scans of a large image; no encoder needs as many.
enum { most_scans = 500 };

typedef struct {
    struct jpeg_error_mgr base;
    jmp_buf leave;
    ci_status status;
    char *message;
} reader_error;

static void leave(j_common_ptr info, ci_status status, const char *text) {
    reader_error *error = (reader_error *)info->err;
    error->status = ci_fail(status, error->message, text);
    longjmp(error->leave, 1);
}

static void on_error(j_common_ptr info) {
    char text[JMSG_LENGTH_MAX];
    info->err->format_message(info, text);
    const int code = info->err->msg_code;
    leave(info, code == JERR_INPUT_EOF || code == JERR_INPUT_EMPTY ? CI_TRUNCATED
                : code == JERR_OUT_OF_MEMORY                       ? CI_MEMORY
                                                                   : CI_CORRUPT,
          text);
}

// Pillow refuses what ends early and reads over other damage.
static void on_message(j_common_ptr info, int level) {
    const int code = info->err->msg_code;
    if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER))
        leave(info, CI_TRUNCATED, "the data end before the image does");
}

static void on_progress(j_common_ptr info) {
    if (((j_decompress_ptr)info)->input_scan_number > most_scans)
        leave(info, CI_CORRUPT, "more scans than any encoder writes");
}

static void silent(j_common_ptr info) { (void)info; }

static void prepare(j_decompress_ptr info, reader_error *error, char *message) {
    memset(info, 0, sizeof *info);
    info->err = jpeg_std_error(&error->base);
    error->base.error_exit = on_error;
    error->base.emit_message = on_message;
    error->base.output_message = silent;
    error->status = CI_OK;
    error->message = message;
}

static void read_header(j_decompress_ptr info, const uint8_t *bytes, size_t length) {
    jpeg_create_decompress(info);
    jpeg_mem_src(info, bytes, length);
    jpeg_read_header(info, TRUE);
}

ci_status ci_jpeg_header(const uint8_t *bytes, size_t length, ci_header *header, char *message) {
    struct jpeg_decompress_struct info;
    reader_error error;
    if (length == 0) return ci_fail(CI_TRUNCATED, message, "no data");
    prepare(&info, &error, message);
    if (setjmp(error.leave) == 0) {
        read_header(&info, bytes, length);
        *header = (ci_header){.width = (int32_t)info.image_width,
                              .height = (int32_t)info.image_height,
                              .channels = info.num_components,
                              .bits = info.data_precision,
                              .frames = 1};
    }
    jpeg_destroy_decompress(&info);
    return error.status;
}

// Adobe's CMYK is stored inverted, and Pillow takes every CMYK file for Adobe's:
// k' = 255 - K, channel = k' - C k' / 255 with C, K already inverted back.
static void cmyk_to_rgb(uint8_t *row, const uint8_t *from, int32_t width) {
    for (int32_t x = 0; x < width; x++, row += 3, from += 4) {
        const int rest = from[3];
        for (int c = 0; c < 3; c++) {
            const int product = (255 - from[c]) * rest + 128;
            const int part = ((product >> 8) + product) >> 8;
            row[c] = (uint8_t)(rest > part ? rest - part : 0);
        }
    }
}

static void choose_colours(j_decompress_ptr info) {
    const int found = info->num_components;
    if (info->data_precision != 8) leave((j_common_ptr)info, CI_UNSUPPORTED, "not 8 bits a channel");
    if (found != 1 && found != 3 && found != 4)
        leave((j_common_ptr)info, CI_UNSUPPORTED, "neither 1, 3 nor 4 channels");
    info->out_color_space = found == 4 ? JCS_CMYK : JCS_RGB;
}

static void read_rows(j_decompress_ptr info, uint8_t *pixels, size_t stride) {
    // Pool memory, which goes with the decoder.
    JSAMPARRAY inks = NULL;
    if (info->out_color_space == JCS_CMYK)
        inks = info->mem->alloc_sarray((j_common_ptr)info, JPOOL_IMAGE, info->output_width * 4, 1);
    while (info->output_scanline < info->output_height) {
        uint8_t *row = pixels + stride * info->output_scanline;
        JSAMPROW rows[1] = {inks ? inks[0] : row};
        jpeg_read_scanlines(info, rows, 1);
        if (inks) cmyk_to_rgb(row, inks[0], (int32_t)info->output_width);
    }
}

ci_status ci_jpeg_decode(const uint8_t *bytes, size_t length, int32_t width, int32_t height,
                         uint8_t *pixels, size_t count, char *message) {
    struct jpeg_decompress_struct info;
    struct jpeg_progress_mgr progress = {.progress_monitor = on_progress};
    reader_error error;
    if (length == 0) return ci_fail(CI_TRUNCATED, message, "no data");
    if (!ci_fits(width, height, 3, count))
        return ci_fail(CI_ARGUMENT, message, "the buffer does not fit");
    prepare(&info, &error, message);
    if (setjmp(error.leave) == 0) {
        read_header(&info, bytes, length);
        if (info.image_width != (JDIMENSION)width || info.image_height != (JDIMENSION)height)
            leave((j_common_ptr)&info, CI_CORRUPT, "the code stream has another size");
        choose_colours(&info);
        info.progress = &progress;
        jpeg_start_decompress(&info);
        read_rows(&info, pixels, (size_t)width * 3);
        jpeg_finish_decompress(&info);
    }
    jpeg_destroy_decompress(&info);
    return error.status;
}
