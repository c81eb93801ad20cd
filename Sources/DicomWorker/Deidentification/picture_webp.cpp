// WebP files: the chunks that make the picture, colours and orientation.
#include <set>
#include <string_view>

#include "frames.h"
#include "icc_profile.h"
#include "orientation.h"
#include "picture_parts.h"

namespace deidentification {

namespace {

using Bytes = std::span<const std::uint8_t>;

struct Chunk {
    std::string_view name;
    Bytes body;
};

std::vector<Chunk> chunks(Bytes bytes) {
    std::vector<Chunk> found;
    std::size_t position = 0;
    while (position + 8 <= bytes.size()) {
        const std::size_t length = bytes[position + 4] | (std::size_t(bytes[position + 5]) << 8) |
                                   (std::size_t(bytes[position + 6]) << 16) | (std::size_t(bytes[position + 7]) << 24);
        if (length > bytes.size() - position - 8) throw PixelProblem("a WebP's chunk is longer than the file");
        const auto *name = reinterpret_cast<const char *>(bytes.data()) + position;
        found.push_back({{name, 4}, bytes.subspan(position + 8, length)});
        position += 8 + length + length % 2;
    }
    return found;
}

void putNumber(std::vector<std::uint8_t> &bytes, std::size_t value) {
    for (int shift = 0; shift < 32; shift += 8) bytes.push_back(std::uint8_t(value >> shift));
}

void putChunk(std::vector<std::uint8_t> &bytes, std::string_view name, Bytes body) {
    bytes.insert(bytes.end(), name.begin(), name.end());
    putNumber(bytes, body.size());
    bytes.insert(bytes.end(), body.begin(), body.end());
    if (body.size() % 2 != 0) bytes.push_back(0);
}

// A frame of an animation: 16 bytes of place and duration, then chunks of its own.
std::vector<std::uint8_t> cleanedAnimationFrame(Bytes body) {
    if (body.size() < 16) throw PixelProblem("a WebP's frame is damaged");
    std::vector<std::uint8_t> result(body.begin(), body.begin() + 16);
    for (const Chunk &chunk : chunks(body.subspan(16)))
        if (chunk.name == "VP8 " || chunk.name == "VP8L" || chunk.name == "ALPH")
            putChunk(result, chunk.name, chunk.body);
    return result;
}

}  // namespace

CleanPicture cleanedWebP(Bytes file) {
    const std::size_t length = 8 + (file[4] | (std::size_t(file[5]) << 8) | (std::size_t(file[6]) << 16) |
                                    (std::size_t(file[7]) << 24));
    if (length < 12 || length > file.size()) throw PixelProblem("a WebP ends early");
    const auto parts = chunks(file.subspan(12, length - 12));
    CleanPicture picture;
    std::set<std::string> removed;
    if (length + length % 2 < file.size()) removed.insert("bytes behind the picture");
    int stated = 0, alternative = 0;
    std::vector<std::uint8_t> profile;
    for (const Chunk &chunk : parts) {
        if (chunk.name == "EXIF") {
            // Some writers put JPEG's name before it.
            const bool hasName = chunk.body.size() > 6 && chunk.body[0] == 'E' && chunk.body[1] == 'x';
            stated = orientationOfEXIF(hasName ? chunk.body.subspan(6) : chunk.body);
        } else if (chunk.name == "XMP ") {
            alternative = orientationOfXMP({reinterpret_cast<const char *>(chunk.body.data()), chunk.body.size()});
        } else if (chunk.name == "ICCP") {
            profile = cleanedProfile(chunk.body);
            removed.insert("the text of the colour profile");
        }
    }
    const int orientation = stated != 0 ? stated : alternative;
    std::vector<std::uint8_t> body;
    bool hasPicture = false;
    for (const Chunk &chunk : parts) {
        if (chunk.name == "VP8X") {
            if (chunk.body.size() != 10) throw PixelProblem("a WebP's header is damaged");
            std::vector<std::uint8_t> header(chunk.body.begin(), chunk.body.end());
            // Bits: profile 20, alpha 10, EXIF 08, XMP 04, animation 02.
            header[0] = std::uint8_t((header[0] & 0x12) | (profile.empty() ? 0 : 0x20) | (orientation > 1 ? 0x08 : 0));
            header[1] = header[2] = header[3] = 0;
            putChunk(body, chunk.name, header);
            if (!profile.empty()) putChunk(body, "ICCP", profile);
        } else if (chunk.name == "ANMF") {
            putChunk(body, chunk.name, cleanedAnimationFrame(chunk.body));
            hasPicture = true;
        } else if (chunk.name == "VP8 " || chunk.name == "VP8L") {
            putChunk(body, chunk.name, chunk.body);
            hasPicture = true;
        } else if (chunk.name == "ALPH" || (chunk.name == "ANIM" && chunk.body.size() == 6)) {
            putChunk(body, chunk.name, chunk.body);
        } else if (chunk.name != "ICCP") {
            removed.insert(chunk.name == "EXIF" ? "EXIF" : chunk.name == "XMP " ? "XMP" : "unknown parts");
        }
    }
    if (!hasPicture) throw PixelProblem("a WebP has no picture");
    if (orientation > 1) putChunk(body, "EXIF", plainEXIF(orientation));
    picture.bytes = {'R', 'I', 'F', 'F'};
    putNumber(picture.bytes, body.size() + 4);
    picture.bytes.insert(picture.bytes.end(), {'W', 'E', 'B', 'P'});
    picture.bytes.insert(picture.bytes.end(), body.begin(), body.end());
    picture.removed.assign(removed.begin(), removed.end());
    return picture;
}

}  // namespace deidentification
