#include "element_values.h"

#include "values.h"

namespace deidentification {

namespace {

template <typename Number>
std::vector<std::uint8_t> bytes(DcmElement &element, OFCondition (DcmElement::*get)(Number *&)) {
    Number *numbers = nullptr;
    if ((element.*get)(numbers).bad() || numbers == nullptr) return {};
    const auto *start = reinterpret_cast<const std::uint8_t *>(numbers);
    return {start, start + element.getLength()};
}

}  // namespace

std::string textOf(DcmElement &element) {
    if (isText(element.ident())) {
        char *text = nullptr;
        Uint32 length = 0;
        if (element.getString(text, length).bad() || text == nullptr) return {};
        return {text, length};
    }
    switch (element.getTag().getEVR()) {
        case EVR_UN: case EVR_UNKNOWN: case EVR_UNKNOWN2B: case EVR_OB: {
            const auto raw = bytesOf(element);
            return {raw.begin(), raw.end()};
        }
        default: return {};
    }
}

std::vector<std::uint8_t> bytesOf(DcmElement &element) {
    if (isText(element.ident())) {
        char *text = nullptr;
        Uint32 length = 0;
        if (element.getString(text, length).bad() || text == nullptr) return {};
        return {text, text + length};
    }
    switch (element.ident()) {
        case EVR_SQ: case EVR_pixelSQ: return {};
        case EVR_US: case EVR_xs: case EVR_lt: case EVR_AT: return bytes(element, &DcmElement::getUint16Array);
        case EVR_SS: return bytes(element, &DcmElement::getSint16Array);
        case EVR_UL: case EVR_up: case EVR_OL: return bytes(element, &DcmElement::getUint32Array);
        case EVR_SL: return bytes(element, &DcmElement::getSint32Array);
        case EVR_FL: case EVR_OF: return bytes(element, &DcmElement::getFloat32Array);
        case EVR_FD: case EVR_OD: return bytes(element, &DcmElement::getFloat64Array);
        case EVR_UV: case EVR_OV: return bytes(element, &DcmElement::getUint64Array);
        case EVR_SV: return bytes(element, &DcmElement::getSint64Array);
        default: break;
    }
    auto raw = bytes(element, &DcmElement::getUint8Array);
    return raw.empty() ? bytes(element, &DcmElement::getUint16Array) : raw;
}

}  // namespace deidentification
