#include "codecs.h"

#include <algorithm>
#include <cstring>
#include <memory>

#include <openjpeg.h>

namespace worker {

namespace {

/// A code stream in memory, as OpenJPEG reads.
struct Source {
    const uint8_t *bytes;
    OPJ_SIZE_T count, place;
};

OPJ_SIZE_T read(void *buffer, OPJ_SIZE_T wanted, void *context) {
    auto &source = *static_cast<Source *>(context);
    if (source.place >= source.count) return static_cast<OPJ_SIZE_T>(-1);
    const OPJ_SIZE_T taken = std::min(wanted, source.count - source.place);
    std::memcpy(buffer, source.bytes + source.place, taken);
    source.place += taken;
    return taken;
}

OPJ_OFF_T skip(OPJ_OFF_T count, void *context) {
    auto &source = *static_cast<Source *>(context);
    if (count < 0) return -1;
    source.place = std::min(source.count, source.place + static_cast<OPJ_SIZE_T>(count));
    return count;
}

OPJ_BOOL seek(OPJ_OFF_T place, void *context) {
    auto &source = *static_cast<Source *>(context);
    if (place < 0 || static_cast<OPJ_SIZE_T>(place) > source.count) return OPJ_FALSE;
    source.place = static_cast<OPJ_SIZE_T>(place);
    return OPJ_TRUE;
}

void silence(const char *, void *) {}

struct Release {
    void operator()(opj_codec_t *codec) const { opj_destroy_codec(codec); }
    void operator()(opj_image_t *image) const { opj_image_destroy(image); }
};
struct Close {
    void operator()(opj_stream_t *stream) const { opj_stream_destroy(stream); }
};

}  // namespace

std::vector<int32_t> jpeg_2000(const std::vector<uint8_t> &bytes, const CodeStream &described) {
    Source source{bytes.data() + described.start, bytes.size() - described.start, 0};
    const std::unique_ptr<opj_codec_t, Release> codec(opj_create_decompress(OPJ_CODEC_J2K));
    const std::unique_ptr<opj_stream_t, Close> stream(
        static_cast<opj_stream_t *>(opj_stream_create(1 << 20, OPJ_TRUE)));
    if (!codec || !stream) fail(Code::memory, "");
    opj_stream_set_user_data(stream.get(), &source, nullptr);
    opj_stream_set_user_data_length(stream.get(), source.count);
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
    const std::unique_ptr<opj_image_t, Release> image(header);
    // A stream that ends early would be filled up with grey.
    if (!has_header || !opj_decoder_set_strict_mode(codec.get(), OPJ_TRUE) ||
        !opj_decode(codec.get(), stream.get(), image.get()))
        fail(Code::corrupt, "the code stream cannot be decoded");

    const auto samples = static_cast<size_t>(described.samples);
    const auto count = static_cast<size_t>(described.width * described.height);
    if (image->numcomps != samples) fail(Code::corrupt, "the code stream has other channels");
    std::vector<int32_t> result(count * samples);
    for (size_t sample = 0; sample < samples; ++sample) {
        const opj_image_comp_t &part = image->comps[sample];
        if (part.w != described.width || part.h != described.height)
            fail(Code::unsupported, "channels of different sizes in JPEG 2000");
        if (part.prec != described.precision)
            fail(Code::unsupported, "channels of different bits in JPEG 2000");
        if (part.data == nullptr) fail(Code::corrupt, "the code stream cannot be decoded");
        for (size_t pixel = 0; pixel < count; ++pixel)
            result[pixel * samples + sample] = part.data[pixel];
    }
    return result;
}

}  // namespace worker
