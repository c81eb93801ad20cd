// JPEG files: the frame as in DICOM, with orientation and colour profile put back.
#include <cstring>
#include <map>
#include <string>

#include "frames.h"
#include "icc_profile.h"
#include "orientation.h"
#include "picture_parts.h"

namespace deidentification {

namespace {

constexpr char exifName[] = "Exif\0";
constexpr char xmpName[] = "http://ns.adobe.com/xap/1.0/";
constexpr char profileName[] = "ICC_PROFILE";

bool hasName(std::span<const std::uint8_t> segment, const char *name, std::size_t length) {
    return segment.size() >= length && std::memcmp(segment.data(), name, length) == 0;
}

void putSegment(std::vector<std::uint8_t> &bytes, std::uint8_t marker, const std::vector<std::uint8_t> &body) {
    const std::size_t length = body.size() + 2;
    bytes.insert(bytes.end(), {0xFF, marker, std::uint8_t(length >> 8), std::uint8_t(length)});
    bytes.insert(bytes.end(), body.begin(), body.end());
}

struct ApplicationData {
    std::vector<std::uint8_t> exif;
    std::string xmp;
    std::map<int, std::vector<std::uint8_t>> profile;
};

// Segments before the first scan; the frame itself has been checked.
ApplicationData applicationData(std::span<const std::uint8_t> file) {
    ApplicationData data;
    std::size_t position = 2;
    while (position + 4 <= file.size() && file[position] == 0xFF && file[position + 1] != 0xDA) {
        if (file[position + 1] == 0xFF) {
            ++position;
            continue;
        }
        const std::size_t length = (std::size_t(file[position + 2]) << 8) | file[position + 3];
        if (length < 2 || position + 2 + length > file.size()) break;
        const auto body = file.subspan(position + 4, length - 2);
        if (file[position + 1] == 0xE1 && hasName(body, exifName, 6)) {
            data.exif.insert(data.exif.end(), body.begin() + 6, body.end());
        } else if (file[position + 1] == 0xE1 && hasName(body, xmpName, sizeof xmpName)) {
            data.xmp.assign(body.begin() + sizeof xmpName, body.end());
        } else if (file[position + 1] == 0xE2 && hasName(body, profileName, sizeof profileName) && body.size() > 14) {
            data.profile[body[12]].assign(body.begin() + 14, body.end());
        }
        position += 2 + length;
    }
    return data;
}

}  // namespace

CleanPicture cleanedJPEG(std::span<const std::uint8_t> file) {
    const CleanFrame frame = cleanJPEG(file);
    const ApplicationData data = applicationData(file);
    CleanPicture picture;
    if (frame.removed > 0) picture.removed.push_back("comments, EXIF and other application data");
    if (frame.used < file.size()) picture.removed.push_back("bytes behind the picture");

    // JFIF wants to be the first segment.
    std::size_t front = 2;
    if (frame.bytes.size() > 20 && frame.bytes[2] == 0xFF && frame.bytes[3] == 0xE0) front += 18;
    picture.bytes.assign(frame.bytes.begin(), frame.bytes.begin() + long(front));
    const int stated = orientationOfEXIF(data.exif);
    const int orientation = stated != 0 ? stated : orientationOfXMP(data.xmp);
    if (orientation > 1) {
        std::vector<std::uint8_t> body(exifName, exifName + 6);
        const auto exif = plainEXIF(orientation);
        body.insert(body.end(), exif.begin(), exif.end());
        putSegment(picture.bytes, 0xE1, body);
    }
    std::vector<std::uint8_t> profile;
    for (const auto &[index, part] : data.profile) profile.insert(profile.end(), part.begin(), part.end());
    profile = cleanedProfile(profile);
    constexpr std::size_t most = 65000;
    const std::size_t parts = (profile.size() + most - 1) / most;
    for (std::size_t i = 0; i < parts && parts < 256; ++i) {
        std::vector<std::uint8_t> body(profileName, profileName + sizeof profileName);
        body.insert(body.end(), {std::uint8_t(i + 1), std::uint8_t(parts)});
        body.insert(body.end(), profile.begin() + long(i * most),
                    profile.begin() + long(std::min(profile.size(), (i + 1) * most)));
        putSegment(picture.bytes, 0xE2, body);
    }
    picture.bytes.insert(picture.bytes.end(), frame.bytes.begin() + long(front), frame.bytes.end());
    return picture;
}

}  // namespace deidentification
