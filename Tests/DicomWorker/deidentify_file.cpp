// deidentify_file: the de-identification core as a program of its own, for tests and comparisons.
//
//   deidentify_file KEY OPTIONS INPUT OUTPUT [INPUT OUTPUT ...]
//
//   clang++ -std=c++20 -O2 -I/usr/include/openjpeg-2.5 Tests/DicomWorker/*.cpp
//     Sources/DicomWorker/Deidentification/*.cpp
//     -ldcmjpeg -lijg8 -lijg12 -lijg16 -ldcmjpls -ldcmtkcharls -ldcmimage -ldcmimgle -ldcmdata -loflog -lofstd
//     -lopenjp2 -lcrypto -lz -o deidentify_file
//
// OPTIONS: a comma-separated list of names below, or "none". Prints a line of JSON a file; status 1
// if one was not written.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>

#include "../../Sources/DicomWorker/Deidentification/deidentify.h"
#include "dcmtk/config/osconfig.h"
#include "dcmtk/oflog/oflog.h"

using namespace deidentification;

static std::string list(const auto &texts) {
    std::string result = "[";
    for (const auto &text : texts) {
        result += result.size() > 1 ? ",\"" : "\"";
        for (char c : text) result += c == '"' ? "\\\"" : c == '\\' ? "\\\\" : std::string(1, c);
        result += "\"";
    }
    return result + "]";
}

int main(int count, char **arguments) {
    static const std::map<std::string, Option> names = {
        {"uids", retainUIDs}, {"device", retainDeviceIdentity}, {"institution", retainInstitution},
        {"patient", retainPatientCharacteristics}, {"dates", retainFullDates}, {"shifted-dates", retainModifiedDates},
        {"descriptors", cleanDescriptors}, {"structured", cleanStructuredContent}, {"graphics", cleanGraphics},
        {"blank-text", cleanPixelData}, {"visual-features", cleanRecognizableVisualFeatures}};
    if (count < 5 || count % 2 == 0) {
        std::fprintf(stderr, "usage: deidentify_file KEY OPTIONS INPUT OUTPUT [INPUT OUTPUT ...]\n");
        return 64;
    }
    OFLog::configure(OFLogger::OFF_LOG_LEVEL);
    prepare();
    const std::string secret = arguments[1];
    Options options;
    std::istringstream chosen(arguments[2]);
    for (std::string name; std::getline(chosen, name, ',');) {
        if (name == "reviewed") {
            options.reviewed = true;
        } else if (names.count(name) != 0) {
            options.profile |= names.at(name);
        } else if (name != "none") {
            std::fprintf(stderr, "deidentify_file: no option %s\n", name.c_str());
            return 64;
        }
    }
    int status = 0;
    for (int i = 3; i + 1 < count; i += 2) {
        std::ifstream input(arguments[i], std::ios::binary);
        const std::vector<std::uint8_t> bytes{std::istreambuf_iterator<char>(input), std::istreambuf_iterator<char>()};
        const Result result = deidentify(bytes, options, Key(secret.begin(), secret.end()));
        static const char *const outcomes[] = {"written", "held back", "refused"};
        std::printf("{\"file\":%s,\"outcome\":\"%s\",\"reason\":%s,\"removed\":%zu,\"emptied\":%zu,\"replaced\":%zu,"
                    "\"cleaned\":%zu,\"private\":%zu,\"unknown\":%zu,\"unreadable\":%zu,\"pixels\":%s,"
                    "\"warnings\":%s,\"methods\":%s,\"identityRemoved\":\"%s\"}\n",
                    list(std::vector<std::string>{arguments[i]}).c_str(), outcomes[int(result.outcome)],
                    list(std::vector<std::string>{result.reason}).c_str(), result.report.removed.size(),
                    result.report.emptied.size(), result.report.replaced.size(), result.report.cleaned.size(),
                    result.report.privateAttributes, result.report.unknownAttributes,
                    result.report.unreadableSequences, list(result.report.pixels).c_str(),
                    list(result.report.warnings).c_str(), list(result.report.methods).c_str(),
                    result.report.identityRemoved.c_str());
        if (result.outcome != Outcome::written) {
            status = 1;
            continue;
        }
        std::ofstream(arguments[i + 1], std::ios::binary)
            .write(reinterpret_cast<const char *>(result.file.data()), std::streamsize(result.file.size()));
    }
    return status;
}
