#include "jpeg2000.h"

#include <algorithm>
#include <cstring>
#include <new>

namespace jpeg2000 {

namespace {

/// A code stream in memory, as OpenJPEG reads.
struct Source {
    std::span<const uint8_t> bytes;
    size_t place = 0;
};

OPJ_SIZE_T read(void *buffer, OPJ_SIZE_T wanted, void *context) {
    auto &source = *static_cast<Source *>(context);
    const size_t taken = std::min<size_t>(wanted, source.bytes.size() - source.place);
    if (taken == 0) return static_cast<OPJ_SIZE_T>(-1);
    std::memcpy(buffer, source.bytes.data() + source.place, taken);
    source.place += taken;
    return taken;
}

OPJ_OFF_T skip(OPJ_OFF_T wanted, void *context) {
    auto &source = *static_cast<Source *>(context);
    const size_t left = source.bytes.size() - source.place;
    // OpenJPEG asks again until all is skipped or this says that it ends.
    if (wanted < 0 || left == 0) return -1;
    const size_t taken = std::min(static_cast<size_t>(wanted), left);
    source.place += taken;
    return static_cast<OPJ_OFF_T>(taken);
}

OPJ_BOOL seek(OPJ_OFF_T place, void *context) {
    auto &source = *static_cast<Source *>(context);
    if (place < 0 || static_cast<size_t>(place) > source.bytes.size()) return OPJ_FALSE;
    source.place = static_cast<size_t>(place);
    return OPJ_TRUE;
}

void silence(const char *, void *) {}

using Codec = std::unique_ptr<opj_codec_t, void (*)(opj_codec_t *)>;
using Stream = std::unique_ptr<opj_stream_t, void (*)(opj_stream_t *)>;

}  // namespace

Image decoded(std::span<const uint8_t> bytes) {
    Source source{bytes};
    const Codec codec(opj_create_decompress(OPJ_CODEC_J2K), opj_destroy_codec);
    const Stream stream(opj_stream_create(1 << 20, OPJ_TRUE), opj_stream_destroy);
    if (!codec || !stream) throw std::bad_alloc();
    opj_stream_set_user_data(stream.get(), &source, nullptr);
    opj_stream_set_user_data_length(stream.get(), bytes.size());
    opj_stream_set_read_function(stream.get(), read);
    opj_stream_set_skip_function(stream.get(), skip);
    opj_stream_set_seek_function(stream.get(), seek);
    opj_set_error_handler(codec.get(), silence, nullptr);
    opj_set_warning_handler(codec.get(), silence, nullptr);
    opj_set_info_handler(codec.get(), silence, nullptr);
    opj_dparameters_t parameters;
    opj_set_default_decoder_parameters(&parameters);
    opj_image_t *header = nullptr;
    const bool has_header = opj_setup_decoder(codec.get(), &parameters) &&
                            opj_read_header(stream.get(), codec.get(), &header);
    Image image(header);
    // A stream that ends early would be filled up with grey.
    if (!has_header || !opj_decoder_set_strict_mode(codec.get(), OPJ_TRUE) ||
        !opj_decode(codec.get(), stream.get(), image.get()))
        return nullptr;
    return image;
}

}  // namespace jpeg2000
