#include "values.h"

#include "codecs.h"
#include "codestream.h"
#include "fragments.h"

#include <algorithm>
#include <cstring>

namespace worker {

namespace {

/// Where a value's bits lie in what was decoded, and how a sign shows.
struct Bits {
    int64_t shift, count;
    bool is_signed;

    int32_t operator()(uint32_t word) const {
        const uint32_t mask = count >= 32 ? ~0u : (1u << count) - 1;
        uint32_t value = word >> shift & mask;
        if (is_signed && count < 32 && value >> (count - 1) == 1) value |= ~mask;
        return static_cast<int32_t>(value);
    }
};

/// The bytes of uncompressed pixel data, low ends first.
struct Bytes {
    const uint8_t *start;
    uint64_t count;
    /// Words of 32 bits whose halves are in the order of a big endian file.
    bool halves_swapped;
};

Bytes native(const DataSet &data, const Picture &image) {
    Uint8 *start = nullptr;
    DcmElement *element = image.pixels;
    const bool is_word = element->getVR() == EVR_OW;
    OFCondition condition;
    if (element->getVR() == EVR_OF || element->getVR() == EVR_OD || element->getVR() == EVR_OL) {
        Float32 *singles = nullptr;
        Float64 *doubles = nullptr;
        Uint32 *words = nullptr;
        condition = element->getVR() == EVR_OF   ? element->getFloat32Array(singles)
                    : element->getVR() == EVR_OD ? element->getFloat64Array(doubles)
                                                 : element->getUint32Array(words);
        start = singles != nullptr   ? reinterpret_cast<Uint8 *>(singles)
                : doubles != nullptr ? reinterpret_cast<Uint8 *>(doubles)
                                     : reinterpret_cast<Uint8 *>(words);
    } else {
        condition = element->getUint8Array(start);
    }
    if (condition.bad() || start == nullptr) fail(Code::truncated, "no pixel data");
    return {start, element->getLengthField(), is_word && data.syntax().is_big_endian};
}

Bytes require_length(Bytes bytes, const Picture &image, uint64_t bits,
                     std::vector<std::string> &ignored) {
    const uint64_t needed = (bits * static_cast<uint64_t>(image.frames) + 7) / 8;
    const std::string lengths = "pixel data of " + std::to_string(bytes.count) +
                                " bytes; the header speaks of " + std::to_string(needed);
    if (bytes.count < needed) fail(Code::truncated, lengths);
    // One byte makes lengths even.
    if (bytes.count - needed > 1) ignored.push_back(lengths);
    return bytes;
}

/// Y Y Cb Cr of two neighbours as Y Cb Cr of each (PS3.3 C.7.6.3.1.2).
std::vector<int32_t> doubled(const std::vector<int32_t> &words) {
    std::vector<int32_t> pixels;
    pixels.reserve(words.size() / 2 * 3);
    for (size_t pair = 0; pair + 3 < words.size(); pair += 4)
        for (size_t luma = 0; luma < 2; ++luma)
            pixels.insert(pixels.end(), {words[pair + luma], words[pair + 2], words[pair + 3]});
    return pixels;
}

/// From planes [samples, H, W] to pixels [H, W, samples].
std::vector<int32_t> interleaved(const std::vector<int32_t> &planes, size_t samples) {
    const size_t count = planes.size() / samples;
    std::vector<int32_t> pixels(planes.size());
    for (size_t sample = 0; sample < samples; ++sample)
        for (size_t pixel = 0; pixel < count; ++pixel)
            pixels[pixel * samples + sample] = planes[sample * count + pixel];
    return pixels;
}

Values floating(const DataSet &data, const Picture &image, int64_t index,
                std::vector<std::string> &ignored) {
    const auto width = static_cast<uint64_t>(image.allocated) / 8;
    const auto count = static_cast<uint64_t>(image.count());
    const Bytes bytes = require_length(native(data, image), image, count * width * 8, ignored);
    const uint8_t *start = bytes.start + static_cast<uint64_t>(index) * count * width;
    std::vector<double> numbers(count);
    for (size_t place = 0; place < count; ++place) {
        float single = 0;
        if (width == 8) std::memcpy(&numbers[place], start + 8 * place, 8);
        else std::memcpy(&single, start + 4 * place, 4), numbers[place] = single;
    }
    return Values(std::move(numbers));
}

/// Words of `allocated` bits from bit `first` on.
std::vector<int32_t> unpacked(const Bytes &bytes, int64_t allocated, uint64_t first, uint64_t count,
                              const Bits &bits) {
    std::vector<int32_t> result(count);
    if (allocated == 1) {
        for (uint64_t place = 0; place < count; ++place) {
            const uint64_t bit = first + place;
            result[place] = bits(bytes.start[bit / 8] >> bit % 8 & 1u);
        }
        return result;
    }
    const uint64_t width = static_cast<uint64_t>(allocated) / 8;
    const uint8_t *start = bytes.start + first / 8;
    for (uint64_t place = 0; place < count; ++place) {
        uint32_t word = 0;
        for (uint64_t byte = 0; byte < width; ++byte)
            word |= static_cast<uint32_t>(start[place * width + byte]) << 8 * byte;
        if (width == 4 && bytes.halves_swapped) word = word >> 16 | word << 16;
        result[place] = bits(word);
    }
    return result;
}

Frame uncompressed(const DataSet &data, const Picture &image, int64_t index,
                   std::vector<std::string> &ignored) {
    const Bytes bytes = native(data, image);
    const uint64_t whole = static_cast<uint64_t>(image.count() * image.samples * image.allocated);
    // Some say that colours are shared and store them all.
    const bool is_halved = image.is_halved() && bytes.count * 8 < whole * static_cast<uint64_t>(image.frames);
    if (is_halved && (image.allocated != 8 || image.width % 2 != 0 || image.is_planar))
        fail(Code::unsupported, image.photometric + " of odd width, 16 bits or planes");
    const uint64_t length = is_halved ? whole / 3 * 2 : whole;
    require_length(bytes, image, length, ignored);
    const Bits bits{image.high + 1 - image.stored, image.stored, image.is_signed};
    auto words = unpacked(bytes, image.allocated, length * static_cast<uint64_t>(index),
                          length / static_cast<uint64_t>(image.allocated), bits);
    if (is_halved) words = doubled(words);
    else if (image.is_planar && image.samples > 1)
        words = interleaved(words, static_cast<size_t>(image.samples));
    return {Values(std::move(words), image.is_signed), image.is_ybr()};
}

void require_agreement(const CodeStream &stream, const Picture &image) {
    const auto size = [](int64_t width, int64_t height) {
        return std::to_string(width) + " x " + std::to_string(height);
    };
    if (stream.width != image.width || stream.height != image.height)
        fail(Code::corrupt, "a frame of " + size(stream.width, stream.height) + " pixels where " +
                                size(image.width, image.height) + " are declared");
    if (stream.samples != image.samples)
        fail(Code::corrupt, std::to_string(stream.samples) + " samples a pixel where " +
                                std::to_string(image.samples) + " are declared");
    const bool is_wide = image.allocated > 16 && stream.precision <= 16;
    if (stream.precision < 1 || stream.precision > image.allocated || is_wide)
        fail(Code::corrupt, std::to_string(stream.precision) + " bits where " +
                                std::to_string(image.allocated) + " are declared");
}

/// What the decoder leaves: markers of the code stream decide before the header; JPEG 2000 undoes
/// its own transformation.
bool is_ybr(const CodeStream &stream, const Picture &image) {
    if (image.samples != 3) return false;
    if (stream.kind == CodeStream::Kind::jpeg_2000)
        return image.is_ybr() && image.photometric != "YBR_RCT" && image.photometric != "YBR_ICT";
    if (stream.kind == CodeStream::Kind::jpeg && stream.colour != CodeStream::Colour::unknown)
        return stream.colour == CodeStream::Colour::ybr;
    return image.is_ybr();
}

Frame compressed(const DataSet &data, const Picture &image, int64_t index,
                 std::vector<std::string> &ignored) {
    const std::vector<uint8_t> bytes = fragments(data, image, index);
    if (data.syntax().name == "RLE") {
        const Bits bits{image.high + 1 - image.stored, image.stored, image.is_signed};
        auto words = run_lengths(bytes, image);
        for (int32_t &word : words) word = bits(static_cast<uint32_t>(word));
        return {Values(std::move(words), image.is_signed), image.is_ybr()};
    }
    const CodeStream stream(bytes);
    require_agreement(stream, image);
    if (stream.precision != image.stored)
        ignored.push_back("Bits Stored is " + std::to_string(image.stored) + "; the code stream has " +
                          std::to_string(stream.precision));
    // A stream of fewer bits than the header speaks of has its sign at its own high end.
    const bool is_less = stream.precision <= image.stored;
    const Bits bits = is_less ? Bits{0, stream.precision, image.is_signed}
                              : Bits{std::min(image.high + 1, stream.precision) - image.stored,
                                     image.stored, image.is_signed};
    auto words = stream.kind == CodeStream::Kind::jpeg_2000 ? jpeg_2000(bytes, stream)
                                                            : jpeg(bytes, stream);
    for (int32_t &word : words) word = bits(static_cast<uint32_t>(word));
    return {Values(std::move(words), image.is_signed), is_ybr(stream, image)};
}

}  // namespace

Frame frame(const DataSet &data, const Picture &image, int64_t index,
            std::vector<std::string> &ignored) {
    if (index < 0 || index >= image.frames) fail(Code::no_frame, std::to_string(image.frames));
    if (image.storage != Storage::integers) return {floating(data, image, index, ignored), false};
    return data.syntax().is_encapsulated ? compressed(data, image, index, ignored)
                                         : uncompressed(data, image, index, ignored);
}

}  // namespace worker
