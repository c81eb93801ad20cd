#include "picture.h"

#include <dcmtk/dcmdata/dcdeftag.h>

namespace worker {

namespace {

constexpr const char *photometrics[] = {
    "MONOCHROME1", "MONOCHROME2",     "PALETTE COLOR", "RGB",    "YBR_FULL",
    "YBR_FULL_422", "YBR_PARTIAL_422", "YBR_RCT",       "YBR_ICT"};

int64_t required(DcmItem &item, const DcmTagKey &tag, const char *name) {
    const auto value = integer(item, tag);
    if (!value) fail(Code::corrupt, std::string(name) + " is missing");
    return *value;
}

std::string photometric(DcmItem &item) {
    const auto value = text(item, DCM_PhotometricInterpretation);
    if (!value) fail(Code::corrupt, "Photometric Interpretation is missing");
    for (const char *known : photometrics)
        if (*value == known) return known;
    fail(Code::unsupported, "photometric interpretation " +
                                code(item, DCM_PhotometricInterpretation).value_or("that is no term of the standard"));
}

/// Integers, or floating point numbers, which are pixel data of other names.
void find_pixels(DcmItem &item, Picture &result) {
    struct Place {
        DcmTagKey tag;
        Storage storage;
    };
    const Place places[] = {{DCM_PixelData, Storage::integers},
                            {DCM_FloatPixelData, Storage::floats},
                            {DCM_DoubleFloatPixelData, Storage::doubles}};
    for (const auto &[tag, storage] : places) {
        DcmElement *found = nullptr;
        if (item.findAndGetElement(tag, found, OFFalse).bad() || found == nullptr) continue;
        result.pixels = found;
        result.storage = storage;
        return;
    }
    fail(Code::unsupported, "a DICOM object without pixel data");
}

void require_bits(const Picture &image) {
    const std::string bits = std::to_string(image.allocated) + " bits a value";
    if (image.storage != Storage::integers) return;
    if (image.allocated != 1 && image.allocated != 8 && image.allocated != 16 && image.allocated != 32)
        fail(Code::unsupported, bits);
    if (image.stored < 1 || image.stored > image.allocated || image.high >= image.allocated ||
        image.high < image.stored - 1)
        fail(Code::corrupt, "bits stored do not lie within bits allocated");
    if (image.samples > 1 && image.allocated == 1)
        fail(Code::unsupported, bits + " in a coloured image");
}

void require_size(const Picture &image, const Limits &limits) {
    const std::string size = std::to_string(image.width) + " x " + std::to_string(image.height);
    if (image.width <= 0 || image.height <= 0) fail(Code::corrupt, "it declares no pixels");
    if (image.count() > limits.pixels)
        fail(Code::too_large, "it declares " + size + " pixels; at most " +
                                  std::to_string(limits.pixels / 1000000) + " million");
    const int64_t width = image.samples * (image.allocated > 16 ? image.allocated / 8 : 2);
    if (image.count() > limits.decoded_bytes / width)
        fail(Code::too_large, size + " pixels take more than " +
                                  std::to_string(limits.decoded_bytes >> 20) + " MiB when decoded");
}

}  // namespace

Picture picture(const DataSet &data, const Limits &limits, std::vector<std::string> &ignored) {
    DcmItem &item = data.root();
    Picture result;
    find_pixels(item, result);
    result.height = required(item, DCM_Rows, "Rows");
    result.width = required(item, DCM_Columns, "Columns");
    result.photometric = photometric(item);
    const int64_t samples = result.is_grey() || result.is_palette() ? 1 : 3;
    result.samples = integer(item, DCM_SamplesPerPixel).value_or(samples);
    if (result.samples != samples)
        fail(Code::corrupt, std::to_string(result.samples) + " samples a pixel in a " +
                                result.photometric + " image");
    result.is_planar = integer(item, DCM_PlanarConfiguration).value_or(0) == 1;
    if (result.storage == Storage::integers) {
        result.allocated = required(item, DCM_BitsAllocated, "Bits Allocated");
        result.stored = integer(item, DCM_BitsStored).value_or(result.allocated);
        result.high = integer(item, DCM_HighBit).value_or(result.stored - 1);
        result.is_signed = integer(item, DCM_PixelRepresentation).value_or(0) == 1;
    } else {
        result.allocated = result.storage == Storage::floats ? 32 : 64;
        result.stored = result.allocated;
        if (!result.is_grey()) fail(Code::corrupt, "floating point numbers in a coloured image");
    }
    require_bits(result);
    require_size(result, limits);
    result.frames = integer(item, DCM_NumberOfFrames).value_or(1);
    if (result.frames == 0) {
        result.frames = 1;
        ignored.push_back("Number of Frames is 0; the file is read as one frame");
    }
    if (result.frames < 0 || result.frames > INT32_MAX)
        fail(Code::corrupt, "the number of frames is no number of frames");
    return result;
}

}  // namespace worker
