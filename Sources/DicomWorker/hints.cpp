#include "hints.h"

#include <dcmtk/dcmdata/dcdeftag.h>

namespace worker {

namespace {

struct Writer {
    const char *modality, *name;
};

/// Kinds of images whose machines write names and dates into the picture.
constexpr Writer writers[] = {
    {"US", "ultrasound"},          {"IVUS", "intravascular ultrasound"},
    {"SC", "secondary capture"},   {"XC", "external camera"},
    {"ES", "endoscopy"},           {"GM", "microscopy"},
    {"OT", "other"},               {"XA", "angiography"},
    {"RF", "fluoroscopy"},         {"OP", "ophthalmic photography"},
    {"ECG", "electrocardiography"}, {"BDUS", "ultrasound bone densitometry"},
};

}  // namespace

std::optional<std::string> burned_in_text(const DataSet &data) {
    DcmItem &item = data.root();
    const auto mark = code(item, DCM_BurnedInAnnotation);
    if (mark == "YES") return "the file says that text is burned into its pixels";
    const auto type = text(item, DCM_ImageType);
    if (type && type->find("SCREEN SAVE") != std::string::npos) return "a saved screen";
    if (mark == "NO") return std::nullopt;
    const auto kind = code(item, DCM_SOPClassUID);
    if (kind && kind->rfind("1.2.840.10008.5.1.4.1.1.7", 0) == 0)
        return "a secondary capture that does not say it holds no text";
    const auto modality = code(item, DCM_Modality);
    for (const auto &writer : writers)
        if (modality == writer.modality)
            return std::string(writer.name) + " that does not say it holds no text";
    return std::nullopt;
}

int64_t overlays(const DataSet &data) {
    int64_t count = 0;
    for (Uint16 group = 0x6000; group <= 0x601e; group += 2)
        if (integer(data.root(), DcmTagKey(group, 0x0010))) ++count;
    return count;
}

void add_ignored(const DataSet &data, const Picture &image, std::vector<std::string> &ignored) {
    DcmItem &item = data.root();
    if (const int64_t count = overlays(data))
        ignored.push_back(std::to_string(count) + " overlays, which are not drawn");
    if (element(item, DCM_ICCProfile) != nullptr) ignored.push_back("an ICC profile");
    const auto aspect = integers(item, DCM_PixelAspectRatio);
    if (aspect.size() == 2 && aspect[0] != aspect[1]) ignored.push_back("pixels that are not square");
    if (image.is_grey() && element(item, DCM_RedPaletteColorLookupTableDescriptor) != nullptr)
        ignored.push_back("a palette of a grey image");
    const auto shape = code(item, DCM_PresentationLUTShape);
    if (shape && (*shape == "INVERSE") != (image.photometric == "MONOCHROME1") && image.is_grey())
        ignored.push_back("a Presentation LUT Shape that contradicts the photometric interpretation");
}

}  // namespace worker
