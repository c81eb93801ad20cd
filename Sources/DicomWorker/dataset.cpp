#include "dataset.h"

#include "Deidentification/vocabulary.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <sstream>

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcistrmb.h>
#include <dcmtk/dcmdata/dcmetinf.h>
#include <dcmtk/dcmdata/dcsequen.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmdata/dcxfer.h>

#include <sys/mman.h>
#include <unistd.h>

namespace worker {

namespace {

struct Known {
    const char *uid;
    const char *name;
    bool is_encapsulated;
};

constexpr Known readable[] = {
    {"1.2.840.10008.1.2", "implicit, little endian", false},
    {"1.2.840.10008.1.2.1", "explicit, little endian", false},
    {"1.2.840.10008.1.2.1.99", "deflated", false},
    {"1.2.840.10008.1.2.2", "explicit, big endian", false},
    {"1.2.840.10008.1.2.5", "RLE", true},
    {"1.2.840.10008.1.2.4.50", "JPEG baseline", true},
    {"1.2.840.10008.1.2.4.51", "JPEG extended", true},
    {"1.2.840.10008.1.2.4.57", "JPEG lossless", true},
    {"1.2.840.10008.1.2.4.70", "JPEG lossless", true},
    {"1.2.840.10008.1.2.4.80", "JPEG-LS lossless", true},
    {"1.2.840.10008.1.2.4.81", "JPEG-LS near-lossless", true},
    {"1.2.840.10008.1.2.4.90", "JPEG 2000 lossless", true},
    {"1.2.840.10008.1.2.4.91", "JPEG 2000", true},
    {"1.2.840.10008.1.2.4.201", "HTJ2K lossless", true},
    {"1.2.840.10008.1.2.4.202", "HTJ2K lossless, by resolution", true},
    {"1.2.840.10008.1.2.4.203", "HTJ2K", true},
};

/// The syntax that this UID names.
Syntax known(const std::string &uid) {
    for (const auto &one : readable)
        if (uid == one.uid)
            return {uid, one.name, one.is_encapsulated, uid == UID_BigEndianExplicitTransferSyntax};
    if (uid.find_first_not_of("0123456789.") != std::string::npos)
        fail(Code::unsupported, "transfer syntax that is no UID");
    // UIDs of others may name a machine, or a patient.
    const bool is_private = uid.rfind("1.2.840.10008.", 0) != 0 || uid.size() > 32;
    fail(Code::unsupported, is_private ? "a private transfer syntax" : "transfer syntax " + uid);
}

/// The syntax that a data set without meta information was found to have.
Syntax found(E_TransferSyntax syntax) {
    const DcmXfer xfer(syntax);
    Syntax result = known(xfer.getXferID());
    result.uid.clear();
    return result;
}

std::string trimmed(const std::string &text) {
    const auto is_padding = [](char letter) { return letter == ' ' || letter == 0; };
    auto first = text.begin(), last = text.end();
    while (first != last && is_padding(*first)) ++first;
    while (last != first && is_padding(*(last - 1))) --last;
    return {first, last};
}

[[noreturn]] void refuse(const OFCondition &condition) {
    if (condition == EC_EndOfStream || condition == EC_StreamNotifyClient ||
        condition == EC_InvalidStream)
        fail(Code::truncated, "its data set does not end");
    if (condition == EC_MemoryExhausted) fail(Code::memory, "");
    // DCMTK's texts name tags and lengths, but may quote values.
    fail(Code::corrupt, "its data set cannot be read");
}

}  // namespace

Mapping::Mapping(int descriptor) {
    const off_t length = lseek(descriptor, 0, SEEK_END);
    if (length <= 0) fail(Code::truncated, "no bytes");
    count_ = static_cast<size_t>(length);
    void *start = mmap(nullptr, count_, PROT_READ, MAP_PRIVATE, descriptor, 0);
    if (start == MAP_FAILED) fail(Code::memory, "");
    bytes_ = static_cast<const uint8_t *>(start);
}

Mapping::~Mapping() { munmap(const_cast<uint8_t *>(bytes_), count_); }

DataSet::DataSet(const Mapping &file) : format_(std::make_unique<DcmFileFormat>()) {
    const uint8_t *start = file.bytes();
    size_t count = file.count();
    const auto marked = [&] { return count > 132 && std::memcmp(start + 128, "DICM", 4) == 0; };
    if (!marked()) {
        // Some writers leave out the four letters and not the preamble.
        if (count > 136 && std::all_of(start, start + 128, [](uint8_t byte) { return byte == 0; }))
            start += 128, count -= 128;
        remarks_.push_back("the file lacks the mark of a DICOM file");
    }
    dcmEnableUnknownVRConversion.set(OFTrue);
    dcmReplaceWrongDelimitationItem.set(OFTrue);
    dcmAcceptUnexpectedImplicitEncoding.set(OFTrue);
    DcmInputBufferStream stream;
    stream.setBuffer(start, static_cast<offile_off_t>(count));
    stream.setEos();
    format_->transferInit();
    const OFCondition condition = format_->read(stream, EXS_Unknown, EGL_noChange, DCM_MaxReadLength);
    format_->transferEnd();
    // What the meta information says comes first: DCMTK knows fewer syntaxes.
    OFString uid;
    if (format_->getMetaInfo() != nullptr)
        format_->getMetaInfo()->findAndGetOFString(DCM_TransferSyntaxUID, uid);
    const std::string name = trimmed(uid.c_str());
    if (!name.empty()) syntax_ = known(name);
    if (condition.bad()) refuse(condition);
    if (root().card() == 0) fail(Code::corrupt, "it holds no data set");
    if (name.empty()) {
        syntax_ = found(root().getOriginalXfer());
        remarks_.push_back("the file does not say its transfer syntax");
    }
}

DcmElement *element(DcmItem &item, const DcmTagKey &tag) {
    DcmElement *result = nullptr;
    if (item.findAndGetElement(tag, result, OFFalse).bad() || result == nullptr) return nullptr;
    const bool has_items = result->ident() == EVR_SQ;
    return has_items || result->getLengthField() > 0 ? result : nullptr;
}

std::optional<std::string> text(DcmItem &item, const DcmTagKey &tag) {
    DcmElement *found = element(item, tag);
    if (found == nullptr) return std::nullopt;
    OFString value;
    if (found->getOFStringArray(value).bad()) return std::nullopt;
    std::string result = trimmed({value.c_str(), value.size()});
    if (result.empty()) return std::nullopt;
    return result;
}

std::optional<std::string> code(DcmItem &item, const DcmTagKey &tag) {
    const auto value = text(item, tag);
    return value && deidentification::isTerm(*value) ? value : std::nullopt;
}

std::vector<int64_t> integers(DcmItem &item, const DcmTagKey &tag) {
    DcmElement *found = element(item, tag);
    if (found == nullptr) return {};
    const auto many = [&](auto pointer, auto get) -> std::vector<int64_t> {
        if ((found->*get)(pointer).bad() || pointer == nullptr) return {};
        const size_t count = found->getLengthField() / sizeof *pointer;
        return {pointer, pointer + count};
    };
    switch (found->getVR()) {
    case EVR_US:
    case EVR_OW:
    case EVR_lt:
    case EVR_xs: return many(static_cast<Uint16 *>(nullptr), &DcmElement::getUint16Array);
    case EVR_SS: return many(static_cast<Sint16 *>(nullptr), &DcmElement::getSint16Array);
    case EVR_UL: return many(static_cast<Uint32 *>(nullptr), &DcmElement::getUint32Array);
    case EVR_SL: return many(static_cast<Sint32 *>(nullptr), &DcmElement::getSint32Array);
    case EVR_OB:
    case EVR_UN: {
        // Two bytes a number, low end first.
        const auto bytes = many(static_cast<Uint8 *>(nullptr), &DcmElement::getUint8Array);
        std::vector<int64_t> words;
        for (size_t place = 0; place + 1 < bytes.size(); place += 2)
            words.push_back(bytes[place] | bytes[place + 1] << 8);
        return words;
    }
    case EVR_IS:
    case EVR_DS: {
        std::vector<int64_t> result;
        for (const auto &value : decimals(item, tag, "a number"))
            if (value && std::abs(*value) < 9e15) result.push_back(static_cast<int64_t>(*value));
        return result;
    }
    default: return {};
    }
}

std::optional<int64_t> integer(DcmItem &item, const DcmTagKey &tag) {
    const auto all = integers(item, tag);
    if (all.empty()) return std::nullopt;
    return all.front();
}

std::vector<std::optional<double>> decimals(DcmItem &item, const DcmTagKey &tag, const char *name) {
    DcmElement *found = element(item, tag);
    if (found != nullptr && (found->getVR() == EVR_FD || found->getVR() == EVR_FL)) {
        std::vector<std::optional<double>> result;
        Float64 value = 0;
        Float32 single = 0;
        for (unsigned long index = 0; index < found->getVM(); ++index)
            if (found->getFloat64(value, index).good()) result.emplace_back(value);
            else if (found->getFloat32(single, index).good()) result.emplace_back(single);
        return result;
    }
    const auto all = text(item, tag);
    if (!all) return {};
    std::vector<std::optional<double>> result;
    std::istringstream parts(*all + "\\");
    for (std::string part; std::getline(parts, part, '\\');) {
        part = trimmed(part);
        if (part.empty()) {
            result.emplace_back();
            continue;
        }
        char *end = nullptr;
        const double value = std::strtod(part.c_str(), &end);
        const bool is_decimal = part.find_first_not_of("0123456789+-.eE") == std::string::npos;
        if (!is_decimal || *end != 0 || !std::isfinite(value))
            fail(Code::corrupt, std::string(name) + " is no decimal number");
        result.emplace_back(value);
    }
    return result;
}

std::vector<DcmItem *> items(DcmItem &item, const DcmTagKey &tag) {
    DcmElement *found = element(item, tag);
    auto *sequence = dynamic_cast<DcmSequenceOfItems *>(found);
    std::vector<DcmItem *> result;
    if (sequence == nullptr) return result;
    for (unsigned long index = 0; index < sequence->card(); ++index)
        result.push_back(sequence->getItem(index));
    return result;
}

}  // namespace worker
