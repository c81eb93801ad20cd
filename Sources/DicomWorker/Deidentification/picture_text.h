// picture_text: looks for text in the pixels of an object, and paints over it.
#pragma once

#include "burned_in.h"
#include "pixels.h"

namespace deidentification {

/// Boxes of text in the frames together; of many frames, 16 are looked at.
std::vector<Box> textIn(const std::vector<std::uint8_t> &bytes, const PixelFormat &format);

/// Paints the boxes, in all frames, with the least value of each frame and sample.
void paintOver(std::vector<std::uint8_t> &bytes, const PixelFormat &format, const std::vector<Box> &boxes);

/// What lies outside of all regions, as boxes.
std::vector<Box> outside(const std::vector<Box> &regions, long width, long height);

}  // namespace deidentification
