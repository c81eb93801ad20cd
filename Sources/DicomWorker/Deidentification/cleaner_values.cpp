// Values that may pass: texts of a form, terms, codes, UIDs, dates and numbers.
#include <algorithm>
#include <memory>
#include <regex>

#include "cleaner.h"
#include "element_values.h"
#include "icc_profile.h"
#include "sequence_recovery.h"
#include "values.h"
#include "vocabulary.h"

namespace deidentification {

namespace {

bool isDate(DcmEVR representation) {
    return representation == EVR_DA || representation == EVR_DT || representation == EVR_TM;
}

bool isFreeText(DcmEVR representation) {
    switch (representation) {
        case EVR_LO: case EVR_LT: case EVR_SH: case EVR_ST: case EVR_UC: case EVR_UT: return true;
        default: return false;
    }
}

bool isOneValue(DcmEVR representation) {
    return representation == EVR_LT || representation == EVR_ST || representation == EVR_UT || representation == EVR_UR;
}

bool isUnknown(const DcmElement &element) {
    const DcmEVR kind = element.getTag().getEVR();
    return kind == EVR_UN || kind == EVR_UNKNOWN || kind == EVR_UNKNOWN2B || kind == EVR_OB;
}

// Repertoires of PS3.3 C.12.1.1.2.
bool isCharacterSet(const std::string &value) {
    static const std::regex form(R"((ISO_IR|ISO 2022 IR) \d{1,3}|GB18030|GBK|)");
    return std::regex_match(value, form);
}

// Kept by an option: terms may be a device's own, text has no bytes that hide something.
bool mayBeKept(DcmEVR representation, const std::string &value) {
    static const std::regex code("[A-Z0-9 _]{0,16}");
    if (representation == EVR_CS) return std::regex_match(value, code);
    if (isFreeText(representation) || representation == EVR_AE || representation == EVR_PN || representation == EVR_UR)
        return std::none_of(value.begin(), value.end(), [](unsigned char c) {
            return c < 0x20 && c != '\t' && c != '\n' && c != '\f' && c != '\r' && c != 0x1B;
        });
    return hasForm(representation, value);
}

std::string firstValue(DcmItem &item, const DcmTagKey &tag) {
    DcmElement *element = nullptr;
    if (item.findAndGetElement(tag, element).bad() || element == nullptr) return {};
    return splitValues(textOf(*element)).front();
}

}  // namespace

bool Cleaner::passText(DcmElement &element, const Attribute &row, Action taken, DcmItem &source, DcmItem &target) {
    const DcmTagKey tag(element.getTag());
    const DcmEVR kind = row.representation;
    if (!isText(element.ident()) && !isUnknown(element)) return false;
    std::string text = textOf(element);
    auto values = isOneValue(kind) ? std::vector<std::string>{text} : splitValues(text);
    if (row.mostValues > 0 && values.size() > row.mostValues && !isOneValue(kind)) return false;
    const bool empty =
        std::all_of(values.begin(), values.end(), [](const std::string &value) { return value.empty(); });
    if (empty) {
        putText(row, "", target);
        return true;
    }
    if (kind == EVR_UI) {
        const std::size_t before = report.replacedUIDs;
        for (auto &value : values) value = replacedUID(row, value);
        if (report.replacedUIDs != before) report.replaced.insert(row.name);
        putText(row, joinValues(values), target);
        return true;
    }
    if (isDate(kind)) {
        if (!passDates(row, values)) return false;
    } else if (taken == Action::keep) {
        if (!std::all_of(values.begin(), values.end(), [&](const auto &value) { return mayBeKept(kind, value); }))
            return false;
    } else if (tag == DCM_CodeValue || tag == DCM_CodingSchemeDesignator || tag == DCM_CodingSchemeVersion ||
               tag == DCM_CodeMeaning) {
        if (!passCode(row, values[0], source)) return false;
        values.resize(1);
    } else if (kind == EVR_CS) {
        bool known = false;
        for (auto &value : values) {
            if (tag == DCM_SpecificCharacterSet ? !isCharacterSet(value) : !isTerm(value) && !value.empty()) {
                value.clear();
                report.cleaned.insert(row.name);
            }
            known = known || !value.empty();
        }
        if (!known) return false;
    } else if (isFreeText(kind) && taken == Action::pass && std::all_of(values.begin(), values.end(), isTerm)) {
        // Such as HU for Rescale Type.
    } else if (isFreeText(kind) && (taken == Action::clean || options.has(cleanDescriptors))) {
        for (auto &value : values) value = cleanedText(value, identities);
        if (joinValues(values).find_first_not_of('\\') == std::string::npos) return false;
        report.cleaned.insert(row.name);
    } else if (kind != EVR_DS && kind != EVR_IS && !(kind == EVR_AS && taken == Action::clean)) {
        return false;
    } else if (!std::all_of(values.begin(), values.end(), [&](const auto &value) { return hasForm(kind, value); })) {
        return false;
    }
    putText(row, joinValues(values), target);
    return true;
}

bool Cleaner::passDates(const Attribute &row, std::vector<std::string> &values) {
    const bool moved = options.has(retainModifiedDates);
    // Dates outside the table are treated like those within.
    if (!moved && !options.has(retainFullDates) && (row.keptBy & options.profile) == 0) return false;
    for (auto &value : values) {
        if (!hasForm(row.representation, value)) return false;
        if (!moved || row.representation == EVR_TM || value.empty()) continue;
        value = shifted(value, hash.shift(patient));
        if (value.empty()) return false;
        report.cleaned.insert(row.name);
    }
    return true;
}

bool Cleaner::passCode(const Attribute &row, std::string &text, DcmItem &source) {
    const DcmTagKey tag(row.tag >> 16, row.tag & 0xFFFF);
    const bool isPublic =
        isPublicCode(firstValue(source, DCM_CodingSchemeDesignator), firstValue(source, DCM_CodeValue));
    if (tag == DCM_CodeMeaning) {
        const std::string known = isPublic ? cleanedText(text, identities) : "";
        if (known != text) report.cleaned.insert(row.name);
        text = known.empty() ? "Removed" : known;
        return true;
    }
    if (tag == DCM_CodingSchemeVersion)
        return isPublic && text.size() <= 8 && text.find_first_not_of("0123456789.") == std::string::npos;
    if (isPublic) return true;
    report.replaced.insert(row.name);
    text = tag == DCM_CodeValue ? "REMOVED" : "99REMOVED";
    return true;
}

namespace {

// How many bytes attributes beside it say that an opaque value has: one size, or two for tables of
// bytes or words. None where nothing says it; such bytes do not stay.
std::vector<std::size_t> saidSizes(const DcmTagKey &tag, DcmItem &item) {
    const auto number = [&](const DcmTagKey &key) -> std::size_t {
        DcmElement *element = nullptr;
        Uint16 word = 0;
        Uint32 value = 0;
        if (item.findAndGetElement(key, element).bad() || element == nullptr) return 0;
        return element->getUint16(word).good() ? word : element->getUint32(value).good() ? value : 0;
    };
    if (tag == DCM_WaveformData)
        return {number(DCM_NumberOfWaveformChannels) * number(DCM_NumberOfWaveformSamples) *
                (number(DCM_WaveformBitsAllocated) / 8)};
    const bool isLUT = tag == DCM_LUTData;
    if (!isLUT && (tag.getGroup() != 0x0028 || tag.getElement() < 0x1201 || tag.getElement() > 0x1204)) return {};
    DcmElement *found = nullptr;
    const DcmTagKey descriptor(0x0028, isLUT ? 0x3002 : tag.getElement() - 0x100);
    if (item.findAndGetElement(descriptor, found).bad() || found == nullptr) return {};
    const auto said = bytesOf(*found);
    if (said.size() != 6) return {};
    const std::size_t entries = said[0] | (std::size_t(said[1]) << 8);
    const std::size_t count = entries == 0 ? 65536 : entries;
    return {2 * count, count + count % 2};
}

// Palettes of segments say their own lengths.
bool isSegmentedPalette(const DcmTagKey &tag) {
    return tag.getGroup() == 0x0028 && tag.getElement() >= 0x1221 && tag.getElement() <= 0x1224;
}

bool hasFittingSize(const Attribute &row, const DcmTagKey &tag, std::size_t size, DcmItem &item) {
    std::size_t each = 0;
    switch (row.representation) {
        case EVR_US: case EVR_SS: each = 2; break;
        case EVR_AT: case EVR_UL: case EVR_SL: case EVR_FL: each = 4; break;
        case EVR_FD: case EVR_SV: case EVR_UV: each = 8; break;
        case EVR_OF: case EVR_OD: case EVR_OL: case EVR_OV: return true;
        default: break;
    }
    if (isSegmentedPalette(tag)) return size <= 3 * 65536;
    const auto sizes = saidSizes(tag, item);
    if (each == 0 || tag == DCM_LUTData) return std::find(sizes.begin(), sizes.end(), size) != sizes.end();
    return size % each == 0 && (row.mostValues == 0 || size / each <= row.mostValues);
}

}  // namespace

bool Cleaner::passBinary(DcmElement &element, const Attribute &row, DcmItem &source, DcmItem &target) {
    const DcmTagKey tag(element.getTag());
    const DcmEVR kind = element.ident();
    if (isText(kind) || kind == EVR_SQ || kind == EVR_pixelSQ) return false;
    const auto bytes = bytesOf(element);
    if (tag == DCM_ICCProfile) {
        const auto profile = cleanedProfile(bytes);
        if (profile.empty()) return false;
        report.cleaned.insert(row.name);
        const auto size = static_cast<unsigned long>(profile.size());
        return target.putAndInsertUint8Array(DCM_ICCProfile, profile.data(), size).good();
    }
    if (isUnknown(element) && row.representation != EVR_OB && row.representation != EVR_UN) {
        auto recovery = recovered(tag, row.representation, bytes, bigEndian);
        DcmElement *readable = nullptr;
        return recovery != nullptr && recovery->findAndGetElement(tag, readable).good() && readable != nullptr &&
               !isUnknown(*readable) && passBinary(*readable, row, source, target);
    }
    if (looksLikeText(bytes.data(), bytes.size())) return false;
    if (!bytes.empty() && !hasFittingSize(row, tag, bytes.size(), source)) return false;
    if (row.representation == EVR_AT) {
        const auto *words = reinterpret_cast<const std::uint16_t *>(bytes.data());
        for (std::size_t i = 0; i + 1 < bytes.size() / 2; i += 2)
            if (findAttribute(words[i], words[i + 1]) == nullptr) return false;
    }
    auto *copy = static_cast<DcmElement *>(element.clone());
    if (target.insert(copy, OFTrue).bad()) {
        delete copy;
        return false;
    }
    return true;
}

}  // namespace deidentification
