#include "hints.h"

#include <dcmtk/dcmdata/dcdeftag.h>

#include "Deidentification/burned_in.h"

namespace worker {

std::optional<std::string> burned_in_text(const DataSet &data) {
    DcmItem &item = data.root();
    const auto declared = deidentification::declaredText(item);
    if (declared == deidentification::Declared::yes) return "the file says that text is burned into its pixels";
    const auto type = text(item, DCM_ImageType);
    if (type && type->find("SCREEN SAVE") != std::string::npos) return "a saved screen";
    const auto reasons = deidentification::reasonsForText(item);
    if (declared == deidentification::Declared::no || reasons.empty()) return std::nullopt;
    return reasons[0] + ", and the file does not say that it holds no text";
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
