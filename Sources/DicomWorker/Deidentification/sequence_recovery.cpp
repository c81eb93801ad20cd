#include "sequence_recovery.h"

#include "dcmtk/dcmdata/dcistrmb.h"

namespace deidentification {

namespace {

void append(std::vector<std::uint8_t> &bytes, std::uint32_t value, int count, bool bigEndian) {
    for (int i = 0; i < count; ++i) bytes.push_back(std::uint8_t(value >> (8 * (bigEndian ? count - 1 - i : i))));
}

std::unique_ptr<DcmDataset> parsed(const DcmTagKey &tag, DcmEVR representation,
                                   const std::vector<std::uint8_t> &value, E_TransferSyntax syntax) {
    const bool bigEndian = syntax == EXS_BigEndianExplicit;
    std::vector<std::uint8_t> bytes;
    append(bytes, tag.getGroup(), 2, bigEndian);
    append(bytes, tag.getElement(), 2, bigEndian);
    if (syntax != EXS_LittleEndianImplicit) {
        const char *letters = DcmVR(representation).getVRName();
        bytes.insert(bytes.end(), letters, letters + 2);
        append(bytes, 0, 2, bigEndian);
    }
    append(bytes, std::uint32_t(value.size()), 4, bigEndian);
    bytes.insert(bytes.end(), value.begin(), value.end());

    DcmInputBufferStream stream;
    stream.setBuffer(bytes.data(), offile_off_t(bytes.size()));
    stream.setEos();
    auto data = std::make_unique<DcmDataset>();
    data->transferInit();
    const OFCondition status = data->read(stream, syntax, EGL_noChange, DCM_MaxReadLength);
    data->transferEnd();
    // Strings refer to the stream's buffer until they are loaded.
    if (status.bad() || data->loadAllDataIntoMemory().bad() || data->card() != 1) return nullptr;
    DcmElement *element = nullptr;
    if (data->findAndGetElement(tag, element).bad() || element == nullptr) return nullptr;
    return data;
}

}  // namespace

std::unique_ptr<DcmDataset> recovered(const DcmTagKey &tag, DcmEVR representation,
                                      const std::vector<std::uint8_t> &bytes, bool bigEndian) {
    if (bytes.size() >= 0xFFFFFFFE) return nullptr;
    if (representation != EVR_SQ) return parsed(tag, representation, bytes, EXS_LittleEndianImplicit);
    for (E_TransferSyntax syntax : {EXS_LittleEndianExplicit, EXS_LittleEndianImplicit, EXS_BigEndianExplicit}) {
        if (syntax == EXS_BigEndianExplicit && !bigEndian) continue;
        auto data = parsed(tag, representation, bytes, syntax);
        if (data == nullptr) continue;
        DcmElement *element = nullptr;
        if (data->findAndGetElement(tag, element).good() && element->ident() == EVR_SQ) return data;
    }
    return nullptr;
}

}  // namespace deidentification
