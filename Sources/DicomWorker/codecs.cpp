#include "codecs.h"

#include "jpeg2000.h"

#include <memory>

#include <dcmtk/config/osconfig.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmdata/dcrledrg.h>
#include <dcmtk/dcmjpeg/djdecode.h>
#include <dcmtk/dcmjpls/djdecode.h>

namespace worker {

namespace {

struct Shape {
    int64_t width, height, samples, bits;
};

/// The frame as the only one of a data set that says of it what it says of itself.
std::vector<int32_t> decode(const std::vector<uint8_t> &bytes, const Shape &shape,
                            E_TransferSyntax syntax) {
    DcmDataset data;
    const auto number = [](int64_t value) { return static_cast<Uint16>(value); };
    const int64_t allocated = (shape.bits + 7) / 8 * 8;
    data.putAndInsertUint16(DCM_SamplesPerPixel, number(shape.samples));
    data.putAndInsertString(DCM_PhotometricInterpretation, shape.samples == 1 ? "MONOCHROME2" : "RGB");
    if (shape.samples > 1) data.putAndInsertUint16(DCM_PlanarConfiguration, 0);
    data.putAndInsertString(DCM_NumberOfFrames, "1");
    data.putAndInsertUint16(DCM_Rows, number(shape.height));
    data.putAndInsertUint16(DCM_Columns, number(shape.width));
    data.putAndInsertUint16(DCM_BitsAllocated, number(allocated));
    data.putAndInsertUint16(DCM_BitsStored, number(shape.bits));
    data.putAndInsertUint16(DCM_HighBit, number(shape.bits - 1));
    data.putAndInsertUint16(DCM_PixelRepresentation, 0);
    auto sequence = std::make_unique<DcmPixelSequence>(DcmTag(DCM_PixelSequenceTag));
    sequence->insert(new DcmPixelItem(DcmTag(DCM_PixelItemTag)));
    auto item = std::make_unique<DcmPixelItem>(DcmTag(DCM_PixelItemTag));
    std::vector<uint8_t> even(bytes);
    if (even.size() % 2 != 0) even.push_back(0);
    if (item->putUint8Array(even.data(), even.size()).bad()) fail(Code::memory, "");
    sequence->insert(item.release());
    auto *pixels = new DcmPixelData(DCM_PixelData);
    pixels->putOriginalRepresentation(syntax, nullptr, sequence.release());
    data.insert(pixels);

    const auto count = static_cast<size_t>(shape.width * shape.height * shape.samples);
    const size_t width = static_cast<size_t>(allocated) / 8;
    // DCMTK wants room for an even number of bytes.
    std::vector<uint8_t> buffer(count * width + count * width % 2);
    Uint32 first = 1;
    OFString colours;
    const OFCondition condition = pixels->getUncompressedFrame(
        &data, 0, first, buffer.data(), static_cast<Uint32>(buffer.size()), colours);
    if (condition.bad()) fail(Code::corrupt, "the code stream cannot be decoded");
    std::vector<int32_t> result(count);
    for (size_t place = 0; place < count; ++place) {
        uint32_t word = 0;
        for (size_t byte = 0; byte < width; ++byte)
            word |= static_cast<uint32_t>(buffer[place * width + byte]) << 8 * byte;
        result[place] = static_cast<int32_t>(word);
    }
    return result;
}

}  // namespace

void register_codecs() {
    // Colours stay as they are: what they mean is decided in one place for all codecs.
    DJDecoderRegistration::registerCodecs(EDC_never, EUC_never, EPC_colorByPixel);
    DJLSDecoderRegistration::registerCodecs(EJLSUC_never, EJLSPC_colorByPixel);
    DcmRLEDecoderRegistration::registerCodecs();
}

std::vector<int32_t> jpeg(const std::vector<uint8_t> &bytes, const CodeStream &stream) {
    const Shape shape{stream.width, stream.height, stream.samples, stream.precision};
    switch (stream.kind) {
    case CodeStream::Kind::jpeg_ls: return decode(bytes, shape, EXS_JPEGLSLossless);
    case CodeStream::Kind::jpeg_lossless: return decode(bytes, shape, EXS_JPEGProcess14);
    default: return decode(bytes, shape, EXS_JPEGProcess2_4);
    }
}

std::vector<int32_t> run_lengths(const std::vector<uint8_t> &bytes, const Picture &image) {
    if (image.allocated % 8 != 0) fail(Code::unsupported, "RLE of single bits");
    return decode(bytes, {image.width, image.height, image.samples, image.allocated}, EXS_RLELossless);
}

std::vector<int32_t> jpeg_2000(const std::vector<uint8_t> &bytes, const CodeStream &described) {
    const auto image = jpeg2000::decoded(std::span(bytes).subspan(described.start));
    if (!image) fail(Code::corrupt, "the code stream cannot be decoded");
    const auto samples = static_cast<size_t>(described.samples);
    const auto count = static_cast<size_t>(described.width * described.height);
    if (image->numcomps != samples) fail(Code::corrupt, "the code stream has other channels");
    std::vector<int32_t> result(count * samples);
    for (size_t sample = 0; sample < samples; ++sample) {
        const opj_image_comp_t &part = image->comps[sample];
        if (part.w != described.width || part.h != described.height)
            fail(Code::unsupported, "channels of different sizes in JPEG 2000");
        if (part.prec != described.precision)
            fail(Code::unsupported, "channels of different bits in JPEG 2000");
        if (part.data == nullptr) fail(Code::corrupt, "the code stream cannot be decoded");
        for (size_t pixel = 0; pixel < count; ++pixel)
            result[pixel * samples + sample] = part.data[pixel];
    }
    return result;
}

}  // namespace worker
