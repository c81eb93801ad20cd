#include "codestream.h"

#include <algorithm>
#include <cstring>
#include <string>

namespace worker {

namespace {

/// Numbers with the high byte first.
struct Reader {
    const std::vector<uint8_t> &bytes;

    int64_t u8(size_t offset) const {
        if (offset >= bytes.size()) fail(Code::truncated, "a code stream without pixels");
        return bytes[offset];
    }
    int64_t u16(size_t offset) const { return u8(offset) << 8 | u8(offset + 1); }
    int64_t u32(size_t offset) const { return u16(offset) << 16 | u16(offset + 2); }
};

}  // namespace

CodeStream::CodeStream(const std::vector<uint8_t> &frame) {
    if (frame.size() > 2 && frame[0] == 0xff && frame[1] == 0xd8) read_jpeg(frame);
    else read_jpeg_2000(frame);
}

void CodeStream::read_jpeg(const std::vector<uint8_t> &frame) {
    const Reader reader{frame};
    for (size_t offset = 2;;) {
        const int64_t prefix = reader.u8(offset), marker = reader.u8(offset + 1);
        if (prefix != 0xff) fail(Code::corrupt, "a code stream without markers");
        if (marker == 0xff) {
            ++offset;
            continue;
        }
        if (marker == 0xd9 || marker == 0xda) fail(Code::corrupt, "a code stream without a size");
        const auto length = static_cast<size_t>(reader.u16(offset + 2));
        const bool is_table = marker == 0xc4 || marker == 0xc8 || marker == 0xcc;
        if (marker == 0xe0 && length >= 7 && reader.u32(offset + 4) == 0x4a464946) {
            if (colour == Colour::unknown) colour = Colour::ybr;
        } else if (marker == 0xee && length >= 14 && reader.u32(offset + 4) == 0x41646f62) {
            colour = reader.u8(offset + 15) == 0 ? Colour::rgb : Colour::ybr;
        } else if ((marker >= 0xc0 && marker <= 0xcf && !is_table) || marker == 0xf7) {
            precision = reader.u8(offset + 4);
            height = reader.u16(offset + 5);
            width = reader.u16(offset + 7);
            samples = reader.u8(offset + 9);
            const bool is_lossless = marker == 0xc3 || marker == 0xc7 || marker == 0xcb || marker == 0xcf;
            kind = marker == 0xf7  ? Kind::jpeg_ls
                   : is_lossless ? Kind::jpeg_lossless
                                 : Kind::jpeg;
            if (marker > 0xc8 && marker <= 0xcf) fail(Code::unsupported, "arithmetic coding");
            if (samples == 3 && reader.u8(offset + 10) == 'R' && reader.u8(offset + 13) == 'G' &&
                reader.u8(offset + 16) == 'B')
                colour = Colour::rgb;
            return;
        }
        offset += 2 + length;
    }
}

void CodeStream::read_jpeg_2000(const std::vector<uint8_t> &frame) {
    constexpr uint8_t mark[] = {0xff, 0x4f, 0xff, 0x51};
    // A file around the code stream (JP2) is not foreseen and not rare.
    const auto end = frame.begin() + static_cast<std::ptrdiff_t>(std::min<size_t>(frame.size(), 4096));
    const auto place = std::search(frame.begin(), end, std::begin(mark), std::end(mark));
    if (place == end) fail(Code::corrupt, "no code stream that is known");
    start = static_cast<size_t>(place - frame.begin());
    const Reader reader{frame};
    kind = Kind::jpeg_2000;
    width = reader.u32(start + 8) - reader.u32(start + 16);
    height = reader.u32(start + 12) - reader.u32(start + 20);
    samples = reader.u16(start + 40);
    precision = (reader.u8(start + 42) & 0x7f) + 1;
}

}  // namespace worker
