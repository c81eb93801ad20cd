// Colours of pixels as red, green and blue of eight bits.
#pragma once

#include "values.h"

namespace worker {

/// RGB and YBR (PS3.3 C.7.6.3.1.2), from the high eight of the stored bits.
std::vector<uint8_t> colours(const Picture &image, const Frame &frame);

/// PALETTE COLOR (PS3.3 C.7.6.3.1.5 and C.7.9). Throws `Code::corrupt`, `Code::truncated`.
std::vector<uint8_t> palette_colours(const DataSet &data, const Picture &image, const Frame &frame);

}  // namespace worker
