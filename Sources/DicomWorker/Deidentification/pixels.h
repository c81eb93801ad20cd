// pixels: pixel data without what stands in unused bits, in and behind frames, and behind all of them.
#pragma once

#include <cstdint>
#include <vector>

#include "dcmtk/config/osconfig.h"
#include "dcmtk/dcmdata/dctk.h"
#include "dcmtk/dcmdata/dcpixseq.h"
#include "dcmtk/dcmdata/dcpxitem.h"
#include "frames.h"
#include "report.h"

namespace deidentification {

/// The attributes of PS3.3 C.7.6.3 that say how samples stand in memory.
struct PixelFormat {
    std::size_t rows = 0, columns = 0, samples = 1, frames = 1;
    int allocated = 0, stored = 0, highBit = 0;
    bool isSigned = false, isPlanar = false, isSubsampled = false;
    std::string photometric;

    /// - Throws: `PixelProblem` where they contradict each other.
    static PixelFormat of(DcmItem &dataset);

    std::size_t pixels() const { return rows * columns; }
    /// Bytes of all frames, uncompressed, before padding to an even number.
    std::size_t size() const;
};

/// Puts the cleaned pixels of `source` into `target`, whose other attributes are there already.
///
/// Frames are rewritten without decoding them. Only where a lossless stream holds more bits than
/// the attributes say are stored, it is decoded: what stands in those bits may be an overlay, and
/// then the copy is uncompressed.
/// - Returns: The transfer syntax of the copy.
/// - Throws: `PixelProblem`
E_TransferSyntax cleanPixels(DcmDataset &source, E_TransferSyntax syntax, DcmDataset &target, Report &report);

/// Clears the bits of samples that are not stored; a sign is carried on.
/// - Returns: Whether anything but signs stood in them.
bool clearUnusedBits(std::vector<std::uint8_t> &bytes, const PixelFormat &format);

/// The pixels of a data set as uncompressed bytes in this machine's order, decoded where necessary.
/// - Throws: `PixelProblem` where no decoder can.
std::vector<std::uint8_t> decodedPixels(DcmDataset &dataset, E_TransferSyntax syntax, PixelFormat &format);

/// Replaces the pixels by uncompressed ones; the data set is then to be written as explicit little endian.
void putUncompressed(DcmDataset &target, const PixelFormat &format, const std::vector<std::uint8_t> &bytes);

}  // namespace deidentification
