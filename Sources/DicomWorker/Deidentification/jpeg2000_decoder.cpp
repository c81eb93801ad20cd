#include "jpeg2000_decoder.h"

#include <openjpeg.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace deidentification {

namespace {

struct Source {
    const std::vector<std::uint8_t> *bytes;
    std::size_t position = 0;
};

OPJ_SIZE_T readBytes(void *buffer, OPJ_SIZE_T count, void *data) {
    auto &source = *static_cast<Source *>(data);
    const std::size_t left = source.bytes->size() - source.position;
    if (left == 0) return OPJ_SIZE_T(-1);
    const std::size_t taken = std::min<std::size_t>(count, left);
    std::memcpy(buffer, source.bytes->data() + source.position, taken);
    source.position += taken;
    return taken;
}

OPJ_OFF_T skipBytes(OPJ_OFF_T count, void *data) {
    auto &source = *static_cast<Source *>(data);
    const std::size_t left = source.bytes->size() - source.position;
    if (count < 0) return -1;
    const std::size_t taken = std::min<std::size_t>(std::size_t(count), left);
    source.position += taken;
    return OPJ_OFF_T(taken);
}

OPJ_BOOL seekBytes(OPJ_OFF_T position, void *data) {
    auto &source = *static_cast<Source *>(data);
    if (position < 0 || std::size_t(position) > source.bytes->size()) return OPJ_FALSE;
    source.position = std::size_t(position);
    return OPJ_TRUE;
}

using Image = std::unique_ptr<opj_image_t, void (*)(opj_image_t *)>;

Image decode(const std::vector<std::uint8_t> &frame) {
    Source source{&frame};
    std::unique_ptr<opj_stream_t, void (*)(opj_stream_t *)> stream(
        reinterpret_cast<opj_stream_t *>(opj_stream_default_create(OPJ_TRUE)),
        [](opj_stream_t *it) { opj_stream_destroy(it); });
    opj_stream_set_user_data(stream.get(), &source, nullptr);
    opj_stream_set_user_data_length(stream.get(), frame.size());
    opj_stream_set_read_function(stream.get(), readBytes);
    opj_stream_set_skip_function(stream.get(), skipBytes);
    opj_stream_set_seek_function(stream.get(), seekBytes);
    std::unique_ptr<opj_codec_t, void (*)(opj_codec_t *)> codec(
        reinterpret_cast<opj_codec_t *>(opj_create_decompress(OPJ_CODEC_J2K)),
        [](opj_codec_t *it) { opj_destroy_codec(it); });
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    opj_image_t *image = nullptr;
    // A stream that ends early would be filled up with grey.
    const bool read = opj_setup_decoder(codec.get(), &parameters) &&
                      opj_read_header(stream.get(), codec.get(), &image) &&
                      opj_decoder_set_strict_mode(codec.get(), OPJ_TRUE) &&
                      opj_decode(codec.get(), stream.get(), image);
    Image owned(image, opj_image_destroy);
    if (!read || image == nullptr) throw PixelProblem("a JPEG 2000 frame cannot be decoded");
    return owned;
}

}  // namespace

std::vector<std::uint8_t> decodedJPEG2000(const std::vector<std::vector<std::uint8_t>> &frames, PixelFormat &format) {
    format.isPlanar = false;
    format.isSubsampled = false;
    // OpenJPEG undoes the colour transformation of the code stream.
    if (format.photometric == "YBR_RCT" || format.photometric == "YBR_ICT") format.photometric = "RGB";
    const std::size_t width = std::size_t(format.allocated / 8);
    std::vector<std::uint8_t> bytes;
    bytes.reserve(format.size());
    for (const auto &frame : frames) {
        const Image image = decode(frame);
        if (image->numcomps != format.samples)
            throw PixelProblem("a JPEG 2000 frame has other samples than the attributes say");
        for (OPJ_UINT32 c = 0; c < image->numcomps; ++c)
            if (image->comps[c].w != format.columns || image->comps[c].h != format.rows ||
                image->comps[c].data == nullptr ||
                image->comps[c].prec > OPJ_UINT32(format.allocated))
                throw PixelProblem("a JPEG 2000 frame has another size than the attributes say");
        for (std::size_t pixel = 0; pixel < format.pixels(); ++pixel)
            for (OPJ_UINT32 c = 0; c < image->numcomps; ++c) {
                const OPJ_INT32 value = image->comps[c].data[pixel];
                for (std::size_t k = 0; k < width; ++k) bytes.push_back(std::uint8_t(std::uint32_t(value) >> (8 * k)));
            }
    }
    return bytes;
}

}  // namespace deidentification
