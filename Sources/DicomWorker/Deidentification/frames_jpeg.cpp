#include "frames.h"

#include <algorithm>
#include <cstring>

namespace deidentification {

namespace {

class Reader {
public:
    explicit Reader(std::span<const std::uint8_t> bytes) : input(bytes) {}

    std::uint8_t byte() {
        if (position >= input.size()) throw PixelProblem("a JPEG frame ends early");
        return input[position++];
    }

    // The next marker; fill bytes before it are left out.
    std::uint8_t marker() {
        if (byte() != 0xFF) throw PixelProblem("a JPEG frame has bytes between its segments");
        std::uint8_t code = byte();
        while (code == 0xFF) code = byte();
        return code;
    }

    std::span<const std::uint8_t> segment() {
        const std::size_t start = position;
        const std::size_t length = (std::size_t(byte()) << 8) | byte();
        if (length < 2 || start + length > input.size()) throw PixelProblem("a JPEG segment is longer than its frame");
        position = start + length;
        return input.subspan(start, length);
    }

    // Entropy-coded bytes up to the next marker that is no restart. In JPEG-LS a byte behind FF
    // below 80 is data, in JPEG only 00 is.
    std::span<const std::uint8_t> scan(bool isLS) {
        const std::size_t start = position;
        while (true) {
            if (position + 1 >= input.size()) throw PixelProblem("a JPEG frame ends within a scan");
            if (input[position] != 0xFF) {
                ++position;
                continue;
            }
            const std::uint8_t next = input[position + 1];
            const bool isData = isLS ? next < 0x80 : next == 0;
            if (isData || (next >= 0xD0 && next <= 0xD7)) {
                position += 2;
            } else {
                return input.subspan(start, position - start);
            }
        }
    }

    std::size_t position = 0;

private:
    std::span<const std::uint8_t> input;
};

void put(std::vector<std::uint8_t> &output, std::uint8_t marker, std::span<const std::uint8_t> segment = {}) {
    output.push_back(0xFF);
    output.push_back(marker);
    output.insert(output.end(), segment.begin(), segment.end());
}

bool startsWith(std::span<const std::uint8_t> segment, const char *text, std::size_t length) {
    return segment.size() >= 2 + length && std::memcmp(segment.data() + 2, text, length) == 0;
}

// Application data that a decoder needs: JFIF without its thumbnail, Adobe's and HP's colour
// transformations. Anything else is nothing.
std::vector<std::uint8_t> neededApplicationData(std::uint8_t marker, std::span<const std::uint8_t> segment) {
    if (marker == 0xE0 && startsWith(segment, "JFIF\0", 5) && segment.size() >= 16) {
        std::vector<std::uint8_t> jfif(segment.begin(), segment.begin() + 16);
        jfif[0] = 0;
        jfif[1] = 16;
        jfif[14] = jfif[15] = 0;
        return jfif;
    }
    if (marker == 0xEE && startsWith(segment, "Adobe", 5) && segment.size() == 14) {
        std::vector<std::uint8_t> adobe(segment.begin(), segment.end());
        std::fill(adobe.begin() + 7, adobe.begin() + 13, std::uint8_t(0));
        adobe[8] = 100;
        return adobe;
    }
    if (marker == 0xE8 && startsWith(segment, "mrfx", 4) && segment.size() == 7)
        return {segment.begin(), segment.end()};
    return {};
}

enum class Kind { application, frame, scan, table, unknown };

Kind kind(std::uint8_t marker, bool &isLS) {
    switch (marker) {
        case 0xF7: isLS = true; return Kind::frame;
        case 0xC4: case 0xCC: case 0xDB: case 0xDC: case 0xDD: case 0xDE: case 0xDF: case 0xF8: return Kind::table;
        case 0xC8: case 0xFE: return Kind::application;
        case 0xDA: return Kind::scan;
        default: break;
    }
    if (marker >= 0xC0 && marker <= 0xCF) return Kind::frame;
    if (marker >= 0xE0 && marker <= 0xEF) return Kind::application;
    return Kind::unknown;
}

}  // namespace

CleanFrame cleanJPEG(std::span<const std::uint8_t> input) {
    Reader reader(input);
    CleanFrame frame;
    if (reader.marker() != 0xD8) throw PixelProblem("a frame is no JPEG");
    put(frame.bytes, 0xD8);
    bool isLS = false;
    while (true) {
        const std::uint8_t marker = reader.marker();
        if (marker == 0xD9) break;
        const Kind what = kind(marker, isLS);
        if (what == Kind::unknown) throw PixelProblem("a JPEG frame has an unknown segment");
        const auto segment = reader.segment();
        if (what == Kind::application) {
            const auto needed = neededApplicationData(marker, segment);
            if (!needed.empty()) put(frame.bytes, marker, needed);
            frame.removed += segment.size() - needed.size();
            continue;
        }
        if (what == Kind::frame && segment.size() > 2) frame.precision = segment[2];
        // Mapping tables of JPEG-LS are pictures' colours; nothing checks what else is in them.
        if (marker == 0xF8 && segment.size() > 2 && segment[2] != 1)
            throw PixelProblem("a JPEG-LS frame has a table that cannot be checked");
        put(frame.bytes, marker, segment);
        if (what == Kind::scan) {
            const auto data = reader.scan(isLS);
            frame.bytes.insert(frame.bytes.end(), data.begin(), data.end());
        }
    }
    put(frame.bytes, 0xD9);
    if (frame.precision == 0) throw PixelProblem("a JPEG frame has no picture");
    frame.used = reader.position;
    return frame;
}

}  // namespace deidentification
