// file_writing: a data set as a file of PS3.10 with nothing of its makers.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dctk.h"

namespace deidentification {

/// A preamble of zeros, file meta information of this program's own, and the data set.
/// - Throws: std::runtime_error where DCMTK cannot write it.
std::vector<std::uint8_t> written(DcmDataset &dataset, E_TransferSyntax syntax);

}  // namespace deidentification
