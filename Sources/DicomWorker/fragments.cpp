#include "fragments.h"

#include <algorithm>

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>

namespace worker {

namespace {

struct Piece {
    const uint8_t *bytes;
    size_t count;
    /// From the first fragment's tag.
    uint64_t offset;
};

struct Pieces {
    std::vector<Piece> all;
    /// The basic table.
    std::vector<uint64_t> offsets;
};

DcmPixelSequence &sequence(const Picture &image) {
    auto *element = dynamic_cast<DcmPixelData *>(image.pixels);
    if (element == nullptr) fail(Code::corrupt, "uncompressed pixels in a compressed transfer syntax");
    E_TransferSyntax syntax = EXS_Unknown;
    const DcmRepresentationParameter *parameter = nullptr;
    element->getOriginalRepresentationKey(syntax, parameter);
    DcmPixelSequence *result = nullptr;
    if (element->getEncapsulatedRepresentation(syntax, parameter, result).bad() || result == nullptr)
        fail(Code::corrupt, "uncompressed pixels in a compressed transfer syntax");
    return *result;
}

Pieces pieces(const Picture &image) {
    DcmPixelSequence &items = sequence(image);
    Pieces result;
    uint64_t offset = 0;
    for (unsigned long index = 0; index < items.card(); ++index) {
        DcmPixelItem *item = nullptr;
        Uint8 *bytes = nullptr;
        if (items.getItem(item, index).bad() || item == nullptr)
            fail(Code::corrupt, "a fragment that cannot be read");
        const size_t count = item->getLength();
        if (count > 0 && (item->getUint8Array(bytes).bad() || bytes == nullptr))
            fail(Code::corrupt, "a fragment that cannot be read");
        if (index > 0) {
            result.all.push_back({bytes, count, offset});
            offset += 8 + count;
            continue;
        }
        for (size_t place = 0; place + 3 < count; place += 4)
            result.offsets.push_back(bytes[place] | bytes[place + 1] << 8 | bytes[place + 2] << 16 |
                                     static_cast<uint64_t>(bytes[place + 3]) << 24);
    }
    if (result.all.empty()) fail(Code::truncated, "no compressed pixel data");
    return result;
}

std::vector<uint8_t> joined(const std::vector<Piece> &all, size_t first, size_t last) {
    std::vector<uint8_t> result;
    for (size_t index = first; index < last; ++index)
        result.insert(result.end(), all[index].bytes, all[index].bytes + all[index].count);
    return result;
}

/// Where each frame starts, as the extended table says (PS3.3 C.7.6.3.1.8); empty without one.
std::vector<uint64_t> extended(const DataSet &data) {
    DcmElement *found = element(data.root(), DCM_ExtendedOffsetTable);
    std::vector<uint64_t> result;
    if (found == nullptr) return result;
    Uint8 *bytes = nullptr;
    Uint64 *numbers = nullptr;
    const size_t count = found->getLengthField();
    if (found->getUint64Array(numbers).good() && numbers != nullptr)
        return {numbers, numbers + count / 8};
    if (found->getUint8Array(bytes).bad() || bytes == nullptr) return result;
    for (size_t place = 0; place + 7 < count; place += 8) {
        uint64_t value = 0;
        for (size_t digit = 8; digit-- > 0;) value = value << 8 | bytes[place + digit];
        result.push_back(value);
    }
    return result;
}

/// The first fragment of each frame; empty where the offsets are not those of fragments.
std::vector<size_t> starts(const std::vector<uint64_t> &offsets, const std::vector<Piece> &all,
                           size_t frames) {
    std::vector<size_t> result;
    if (offsets.size() != frames) return result;
    for (const uint64_t offset : offsets) {
        const auto found = std::find_if(all.begin(), all.end(),
                                        [&](const Piece &piece) { return piece.offset == offset; });
        const auto place = static_cast<size_t>(found - all.begin());
        if (found == all.end() || (!result.empty() && place <= result.back())) return {};
        result.push_back(place);
    }
    return result;
}

/// Fragments that begin a code stream of JPEG, JPEG-LS or JPEG 2000.
std::vector<size_t> beginnings(const std::vector<Piece> &all) {
    std::vector<size_t> result;
    for (size_t index = 0; index < all.size(); ++index) {
        const Piece &piece = all[index];
        if (piece.count > 3 && piece.bytes[0] == 0xff && piece.bytes[2] == 0xff &&
            (piece.bytes[1] == 0xd8 || piece.bytes[1] == 0x4f))
            result.push_back(index);
    }
    return result;
}

}  // namespace

std::vector<uint8_t> fragments(const DataSet &data, const Picture &image, int64_t frame) {
    const Pieces found = pieces(image);
    const auto &all = found.all;
    const auto frames = static_cast<size_t>(image.frames);
    const auto wanted = static_cast<size_t>(frame);
    if (all.size() == frames) return joined(all, wanted, wanted + 1);
    std::vector<size_t> firsts = starts(extended(data), all, frames);
    if (firsts.empty()) firsts = starts(found.offsets, all, frames);
    if (firsts.empty() && frames == 1) return joined(all, 0, all.size());
    if (firsts.empty()) firsts = beginnings(all);
    if (firsts.size() != frames)
        fail(Code::corrupt, "nothing says which pieces of pixel data make a frame");
    return joined(all, firsts[wanted], wanted + 1 < frames ? firsts[wanted + 1] : all.size());
}

}  // namespace worker
