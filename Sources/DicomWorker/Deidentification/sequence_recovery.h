// sequence_recovery: items within a value whose representation does not say that it is a sequence.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dctk.h"

namespace deidentification {

/// Reads bytes as the items of a sequence, or as a value of another representation in implicit VR.
///
/// Devices write sequences as UN or OB, with items in any of the three encodings. Each is tried;
/// one fits when every byte is part of an element.
/// - Returns: A data set that holds the one element, nullptr if nothing fits.
std::unique_ptr<DcmDataset> recovered(const DcmTagKey &tag, DcmEVR representation,
                                      const std::vector<std::uint8_t> &bytes, bool bigEndian);

}  // namespace deidentification
