#include "pixels.h"

#include <algorithm>
#include <memory>

#include "element_values.h"
#include "jpeg2000_decoder.h"

namespace deidentification {

namespace {

enum class Coding { none, jpeg, jpeg2000, runLength, other };

Coding coding(E_TransferSyntax syntax) {
    switch (syntax) {
        case EXS_JPEGLSLossless: case EXS_JPEGLSLossy: return Coding::jpeg;
        case EXS_JPEG2000LosslessOnly: case EXS_JPEG2000: return Coding::jpeg2000;
        case EXS_RLELossless: return Coding::runLength;
        default: break;
    }
    if (!DcmXfer(syntax).isEncapsulated()) return Coding::none;
    return syntax >= EXS_JPEGProcess1 && syntax <= EXS_JPEGProcess14SV1 ? Coding::jpeg : Coding::other;
}

bool isLossless(E_TransferSyntax syntax) {
    return syntax == EXS_JPEGProcess14 || syntax == EXS_JPEGProcess14SV1 || syntax == EXS_JPEGLSLossless ||
           syntax == EXS_JPEG2000LosslessOnly || syntax == EXS_JPEG2000 || syntax == EXS_RLELossless;
}

using Fragments = std::vector<std::vector<std::uint8_t>>;

Fragments fragments(DcmDataset &dataset, E_TransferSyntax syntax) {
    DcmElement *element = nullptr;
    DcmPixelSequence *sequence = nullptr;
    if (dataset.findAndGetElement(DCM_PixelData, element).bad() || element == nullptr ||
        static_cast<DcmPixelData *>(element)->getEncapsulatedRepresentation(syntax, nullptr, sequence).bad() ||
        sequence == nullptr)
        throw PixelProblem("compressed pixels are not divided into fragments");
    Fragments found;
    // The first item is the offset table, which is not copied: each frame becomes one fragment.
    for (unsigned long i = 1; i < sequence->card(); ++i) {
        DcmPixelItem *item = nullptr;
        if (sequence->getItem(item, i).bad() || item == nullptr) throw PixelProblem("a fragment is missing");
        found.push_back(bytesOf(*item));
    }
    if (found.empty()) throw PixelProblem("there are no frames");
    return found;
}

CleanFrame cleanFrame(std::span<const std::uint8_t> input, Coding how, const PixelFormat &format) {
    switch (how) {
        case Coding::jpeg: return cleanJPEG(input);
        case Coding::jpeg2000: return cleanJPEG2000(input);
        default: return cleanRLE(input, format.samples * std::size_t(format.allocated / 8), format.pixels());
    }
}

// Frames of one fragment each, or code streams behind each other in however many fragments.
std::vector<CleanFrame> cleanFrames(const Fragments &parts, Coding how, const PixelFormat &format, Report &report) {
    std::vector<CleanFrame> frames;
    std::size_t behind = 0;
    if (parts.size() == format.frames) {
        for (const auto &part : parts) {
            frames.push_back(cleanFrame(part, how, format));
            behind += part.size() - frames.back().used;
        }
    } else if (how == Coding::runLength && format.frames > 1) {
        throw PixelProblem("an RLE frame has more than one fragment");
    } else {
        std::vector<std::uint8_t> all;
        for (const auto &part : parts) all.insert(all.end(), part.begin(), part.end());
        std::size_t position = 0;
        while (frames.size() < format.frames) {
            // A frame is padded to an even length.
            while (position < all.size() && all[position] == 0) ++position;
            frames.push_back(cleanFrame(std::span(all).subspan(position), how, format));
            position += frames.back().used;
        }
        behind = all.size() - position;
    }
    std::size_t within = 0;
    for (const auto &frame : frames) within += frame.removed;
    if (within > 0) report.pixels.push_back("comments and application data within compressed frames removed");
    // One byte makes a length even.
    if (behind > frames.size()) report.pixels.push_back("bytes behind compressed frames removed");
    return frames;
}

void putCompressed(DcmDataset &target, E_TransferSyntax syntax, const std::vector<CleanFrame> &frames) {
    auto pixels = std::make_unique<DcmPixelData>(DcmTag(DCM_PixelData, DcmVR(EVR_OB)));
    auto *sequence = new DcmPixelSequence(DcmTag(DCM_PixelData, DcmVR(EVR_OB)));
    sequence->insert(new DcmPixelItem(DcmTag(DCM_Item, DcmVR(EVR_OB))));
    for (const auto &frame : frames) {
        auto *item = new DcmPixelItem(DcmTag(DCM_Item, DcmVR(EVR_OB)));
        std::vector<std::uint8_t> even = frame.bytes;
        if (even.size() % 2 != 0) even.push_back(0);
        item->putUint8Array(even.data(), static_cast<unsigned long>(even.size()));
        sequence->insert(item);
    }
    pixels->putOriginalRepresentation(syntax, nullptr, sequence);
    if (target.insert(pixels.get(), OFTrue).bad()) throw PixelProblem("the pixels could not be written");
    pixels.release();
}

}  // namespace

E_TransferSyntax cleanPixels(DcmDataset &source, E_TransferSyntax syntax, DcmDataset &target, Report &report) {
    // Of the copy, where each attribute has its own representation.
    const PixelFormat format = PixelFormat::of(target);
    const Coding how = coding(syntax);
    if (how == Coding::other) throw PixelProblem("pixels of this transfer syntax cannot be cleaned");
    if (how != Coding::none) {
        if (format.allocated == 1 || format.allocated > 32) throw PixelProblem("compressed pixels of such bits");
        const auto frames = cleanFrames(fragments(source, syntax), how, format, report);
        putCompressed(target, syntax, frames);
        const int precision = how == Coding::runLength ? format.allocated : frames[0].precision;
        if (!isLossless(syntax) || precision <= format.stored) return syntax;
        PixelFormat decoded;
        auto bytes = decodedPixels(target, syntax, decoded);
        if (!clearUnusedBits(bytes, decoded)) return syntax;
        report.pixels.push_back("bits beyond the stored ones cleared; the copy is uncompressed");
        putUncompressed(target, decoded, bytes);
        return EXS_LittleEndianExplicit;
    }
    DcmElement *element = nullptr;
    if (source.findAndGetElement(DCM_PixelData, element).bad() || element == nullptr)
        throw PixelProblem("there are no pixels");
    // In big endian OB, wider samples stand in the file's order, which DCMTK leaves as it is.
    if (format.stored < format.allocated && format.allocated > 8 && element->getTag().getEVR() == EVR_OB &&
        syntax == EXS_BigEndianExplicit)
        throw PixelProblem("pixels of more than 8 bits are written as single bytes");
    auto bytes = bytesOf(*element);
    if (bytes.size() < format.size()) throw PixelProblem("there are fewer pixels than the attributes say");
    if (bytes.size() > format.size() + 1) report.pixels.push_back("bytes behind the pixels removed");
    bytes.resize(format.size());
    if (clearUnusedBits(bytes, format)) report.pixels.push_back("bits beyond the stored ones cleared");
    if (bytes.size() % 2 != 0) bytes.push_back(0);
    DcmElement *copy = static_cast<DcmElement *>(element->clone());
    const bool isBytes = element->getTag().getEVR() == EVR_OB;
    const OFCondition put =
        isBytes ? copy->putUint8Array(bytes.data(), static_cast<unsigned long>(bytes.size()))
                : copy->putUint16Array(reinterpret_cast<Uint16 *>(bytes.data()),
                                       static_cast<unsigned long>(bytes.size() / 2));
    if (put.bad() || target.insert(copy, OFTrue).bad()) {
        delete copy;
        throw PixelProblem("the pixels could not be written");
    }
    return syntax;
}

std::vector<std::uint8_t> decodedPixels(DcmDataset &dataset, E_TransferSyntax syntax, PixelFormat &format) {
    format = PixelFormat::of(dataset);
    DcmElement *element = nullptr;
    if (coding(syntax) == Coding::none) {
        if (dataset.findAndGetElement(DCM_PixelData, element).bad() || element == nullptr)
            throw PixelProblem("there are no pixels");
        auto bytes = bytesOf(*element);
        bytes.resize(std::min(bytes.size(), format.size()));
        const std::size_t width = std::size_t(std::max(format.allocated / 8, 1));
        if (width > 1 && syntax == EXS_BigEndianExplicit && element->getTag().getEVR() == EVR_OB)
            for (std::size_t i = 0; i + width <= bytes.size(); i += width)
                std::reverse(bytes.begin() + long(i), bytes.begin() + long(i + width));
        return bytes;
    }
    if (coding(syntax) == Coding::jpeg2000) return decodedJPEG2000(fragments(dataset, syntax), format);
    // DCMTK's codecs change attributes with the pixels, so they get a data set of their own.
    DcmDataset copy(dataset);
    if (copy.chooseRepresentation(EXS_LittleEndianExplicit, nullptr).bad() ||
        copy.findAndGetElement(DCM_PixelData, element).bad() || element == nullptr)
        throw PixelProblem("the compressed pixels cannot be decoded");
    format = PixelFormat::of(copy);
    auto bytes = bytesOf(*element);
    if (bytes.size() < format.size()) throw PixelProblem("there are fewer pixels than the attributes say");
    bytes.resize(format.size());
    return bytes;
}

void putUncompressed(DcmDataset &target, const PixelFormat &format, const std::vector<std::uint8_t> &bytes) {
    std::vector<std::uint8_t> even = bytes;
    if (even.size() % 2 != 0) even.push_back(0);
    delete target.remove(DCM_PixelData);
    const bool isBytes = format.allocated <= 8;
    auto pixels = std::make_unique<DcmPixelData>(DcmTag(DCM_PixelData, DcmVR(isBytes ? EVR_OB : EVR_OW)));
    const OFCondition put =
        isBytes ? pixels->putUint8Array(even.data(), static_cast<unsigned long>(even.size()))
                : pixels->putUint16Array(reinterpret_cast<Uint16 *>(even.data()),
                                         static_cast<unsigned long>(even.size() / 2));
    if (put.bad() || target.insert(pixels.get(), OFTrue).bad())
        throw PixelProblem("the pixels could not be written");
    pixels.release();
    target.putAndInsertString(DCM_PhotometricInterpretation, format.photometric.c_str());
    if (format.samples > 1) target.putAndInsertUint16(DCM_PlanarConfiguration, format.isPlanar ? 1 : 0);
}

}  // namespace deidentification
