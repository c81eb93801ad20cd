#include "frames.h"

namespace deidentification {

namespace {

std::uint32_t littleEndian(std::span<const std::uint8_t> input, std::size_t position) {
    return input[position] | (input[position + 1] << 8) | (input[position + 2] << 16) |
           (std::uint32_t(input[position + 3]) << 24);
}

}  // namespace

CleanFrame cleanRLE(std::span<const std::uint8_t> input, std::size_t segments, std::size_t length) {
    CleanFrame frame;
    if (input.size() < 64 || segments > 15 || littleEndian(input, 0) != segments)
        throw PixelProblem("an RLE frame has other segments than its pixels");
    frame.bytes.resize(64);
    frame.bytes[0] = std::uint8_t(segments);
    for (std::size_t segment = 0; segment < segments; ++segment) {
        std::size_t position = littleEndian(input, 4 + 4 * segment);
        const std::size_t end = segment + 1 < segments ? littleEndian(input, 8 + 4 * segment) : input.size();
        if (position < 64 || position > end || end > input.size()) throw PixelProblem("an RLE frame is damaged");
        const std::size_t offset = frame.bytes.size();
        for (int i = 0; i < 4; ++i) frame.bytes[4 + 4 * segment + i] = std::uint8_t(offset >> (8 * i));
        std::size_t decoded = 0;
        while (decoded < length) {
            if (position + 1 >= end) throw PixelProblem("an RLE frame ends early");
            const std::uint8_t count = input[position];
            if (count == 128) {
                ++position;
                continue;
            }
            const std::size_t stored = count < 128 ? std::size_t(count) + 2 : 2;
            const std::size_t pixels = count < 128 ? std::size_t(count) + 1 : 257 - std::size_t(count);
            if (position + stored > end || decoded + pixels > length) throw PixelProblem("an RLE run is too long");
            frame.bytes.insert(frame.bytes.end(), input.begin() + position, input.begin() + position + stored);
            position += stored;
            decoded += pixels;
        }
        if (end > position + 1) frame.removed += end - position;
        if (frame.bytes.size() % 2 != 0) frame.bytes.push_back(0);
    }
    frame.precision = 0;
    frame.used = input.size();
    return frame;
}

}  // namespace deidentification
