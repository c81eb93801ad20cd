// picture_parts: each format's own cleaning.
#pragma once

#include "picture_files.h"

namespace deidentification {

CleanPicture cleanedJPEG(std::span<const std::uint8_t> file);
CleanPicture cleanedPNG(std::span<const std::uint8_t> file);
CleanPicture cleanedWebP(std::span<const std::uint8_t> file);

}  // namespace deidentification
