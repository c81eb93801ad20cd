#include "picture_text.h"

#include <algorithm>

#include "text_detector.h"

namespace deidentification {

namespace {

constexpr std::size_t mostFrames = 16;

// Where sample `sample` of a pixel stands, in samples from the start of its frame.
std::size_t place(const PixelFormat &format, std::size_t pixel, std::size_t sample) {
    // Two pixels share their colour: Y Y Cb Cr.
    if (format.isSubsampled) return sample == 0 ? (pixel / 2) * 4 + pixel % 2 : (pixel / 2) * 4 + 1 + sample;
    return format.isPlanar ? sample * format.pixels() + pixel : pixel * format.samples + sample;
}

std::int64_t valueAt(const std::vector<std::uint8_t> &bytes, const PixelFormat &format, std::size_t index) {
    if (format.allocated == 1) return (bytes[index / 8] >> (index % 8)) & 1;
    const std::size_t width = std::size_t(format.allocated / 8);
    std::uint64_t value = 0;
    for (std::size_t k = 0; k < width; ++k) value |= std::uint64_t(bytes[index * width + k]) << (8 * k);
    value >>= format.highBit + 1 - format.stored;
    if (format.stored < 64) value &= (1ULL << format.stored) - 1;
    if (format.isSigned && format.stored < 64 && (value >> (format.stored - 1)) != 0)
        return std::int64_t(value) - (std::int64_t(1) << format.stored);
    return std::int64_t(value);
}

std::size_t frameSamples(const PixelFormat &format) {
    return format.pixels() * (format.isSubsampled ? 2 : format.samples);
}

// One colour of a frame, stretched from its least to its greatest value.
GreyPicture picture(const std::vector<std::uint8_t> &bytes, const PixelFormat &format, std::size_t frame,
                    std::size_t sample) {
    std::vector<std::int64_t> values(format.pixels());
    for (std::size_t pixel = 0; pixel < values.size(); ++pixel)
        values[pixel] = valueAt(bytes, format, frame * frameSamples(format) + place(format, pixel, sample));
    const auto [least, greatest] = std::minmax_element(values.begin(), values.end());
    const double low = double(*least), span = std::max(1.0, double(*greatest) - low);
    GreyPicture result{long(format.columns), long(format.rows), std::vector<std::uint8_t>(values.size())};
    for (std::size_t i = 0; i < values.size(); ++i)
        result.values[i] = std::uint8_t((double(values[i]) - low) / span * 255 + 0.5);
    return result;
}

}  // namespace

std::vector<Box> textIn(const std::vector<std::uint8_t> &bytes, const PixelFormat &format) {
    std::vector<Box> boxes;
    const std::size_t looked = std::min(format.frames, mostFrames);
    for (std::size_t i = 0; i < looked; ++i) {
        const std::size_t frame = looked == 1 ? 0 : i * (format.frames - 1) / (looked - 1);
        // Yellow upon skin is seen in blue only.
        for (std::size_t sample = 0; sample < (format.samples >= 3 ? 3u : 1u); ++sample) {
            const auto found = findText(picture(bytes, format, frame, sample));
            boxes.insert(boxes.end(), found.begin(), found.end());
        }
    }
    return boxes;
}

void paintOver(std::vector<std::uint8_t> &bytes, const PixelFormat &format, const std::vector<Box> &boxes) {
    if (format.allocated == 1) throw PixelProblem("text in pixels of one bit cannot be painted over");
    const std::size_t width = std::size_t(format.allocated / 8);
    const bool hasColorDifferences = format.photometric.rfind("YBR", 0) == 0;
    for (std::size_t frame = 0; frame < format.frames; ++frame) {
        const std::size_t start = frame * frameSamples(format);
        std::size_t darkest = 0;
        for (std::size_t pixel = 1; pixel < format.pixels(); ++pixel)
            if (valueAt(bytes, format, start + place(format, pixel, 0)) <
                valueAt(bytes, format, start + place(format, darkest, 0)))
                darkest = pixel;
        std::vector<std::vector<std::uint8_t>> color(format.samples);
        for (std::size_t sample = 0; sample < format.samples; ++sample) {
            const std::size_t from = (start + place(format, darkest, sample)) * width;
            color[sample].assign(bytes.begin() + long(from), bytes.begin() + long(from + width));
            // Grey: no colour difference.
            if (hasColorDifferences && sample > 0 && width == 1) color[sample][0] = 128;
        }
        for (const Box &box : boxes)
            for (long y = std::max(0L, box.top); y < std::min(long(format.rows), box.bottom); ++y)
                for (long x = std::max(0L, box.left); x < std::min(long(format.columns), box.right); ++x)
                    for (std::size_t sample = 0; sample < format.samples; ++sample) {
                        const std::size_t to =
                            (start + place(format, std::size_t(y) * format.columns + std::size_t(x), sample)) * width;
                        std::copy(color[sample].begin(), color[sample].end(), bytes.begin() + long(to));
                    }
    }
}

std::vector<Box> outside(const std::vector<Box> &regions, long width, long height) {
    // Rows between the regions' edges are alike; within one, what no region covers is outside.
    std::vector<long> edges = {0, height};
    for (const Box &region : regions)
        for (long edge : {region.top, region.bottom}) edges.push_back(std::clamp(edge, 0L, height));
    std::sort(edges.begin(), edges.end());
    std::vector<Box> boxes;
    for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
        if (edges[i] == edges[i + 1]) continue;
        std::vector<Box> covering;
        for (const Box &region : regions)
            if (region.top <= edges[i] && region.bottom >= edges[i + 1]) covering.push_back(region);
        std::sort(covering.begin(), covering.end(), [](const Box &a, const Box &b) { return a.left < b.left; });
        long x = 0;
        for (const Box &region : covering) {
            if (region.left > x) boxes.push_back({x, edges[i], std::min(region.left, width), edges[i + 1]});
            x = std::max(x, region.right);
        }
        if (x < width) boxes.push_back({x, edges[i], width, edges[i + 1]});
    }
    return boxes;
}

}  // namespace deidentification
