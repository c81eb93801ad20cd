#include "profile_table.h"

#include <algorithm>
#include <iterator>

#include "dcmtk/dcmdata/dcdicent.h"
#include "dcmtk/dcmdata/dcdict.h"

namespace deidentification {

namespace {

#define ATTRIBUTE(tag, kind, most, action, type, kept, cleaned, name) \
    {tag, EVR_##kind, most, action, type, kept, cleaned, name},
const Attribute attributes[] = {
#include "Tables/attributes.def"
};
#undef ATTRIBUTE

}  // namespace

const Attribute *findAttribute(std::uint16_t group, std::uint16_t element) {
    const std::uint32_t tag = (std::uint32_t(group) << 16) | element;
    const auto *found = std::lower_bound(
        std::begin(attributes), std::end(attributes), tag,
        [](const Attribute &row, std::uint32_t wanted) { return row.tag < wanted; });
    return found != std::end(attributes) && found->tag == tag ? found : nullptr;
}

void extendDictionary() {
    DcmDataDictionary &dictionary = dcmDataDict.wrlock();
    for (const Attribute &row : attributes) {
        const DcmTagKey key(row.tag >> 16, row.tag & 0xFFFF);
        if (row.representation == EVR_UN || dictionary.findEntry(key, nullptr) != nullptr) continue;
        dictionary.addEntry(new DcmDictEntry(
            key.getGroup(), key.getElement(), DcmVR(row.representation), row.name, 1,
            row.mostValues == 0 ? DcmVariableVM : row.mostValues, "PS3.6", OFFalse, nullptr));
    }
    dcmDataDict.wrunlock();
}

}  // namespace deidentification
