#include <algorithm>

#include "pixels.h"

namespace deidentification {

PixelFormat PixelFormat::of(DcmItem &dataset) {
    const auto number = [&](const DcmTagKey &tag, long fallback) {
        Uint16 value = 0;
        return dataset.findAndGetUint16(tag, value).good() ? long(value) : fallback;
    };
    PixelFormat format;
    format.rows = number(DCM_Rows, 0);
    format.columns = number(DCM_Columns, 0);
    format.samples = number(DCM_SamplesPerPixel, 1);
    format.allocated = int(number(DCM_BitsAllocated, 0));
    format.stored = int(number(DCM_BitsStored, format.allocated));
    format.highBit = int(number(DCM_HighBit, format.stored - 1));
    format.isSigned = number(DCM_PixelRepresentation, 0) == 1;
    format.isPlanar = format.samples > 1 && number(DCM_PlanarConfiguration, 0) == 1;
    Sint32 frames = 1;
    if (dataset.findAndGetSint32(DCM_NumberOfFrames, frames).good()) {
        // Old devices write 0 for one.
        if (frames < 0) throw PixelProblem("the number of frames is negative");
        format.frames = std::max<Sint32>(frames, 1);
    }
    OFString photometric;
    if (dataset.findAndGetOFString(DCM_PhotometricInterpretation, photometric).good())
        format.photometric.assign(photometric.c_str(), photometric.length());
    format.isSubsampled = format.photometric == "YBR_FULL_422" || format.photometric == "YBR_PARTIAL_422";
    const bool known = format.allocated == 1 || format.allocated == 8 || format.allocated == 16 ||
                       format.allocated == 32 || format.allocated == 64;
    if (!known || format.rows == 0 || format.columns == 0 || format.samples == 0 || format.samples > 4)
        throw PixelProblem("rows, columns, samples or bits of the pixels are missing or impossible");
    if (format.stored < 1 || format.stored > format.allocated || format.highBit >= format.allocated ||
        format.highBit + 1 < format.stored)
        throw PixelProblem("the bits of the pixels contradict each other");
    // Far beyond any memory, and far below where products overflow.
    if (format.pixels() * format.samples > (std::size_t(1) << 40) / format.frames)
        throw PixelProblem("there are more pixels than can be");
    if (format.isSubsampled && (format.columns % 2 != 0 || format.samples != 3 || format.allocated != 8))
        throw PixelProblem("subsampled pixels of such size or bits");
    return format;
}

std::size_t PixelFormat::size() const {
    const std::size_t values = pixels() * frames * (isSubsampled ? 2 : samples);
    return allocated == 1 ? (values + 7) / 8 : values * std::size_t(allocated / 8);
}

bool clearUnusedBits(std::vector<std::uint8_t> &bytes, const PixelFormat &format) {
    if (format.allocated == 1 || format.stored == format.allocated) return false;
    const std::size_t width = format.allocated / 8;
    const int low = format.highBit + 1 - format.stored;
    const std::uint64_t stored = ((1ULL << format.stored) - 1) << low;
    const std::uint64_t all = format.allocated == 64 ? ~0ULL : (1ULL << format.allocated) - 1;
    const std::uint64_t above = all & ~stored & ~((1ULL << low) - 1);
    const std::uint64_t sign = 1ULL << format.highBit;
    bool changed = false;
    for (std::size_t i = 0; i + width <= bytes.size(); i += width) {
        std::uint64_t value = 0;
        for (std::size_t k = 0; k < width; ++k) value |= std::uint64_t(bytes[i + k]) << (8 * k);
        std::uint64_t cleared = value & stored;
        if (format.isSigned && (value & sign) != 0) cleared |= above;
        if (cleared == value) continue;
        changed = true;
        for (std::size_t k = 0; k < width; ++k) bytes[i + k] = std::uint8_t(cleared >> (8 * k));
    }
    return changed;
}

}  // namespace deidentification
