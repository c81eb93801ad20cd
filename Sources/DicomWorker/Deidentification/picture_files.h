// picture_files: PNG, JPEG and WebP without EXIF, XMP, comments and the text of colour profiles.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace deidentification {

struct CleanPicture {
    std::vector<std::uint8_t> bytes;
    /// What went, such as "EXIF" or "comments".
    std::vector<std::string> removed;
};

/// By its first bytes.
bool isPicture(std::span<const std::uint8_t> file);

/// Compressed pixels stay as they are, bit for bit. Of EXIF and XMP only the orientation stays (as
/// EXIF), of a colour profile the numbers; bytes behind the picture go.
/// - Throws: `PixelProblem` where the file is damaged or has parts that cannot be checked.
CleanPicture cleanedPicture(std::span<const std::uint8_t> file);

}  // namespace deidentification
