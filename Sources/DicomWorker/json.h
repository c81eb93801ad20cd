// Writes JSON objects whose keys and order the caller chooses.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

namespace worker {

class JSON {
  public:
    JSON &add(const char *key, const std::string &text) { return raw(key, quoted(text)); }
    JSON &add(const char *key, const char *text) { return raw(key, quoted(text)); }
    JSON &add(const char *key, bool value) { return raw(key, value ? "true" : "false"); }
    JSON &add(const char *key, int64_t value) { return raw(key, std::to_string(value)); }
    JSON &add(const char *key, const JSON &object) { return raw(key, object.text()); }
    /// Numbers that are none are left out.
    JSON &add(const char *key, double value) {
        if (!std::isfinite(value)) return *this;
        char buffer[40];
        std::snprintf(buffer, sizeof buffer, "%.17g", value);
        return raw(key, buffer);
    }
    JSON &add(const char *key, const std::vector<std::string> &texts) {
        std::string list;
        for (const auto &text : texts) list += (list.empty() ? "" : ",") + quoted(text);
        return raw(key, "[" + list + "]");
    }
    std::string text() const { return "{" + members_ + "}"; }

  private:
    JSON &raw(const char *key, const std::string &value) {
        members_ += (members_.empty() ? "" : ",") + quoted(key) + ":" + value;
        return *this;
    }
    static std::string quoted(const std::string &text) {
        std::string result = "\"";
        for (const unsigned char letter : text) {
            // What is not plain ASCII has no place in what this program says.
            if (letter < 0x20 || letter > 0x7e) result += '?';
            else if (letter == '"' || letter == '\\') (result += '\\') += static_cast<char>(letter);
            else result += static_cast<char>(letter);
        }
        return result + "\"";
    }

    std::string members_;
};

}  // namespace worker
