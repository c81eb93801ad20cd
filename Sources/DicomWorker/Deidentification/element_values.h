// element_values: what DCMTK's elements hold, as plain bytes and texts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dctk.h"

namespace deidentification {

/// The text of an element, whatever class it was read into; empty if it is none.
std::string textOf(DcmElement &element);

/// The bytes of a value, numbers in this machine's order (little endian); empty for sequences.
std::vector<std::uint8_t> bytesOf(DcmElement &element);

}  // namespace deidentification
