#include "picture_files.h"

#include <cstring>

#include "frames.h"
#include "picture_parts.h"

namespace deidentification {

namespace {

bool has(std::span<const std::uint8_t> file, std::size_t offset, const char *text, std::size_t length) {
    return file.size() >= offset + length && std::memcmp(file.data() + offset, text, length) == 0;
}

bool isPNG(std::span<const std::uint8_t> file) { return has(file, 0, "\x89PNG\r\n\x1A\n", 8); }
bool isJPEG(std::span<const std::uint8_t> file) { return has(file, 0, "\xFF\xD8\xFF", 3); }
bool isWebP(std::span<const std::uint8_t> file) { return has(file, 0, "RIFF", 4) && has(file, 8, "WEBP", 4); }

}  // namespace

bool isPicture(std::span<const std::uint8_t> file) { return isPNG(file) || isJPEG(file) || isWebP(file); }

CleanPicture cleanedPicture(std::span<const std::uint8_t> file) {
    if (isPNG(file)) return cleanedPNG(file);
    if (isJPEG(file)) return cleanedJPEG(file);
    if (isWebP(file)) return cleanedWebP(file);
    throw PixelProblem("no PNG, JPEG or WebP");
}

}  // namespace deidentification
