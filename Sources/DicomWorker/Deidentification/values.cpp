#include "values.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <regex>

#include "vocabulary.h"

namespace deidentification {

namespace {

constexpr std::string_view around(" \0\t\r\n", 5);

bool matches(std::string_view text, const std::regex &form) {
    return std::regex_match(text.begin(), text.end(), form);
}

// Year, month and day of eight digits, if there is such a day.
bool parseDate(std::string_view text, std::chrono::year_month_day &date) {
    if (text.size() < 8 || !std::all_of(text.begin(), text.begin() + 8, [](char c) { return c >= '0' && c <= '9'; }))
        return false;
    const auto number = [&](std::size_t from, std::size_t count) {
        int value = 0;
        for (std::size_t i = from; i < from + count; ++i) value = value * 10 + (text[i] - '0');
        return value;
    };
    date = std::chrono::year(number(0, 4)) / std::chrono::month(unsigned(number(4, 2))) /
           std::chrono::day(unsigned(number(6, 2)));
    return date.ok();
}

}  // namespace

bool isText(DcmEVR representation) {
    switch (representation) {
        case EVR_AE: case EVR_AS: case EVR_CS: case EVR_DA: case EVR_DS: case EVR_DT: case EVR_IS:
        case EVR_LO: case EVR_LT: case EVR_PN: case EVR_SH: case EVR_ST: case EVR_TM: case EVR_UC:
        case EVR_UI: case EVR_UR: case EVR_UT: return true;
        default: return false;
    }
}

std::vector<std::string> splitValues(std::string_view text) {
    std::vector<std::string> values;
    std::size_t start = 0;
    while (true) {
        const std::size_t end = std::min(text.find('\\', start), text.size());
        std::string_view value = text.substr(start, end - start);
        const std::size_t first = value.find_first_not_of(around);
        if (first == std::string_view::npos) {
            values.emplace_back();
        } else {
            values.emplace_back(value.substr(first, value.find_last_not_of(around) - first + 1));
        }
        if (end == text.size()) return values;
        start = end + 1;
    }
}

std::string joinValues(const std::vector<std::string> &values) {
    std::string text;
    for (std::size_t i = 0; i < values.size(); ++i) text += (i == 0 ? "" : "\\") + values[i];
    return text;
}

bool hasForm(DcmEVR representation, std::string_view value) {
    static const std::regex decimal(R"([+-]?(\d{1,15}(\.\d{0,15})?|\.\d{1,15})([eE][+-]?\d{1,3})?)");
    static const std::regex integer(R"([+-]?\d{1,11})");
    static const std::regex time(R"(([01]\d|2[0-3])(:?[0-5]\d(:?([0-5]\d|60)(\.\d{1,6})?)?)?)");
    static const std::regex dateTime(
        R"(\d{4}((0[1-9]|1[0-2])(\d{2}(([01]\d|2[0-3])([0-5]\d(([0-5]\d|60)(\.\d{1,6})?)?)?)?)?)?([+-]\d{4})?)");
    static const std::regex age(R"(\d{3}[DWMY])");
    static const std::regex uid(R"((0|[1-9]\d*)(\.(0|[1-9]\d*))+)");
    if (value.empty()) return true;
    std::chrono::year_month_day date;
    switch (representation) {
        case EVR_CS: return isTerm(value);
        case EVR_DS: return value.size() <= 16 && matches(value, decimal);
        case EVR_IS: return matches(value, integer);
        case EVR_DA:
            if (value.size() == 10 && value[4] == '.' && value[7] == '.') {
                const std::string digits = std::string(value.substr(0, 4)) + std::string(value.substr(5, 2)) +
                                           std::string(value.substr(8, 2));
                return parseDate(digits, date);
            }
            return value.size() == 8 && parseDate(value, date);
        case EVR_TM: return matches(value, time);
        case EVR_DT: return value.size() <= 26 && matches(value, dateTime);
        case EVR_AS: return matches(value, age);
        case EVR_UI: return value.size() <= 64 && matches(value, uid);
        default: return false;
    }
}

std::string madeUpText(DcmEVR representation) {
    switch (representation) {
        case EVR_DA: return "19000101";
        case EVR_TM: return "000000";
        case EVR_DT: return "19000101000000";
        case EVR_AS: return "000Y";
        case EVR_DS:
        case EVR_IS: return "0";
        case EVR_UR: return "urn:nil";
        default: return "REMOVED";
    }
}

bool looksLikeText(const unsigned char *bytes, std::size_t count) {
    while (count > 0 && (bytes[count - 1] == 0 || bytes[count - 1] == ' ')) --count;
    return count >= 8 && std::all_of(bytes, bytes + count, [](unsigned char c) { return c >= 0x20 && c < 0x7F; });
}

std::string shifted(std::string_view text, int days) {
    std::string digits(text);
    if (digits.size() == 10 && digits[4] == '.' && digits[7] == '.') {
        digits.erase(7, 1);
        digits.erase(4, 1);
    }
    std::chrono::year_month_day date;
    if (!parseDate(digits, date)) return {};
    const std::chrono::year_month_day moved = std::chrono::sys_days(date) - std::chrono::days(days);
    char written[32];
    std::snprintf(written, sizeof written, "%04d%02u%02u", int(moved.year()), unsigned(moved.month()),
                  unsigned(moved.day()));
    return written + digits.substr(8);
}

}  // namespace deidentification
