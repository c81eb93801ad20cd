#include "deidentification.h"

#include <sstream>

#include "Deidentification/deidentify.h"
#include "dataset.h"
#include "json.h"

namespace worker {

namespace {

namespace core = deidentification;

core::Key key(const Request &request) {
    const auto found = request.settings.find("key");
    const std::string letters = found == request.settings.end() ? "" : found->second;
    core::Key key;
    for (size_t place = 0; place + 1 < letters.size(); place += 2) {
        const std::string pair = letters.substr(place, 2);
        if (pair.find_first_not_of("0123456789abcdef") != std::string::npos) fail(Code::request, "a key of other letters");
        key.push_back(static_cast<uint8_t>(std::stoul(pair, nullptr, 16)));
    }
    if (key.size() < 16) fail(Code::request, "a key of fewer than 16 bytes");
    return key;
}

core::Options options(const Request &request) {
    static const std::map<std::string, core::Option> known = {
        {"uids", core::retainUIDs},
        {"device", core::retainDeviceIdentity},
        {"institution", core::retainInstitution},
        {"patient", core::retainPatientCharacteristics},
        {"dates", core::retainFullDates},
        {"shifted-dates", core::retainModifiedDates},
        {"descriptors", core::cleanDescriptors},
        {"structured", core::cleanStructuredContent},
        {"graphics", core::cleanGraphics},
        {"blank-text", core::cleanPixelData},
        {"visual-features", core::cleanRecognizableVisualFeatures},
    };
    core::Options result;
    const auto found = request.settings.find("options");
    std::istringstream names(found == request.settings.end() ? "" : found->second);
    for (std::string name; std::getline(names, name, ',');) {
        const auto option = known.find(name);
        if (name == "reviewed") result.reviewed = true;
        else if (option != known.end()) result.profile |= option->second;
        else fail(Code::request, "an option of no known name");
    }
    return result;
}

const char *name(core::Outcome outcome) {
    switch (outcome) {
    case core::Outcome::written: return "written";
    case core::Outcome::heldBack: return "held back";
    case core::Outcome::refused: return "refused";
    }
    return "refused";
}

std::vector<std::string> list(const std::set<std::string> &names) { return {names.begin(), names.end()}; }

/// Original and replacement in turn; originals are any bytes, so they are told in hexadecimal digits.
std::vector<std::string> pairs(const std::map<std::string, std::string> &replaced) {
    static constexpr char digits[] = "0123456789abcdef";
    std::vector<std::string> result;
    for (const auto &[original, replacement] : replaced) {
        std::string letters;
        for (const unsigned char byte : original) (letters += digits[byte >> 4]) += digits[byte & 15];
        result.push_back(letters);
        result.push_back(replacement);
    }
    return result;
}

}  // namespace

Reply deidentify(const Request &request) {
    if (request.files.size() != 1) fail(Code::request, "a copy of more files than one");
    const Mapping file(request.files[0].number());
    const auto secret = key(request);
    auto result = core::deidentify({file.bytes(), file.count()}, options(request), secret);
    const auto &report = result.report;
    JSON text;
    text.add("outcome", name(result.outcome))
        .add("reason", result.reason)
        .add("removed", list(report.removed))
        .add("emptied", list(report.emptied))
        .add("replaced", list(report.replaced))
        .add("cleaned", list(report.cleaned))
        .add("privateAttributes", static_cast<int64_t>(report.privateAttributes))
        .add("unknownAttributes", static_cast<int64_t>(report.unknownAttributes))
        .add("unreadableSequences", static_cast<int64_t>(report.unreadableSequences))
        .add("replacedUIDs", static_cast<int64_t>(report.replacedUIDs))
        .add("pixels", report.pixels)
        .add("warnings", report.warnings)
        .add("methods", report.methods)
        .add("identityRemoved", report.identityRemoved);
    if (result.outcome != core::Outcome::written) result.file.clear();
    else if (request.integer("replacements", 0) != 0)
        text.add("uids", pairs(result.replacements.uids)).add("patients", pairs(result.replacements.patients));
    return {text.text(), std::move(result.file)};
}

}  // namespace worker
