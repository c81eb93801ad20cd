#include "burned_in.h"

#include <array>
#include <map>

#include "element_values.h"
#include "values.h"

namespace deidentification {

namespace {

std::vector<std::string> valuesOf(DcmItem &dataset, const DcmTagKey &tag) {
    DcmElement *element = nullptr;
    if (dataset.findAndGetElement(tag, element).bad() || element == nullptr) return {};
    return splitValues(textOf(*element));
}

std::string firstOf(DcmItem &dataset, const DcmTagKey &tag) {
    const auto values = valuesOf(dataset, tag);
    return values.empty() ? "" : values[0];
}

// Kinds of images whose machines write names and dates into the picture.
const std::map<std::string, std::string> writers = {
    {"US", "an ultrasound image"}, {"IVUS", "an intravascular ultrasound image"},
    {"BDUS", "an ultrasound bone densitometry"}, {"SC", "a secondary capture"},
    {"XC", "a photograph"}, {"ES", "an endoscopic image"}, {"GM", "a microscopic image"},
    {"OT", "an image of another kind"}, {"XA", "an angiography"}, {"RF", "a fluoroscopy"},
    {"OP", "an ophthalmic photograph"}, {"ECG", "an electrocardiography"}, {"BMD", "a bone densitometry"},
};

}  // namespace

Declared declaredText(DcmItem &dataset) {
    const std::string value = firstOf(dataset, DCM_BurnedInAnnotation);
    return value == "YES" ? Declared::yes : value == "NO" ? Declared::no : Declared::nothing;
}

std::vector<std::string> reasonsForText(DcmItem &dataset) {
    std::vector<std::string> reasons;
    if (firstOf(dataset, DCM_SOPClassUID).rfind("1.2.840.10008.5.1.4.1.1.7", 0) == 0) {
        const std::string uid = firstOf(dataset, DCM_SOPClassUID);
        // 1.1.7 and its multi-frame relatives, not 1.1.77 (visible light).
        if (uid.size() == 25 || uid[25] == '.') reasons.push_back("a secondary capture");
    }
    for (const auto &value : valuesOf(dataset, DCM_ImageType))
        if (value == "SCREEN SAVE" || value == "SCREENSHOT" || value == "CAPTURE")
            reasons.push_back("its image type is " + value);
    const auto kind = writers.find(firstOf(dataset, DCM_Modality));
    if (kind != writers.end() && (reasons.empty() || kind->second != reasons[0])) reasons.push_back(kind->second);
    const std::string conversion = firstOf(dataset, DCM_ConversionType);
    for (const char *type : {"DV", "DI", "DF", "SD", "SI", "WSD"})
        if (conversion == type) reasons.push_back("converted from film, video, paper or a screen");
    return reasons;
}

std::vector<Box> ultrasoundRegions(DcmItem &dataset) {
    std::vector<Box> regions;
    DcmItem *region = nullptr;
    for (long i = 0; dataset.findAndGetSequenceItem(DCM_SequenceOfUltrasoundRegions, region, i).good(); ++i) {
        Uint32 left = 0, top = 0, right = 0, bottom = 0;
        if (region->findAndGetUint32(DCM_RegionLocationMinX0, left).bad() ||
            region->findAndGetUint32(DCM_RegionLocationMinY0, top).bad() ||
            region->findAndGetUint32(DCM_RegionLocationMaxX1, right).bad() ||
            region->findAndGetUint32(DCM_RegionLocationMaxY1, bottom).bad() || right <= left || bottom <= top ||
            right > 1'000'000 || bottom > 1'000'000)
            continue;
        regions.push_back({long(left), long(top), long(right) + 1, long(bottom) + 1});
    }
    return regions;
}

}  // namespace deidentification
