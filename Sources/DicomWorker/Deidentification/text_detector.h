// text_detector: lines of characters in a grey picture.
#pragma once

#include <cstdint>
#include <vector>

#include "burned_in.h"

namespace deidentification {

struct GreyPicture {
    long width = 0, height = 0;
    std::vector<std::uint8_t> values;
};

/// Boxes around what looks like printed characters next to each other, in any polarity.
///
/// Characters that machines write are even in brightness, sharp at their edges, of one height and
/// on one line. Measured by Scripts/reference/burned_in_text.py.
std::vector<Box> findText(const GreyPicture &picture);

}  // namespace deidentification
