#include "support.h"

#include <string.h>

#include <webp/decode.h>
#include <webp/demux.h>

ci_status ci_webp_header(const uint8_t *bytes, size_t length, ci_header *header, char *message) {
    const WebPData data = {bytes, length};
    WebPDemuxState state = WEBP_DEMUX_PARSE_ERROR;
    WebPDemuxer *demuxer = WebPDemuxPartial(&data, &state);
    ci_status status = CI_OK;
    if (state == WEBP_DEMUX_PARSE_ERROR) {
        status = ci_fail(CI_CORRUPT, message, "no sound WebP container");
    } else if (state != WEBP_DEMUX_DONE) {
        status = ci_fail(CI_TRUNCATED, message, "the data end before the image does");
    } else {
        const uint32_t flags = WebPDemuxGetI(demuxer, WEBP_FF_FORMAT_FLAGS);
        *header = (ci_header){.width = (int32_t)WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_WIDTH),
                              .height = (int32_t)WebPDemuxGetI(demuxer, WEBP_FF_CANVAS_HEIGHT),
                              .channels = flags & ALPHA_FLAG ? 4 : 3,
                              .bits = 8,
                              .frames = (int32_t)WebPDemuxGetI(demuxer, WEBP_FF_FRAME_COUNT)};
    }
    WebPDemuxDelete(demuxer);
    return status;
}

static void drop_alpha(uint8_t *pixels, const uint8_t *canvas, size_t count) {
    for (size_t i = 0; i < count; i++) memcpy(pixels + 3 * i, canvas + 4 * i, 3);
}

ci_status ci_webp_decode(const uint8_t *bytes, size_t length, int32_t width, int32_t height,
                         uint8_t *pixels, size_t count, char *message) {
    if (!ci_fits(width, height, 3, count))
        return ci_fail(CI_ARGUMENT, message, "the buffer does not fit");
    const WebPData data = {bytes, length};
    // The decoder of animations, as Pillow uses it for every file: a frame lies on its canvas.
    WebPAnimDecoder *decoder = WebPAnimDecoderNew(&data, NULL);
    WebPAnimInfo info;
    uint8_t *canvas = NULL;
    int time = 0;
    ci_status status = CI_OK;
    if (!decoder || !WebPAnimDecoderGetInfo(decoder, &info)) {
        status = ci_fail(CI_CORRUPT, message, "no sound WebP container");
    } else if (info.canvas_width != (uint32_t)width || info.canvas_height != (uint32_t)height) {
        status = ci_fail(CI_CORRUPT, message, "the image has another size");
    } else if (!WebPAnimDecoderGetNext(decoder, &canvas, &time)) {
        status = ci_fail(CI_CORRUPT, message, "the first frame cannot be decoded");
    } else {
        drop_alpha(pixels, canvas, count / 3);
    }
    WebPAnimDecoderDelete(decoder);
    return status;
}
