// orientation: the one thing of EXIF and XMP that a picture needs.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace deidentification {

/// Of a TIFF structure (behind "Exif\0\0"); 0 where it says none of 1 to 8.
int orientationOfEXIF(std::span<const std::uint8_t> tiff);

/// `tiff:Orientation` of an XMP packet; 0 where there is none.
int orientationOfXMP(std::string_view packet);

/// A TIFF structure that says the orientation and nothing else.
std::vector<std::uint8_t> plainEXIF(int orientation);

}  // namespace deidentification
