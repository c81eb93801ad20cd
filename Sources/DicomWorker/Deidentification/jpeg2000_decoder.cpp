#include "jpeg2000_decoder.h"

#include "../jpeg2000.h"

namespace deidentification {

std::vector<std::uint8_t> decodedJPEG2000(const std::vector<std::vector<std::uint8_t>> &frames, PixelFormat &format) {
    format.isPlanar = false;
    format.isSubsampled = false;
    // OpenJPEG undoes the colour transformation of the code stream.
    if (format.photometric == "YBR_RCT" || format.photometric == "YBR_ICT") format.photometric = "RGB";
    const std::size_t width = std::size_t(format.allocated / 8);
    std::vector<std::uint8_t> bytes;
    bytes.reserve(format.size());
    for (const auto &frame : frames) {
        const auto image = jpeg2000::decoded(frame);
        if (!image) throw PixelProblem("a JPEG 2000 frame cannot be decoded");
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
