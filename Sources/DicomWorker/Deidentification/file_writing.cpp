#include "file_writing.h"

#include <stdexcept>

#include "dcmtk/dcmdata/dcostrmb.h"
#include "dcmtk/dcmdata/dcwcache.h"

namespace deidentification {

namespace {

// The class UID of this writer.
constexpr char implementation[] = "2.25.117629040532168930147520861394207516";

void put(std::vector<std::uint8_t> &bytes, std::uint16_t element, const char *kind, std::string value, char padding) {
    if (value.size() % 2 != 0) value += padding;
    bytes.insert(bytes.end(), {0x02, 0x00, std::uint8_t(element), std::uint8_t(element >> 8), std::uint8_t(kind[0]),
                               std::uint8_t(kind[1])});
    if (std::string(kind) == "OB") {
        bytes.insert(bytes.end(), {0, 0, std::uint8_t(value.size()), 0, 0, 0});
    } else {
        bytes.insert(bytes.end(), {std::uint8_t(value.size()), std::uint8_t(value.size() >> 8)});
    }
    bytes.insert(bytes.end(), value.begin(), value.end());
}

std::vector<std::uint8_t> metaInformation(DcmDataset &dataset, E_TransferSyntax syntax) {
    OFString sopClass, instance;
    dataset.findAndGetOFString(DCM_SOPClassUID, sopClass);
    dataset.findAndGetOFString(DCM_SOPInstanceUID, instance);
    std::vector<std::uint8_t> rest;
    put(rest, 0x0001, "OB", std::string("\0\1", 2), 0);
    put(rest, 0x0002, "UI", sopClass.c_str(), 0);
    put(rest, 0x0003, "UI", instance.c_str(), 0);
    put(rest, 0x0010, "UI", DcmXfer(syntax).getXferID(), 0);
    put(rest, 0x0012, "UI", implementation, 0);
    put(rest, 0x0013, "SH", "PRECEPTOR", ' ');
    std::string length;
    for (int i = 0; i < 4; ++i) length += char(rest.size() >> (8 * i));
    std::vector<std::uint8_t> meta;
    put(meta, 0x0000, "UL", length, 0);
    meta.insert(meta.end(), rest.begin(), rest.end());
    return meta;
}

}  // namespace

std::vector<std::uint8_t> written(DcmDataset &dataset, E_TransferSyntax syntax) {
    std::vector<std::uint8_t> bytes(128, 0);
    bytes.insert(bytes.end(), {'D', 'I', 'C', 'M'});
    const auto meta = metaInformation(dataset, syntax);
    bytes.insert(bytes.end(), meta.begin(), meta.end());

    std::vector<std::uint8_t> buffer(1 << 20);
    DcmOutputBufferStream stream(buffer.data(), offile_off_t(buffer.size()));
    DcmWriteCache cache;
    const auto drain = [&] {
        void *start = nullptr;
        offile_off_t length = 0;
        stream.flushBuffer(start, length);
        const auto *from = static_cast<const std::uint8_t *>(start);
        bytes.insert(bytes.end(), from, from + length);
        return length;
    };
    dataset.transferInit();
    OFCondition status = EC_StreamNotifyClient;
    while (status == EC_StreamNotifyClient) {
        status = dataset.write(stream, syntax, EET_ExplicitLength, &cache, EGL_withoutGL, EPD_withoutPadding);
        drain();
    }
    dataset.transferEnd();
    if (status.bad()) throw std::runtime_error("the copy cannot be written");
    // Deflated data sets are compressed until the stream is told that they end.
    stream.flush();
    while (!stream.isFlushed()) {
        if (drain() == 0) break;
        stream.flush();
    }
    drain();
    return bytes;
}

}  // namespace deidentification
