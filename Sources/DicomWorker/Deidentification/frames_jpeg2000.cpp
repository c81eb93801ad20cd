#include "frames.h"

#include <algorithm>

namespace deidentification {

namespace {

using Bytes = std::span<const std::uint8_t>;

std::uint32_t number(Bytes input, std::size_t position, std::size_t count) {
    if (position + count > input.size()) throw PixelProblem("a JPEG 2000 frame ends early");
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i) value = (value << 8) | input[position + i];
    return value;
}

// The code stream within the boxes of a JP2 file.
std::size_t codeStreamStart(Bytes input) {
    if (number(input, 0, 2) == 0xFF4F) return 0;
    std::size_t position = 0;
    while (position + 8 <= input.size()) {
        const std::uint32_t length = number(input, position, 4);
        if (number(input, position + 4, 4) == 0x6A703263) return position + (length == 1 ? 16 : 8);
        if (length < 8) break;
        position += length;
    }
    throw PixelProblem("a frame is no JPEG 2000");
}

// Copies the segments of a header, up to the marker that ends it, without comments, lengths of
// packets and tile-parts (which change) and registrations.
std::size_t copyHeader(Bytes input, std::size_t position, std::uint32_t end, CleanFrame &frame) {
    while (true) {
        const std::uint32_t marker = number(input, position, 2);
        if (marker == end) return position;
        const std::size_t length = number(input, position + 2, 2);
        if (length < 2 || position + 2 + length > input.size())
            throw PixelProblem("a JPEG 2000 segment is longer than its frame");
        switch (marker) {
            case 0xFF51:  // SIZ
                if (length < 39) throw PixelProblem("a JPEG 2000 frame has no size");
                frame.precision = (input[position + 4 + 36] & 0x7F) + 1;
                [[fallthrough]];
            // CAP, COD, COC, QCD, QCC, RGN, POC, PPM, PPT
            case 0xFF50: case 0xFF52: case 0xFF53: case 0xFF5C: case 0xFF5D: case 0xFF5E: case 0xFF5F:
            case 0xFF60: case 0xFF61:
                frame.bytes.insert(frame.bytes.end(), input.begin() + position, input.begin() + position + 2 + length);
                break;
            case 0xFF55: case 0xFF57: case 0xFF58: case 0xFF63:  // TLM, PLM, PLT, CRG
                break;
            case 0xFF64:  // COM
                frame.removed += length;
                break;
            default: throw PixelProblem("a JPEG 2000 frame has an unknown segment");
        }
        position += 2 + length;
    }
}

}  // namespace

CleanFrame cleanJPEG2000(Bytes input) {
    CleanFrame frame;
    std::size_t position = codeStreamStart(input);
    frame.removed += position;
    if (number(input, position, 2) != 0xFF4F) throw PixelProblem("a frame is no JPEG 2000");
    frame.bytes = {0xFF, 0x4F};
    position = copyHeader(input, position + 2, 0xFF90, frame);
    while (number(input, position, 2) == 0xFF90) {
        const std::size_t start = position;
        const std::size_t written = frame.bytes.size();
        const std::uint32_t length = number(input, start + 6, 4);
        if (number(input, start + 2, 2) != 10 || start + 12 > input.size())
            throw PixelProblem("a JPEG 2000 tile-part is damaged");
        // Zero: up to the end of the code stream, whose marker does not occur within packets.
        std::size_t end = start + length;
        if (length == 0) {
            end = start + 12;
            while (number(input, end, 2) != 0xFFD9) ++end;
        }
        if (end > input.size()) throw PixelProblem("a JPEG 2000 tile-part is longer than its frame");
        frame.bytes.insert(frame.bytes.end(), input.begin() + start, input.begin() + start + 12);
        position = copyHeader(input, start + 12, 0xFF93, frame);
        if (position + 2 > end) throw PixelProblem("a JPEG 2000 tile-part is damaged");
        frame.bytes.insert(frame.bytes.end(), input.begin() + position, input.begin() + end);
        const std::uint32_t newLength = std::uint32_t(frame.bytes.size() - written);
        for (int i = 0; i < 4; ++i) frame.bytes[written + 6 + i] = std::uint8_t(newLength >> (24 - 8 * i));
        position = end;
    }
    if (number(input, position, 2) != 0xFFD9) throw PixelProblem("a JPEG 2000 frame has bytes between its tile-parts");
    frame.bytes.insert(frame.bytes.end(), {0xFF, 0xD9});
    frame.used = position + 2;
    return frame;
}

}  // namespace deidentification
