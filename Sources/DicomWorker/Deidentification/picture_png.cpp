// PNG files: the chunks that make the picture, colours and orientation.
#include <zlib.h>

#include <algorithm>
#include <set>
#include <string_view>

#include "frames.h"
#include "icc_profile.h"
#include "orientation.h"
#include "picture_parts.h"

namespace deidentification {

namespace {

constexpr std::size_t mostInflated = 16 << 20;

void putNumber(std::vector<std::uint8_t> &bytes, std::uint32_t value) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(std::uint8_t(value >> shift));
}

void putChunk(std::vector<std::uint8_t> &bytes, std::string_view name, std::span<const std::uint8_t> body) {
    putNumber(bytes, std::uint32_t(body.size()));
    const std::size_t start = bytes.size();
    bytes.insert(bytes.end(), name.begin(), name.end());
    bytes.insert(bytes.end(), body.begin(), body.end());
    putNumber(bytes, std::uint32_t(crc32(0, bytes.data() + start, uInt(bytes.size() - start))));
}

// Inflates, and says how many bytes the stream itself has; at most `limit` bytes are kept.
std::size_t inflated(std::span<const std::uint8_t> packed, std::vector<std::uint8_t> *output, std::size_t limit) {
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK) throw PixelProblem("zlib does not start");
    stream.next_in = const_cast<Bytef *>(packed.data());
    stream.avail_in = uInt(packed.size());
    std::vector<std::uint8_t> block(1 << 16);
    int status = Z_OK;
    while (status == Z_OK) {
        stream.next_out = block.data();
        stream.avail_out = uInt(block.size());
        status = inflate(&stream, Z_NO_FLUSH);
        const std::size_t made = block.size() - stream.avail_out;
        if (output != nullptr) {
            if (output->size() + made > limit) break;
            output->insert(output->end(), block.begin(), block.begin() + long(made));
        }
    }
    const std::size_t used = packed.size() - stream.avail_in;
    inflateEnd(&stream);
    if (status != Z_STREAM_END) throw PixelProblem("compressed data of a PNG end early or are too long");
    return used;
}

// name 0 method deflated-profile; the name is a text, too.
std::vector<std::uint8_t> cleanedColorProfile(std::span<const std::uint8_t> body) {
    const auto end = std::find(body.begin(), body.end(), std::uint8_t(0));
    if (end - body.begin() + 2 > long(body.size())) return {};
    std::vector<std::uint8_t> profile;
    inflated(body.subspan(std::size_t(end - body.begin()) + 2), &profile, mostInflated);
    profile = cleanedProfile(profile);
    if (profile.empty()) return {};
    std::vector<std::uint8_t> packed(compressBound(uLong(profile.size())));
    uLongf length = uLongf(packed.size());
    if (compress(packed.data(), &length, profile.data(), uLong(profile.size())) != Z_OK) return {};
    std::vector<std::uint8_t> result = {'p', 'r', 'o', 'f', 'i', 'l', 'e', 0, 0};
    result.insert(result.end(), packed.begin(), packed.begin() + long(length));
    return result;
}

// keyword 0 packed method language 0 translated 0 text
int orientationOfText(std::span<const std::uint8_t> body) {
    const std::string_view text(reinterpret_cast<const char *>(body.data()), body.size());
    return text.starts_with("XML:com.adobe.xmp") ? orientationOfXMP(text) : 0;
}

}  // namespace

CleanPicture cleanedPNG(std::span<const std::uint8_t> file) {
    static const std::set<std::string_view> kept = {"IHDR", "PLTE", "tRNS", "gAMA", "cHRM", "sRGB", "sBIT", "bKGD",
                                                    "pHYs", "IEND", "cICP"};
    CleanPicture picture;
    picture.bytes.assign(file.begin(), file.begin() + 8);
    std::vector<std::uint8_t> pixels, behind;
    std::set<std::string> removed;
    int orientation = 0;
    std::size_t position = 8;
    bool ended = false;
    while (!ended) {
        if (position + 12 > file.size()) throw PixelProblem("a PNG ends early");
        const std::size_t length = (std::size_t(file[position]) << 24) | (std::size_t(file[position + 1]) << 16) |
                                   (std::size_t(file[position + 2]) << 8) | file[position + 3];
        if (length > file.size() - position - 12) throw PixelProblem("a PNG's chunk is longer than the file");
        const std::string_view name(reinterpret_cast<const char *>(file.data()) + position + 4, 4);
        const auto body = file.subspan(position + 8, length);
        position += 12 + length;
        ended = name == "IEND";
        if (name == "IDAT") {
            pixels.insert(pixels.end(), body.begin(), body.end());
            continue;
        }
        if (name == "eXIf") {
            orientation = orientationOfEXIF(body);
        } else if (name == "iTXt" && orientation == 0) {
            orientation = orientationOfText(body);
        }
        if (name == "iCCP") {
            const auto profile = cleanedColorProfile(body);
            if (!profile.empty()) putChunk(picture.bytes, name, profile);
            removed.insert("the text of the colour profile");
        } else if (kept.count(name) == 0) {
            // Lower case at first: a picture can do without.
            if (name[0] >= 'A' && name[0] <= 'Z') throw PixelProblem("a PNG has an unknown chunk that it needs");
            const bool isAnimation = name == "acTL" || name == "fcTL" || name == "fdAT";
            removed.insert(name == "eXIf" ? "EXIF" : isAnimation ? "frames behind the first" : "texts");
        } else if (!ended && (name == "tRNS" || name == "bKGD" || name == "PLTE" || pixels.empty())) {
            if (body.size() > 1024) throw PixelProblem("a PNG's chunk is longer than it can be");
            putChunk(picture.bytes, name, body);
        }
    }
    if (pixels.empty()) throw PixelProblem("a PNG has no pixels");
    const std::size_t used = inflated(pixels, nullptr, 0);
    if (used < pixels.size()) removed.insert("bytes behind the pixels");
    if (position < file.size()) removed.insert("bytes behind the picture");
    if (orientation > 1) putChunk(picture.bytes, "eXIf", plainEXIF(orientation));
    putChunk(picture.bytes, "IDAT", std::span(pixels).first(used));
    putChunk(picture.bytes, "IEND", {});
    picture.removed.assign(removed.begin(), removed.end());
    return picture;
}

}  // namespace deidentification
