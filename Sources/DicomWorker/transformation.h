// What stored values mean and which of them are shown (PS3.3 C.11.1, C.11.2, C.7.6.16.2.9 and 10).
#pragma once

#include "json.h"
#include "picture.h"
#include "table.h"
#include "values.h"

#include <optional>

namespace worker {

/// From stored values to the device's own, Hounsfield units in CT.
struct Modality {
    double slope = 1, intercept = 0;
    std::optional<Table> table;
    /// Where it was found; empty where values stand for themselves.
    std::string source;

    double operator()(double stored) const {
        return table ? (*table)[stored] : stored * slope + intercept;
    }
    JSON facts() const;
};

/// Throws `Code::corrupt`.
Modality modality(const DataSet &data, const Picture &image, int64_t frame);

/// From those values to grey ones.
struct VOI {
    enum class Kind { linear, linear_exact, sigmoid, table, range };

    Kind kind = Kind::range;
    double center = 0, width = 0;
    std::optional<Table> table;
    /// Of `range`.
    double low = 0, high = 0;
    std::string source;

    /// From 0, black, to 255, white, rounded to the nearest, halves to even.
    uint8_t grey(double value) const;
    JSON facts() const;
};

/// What is wished for, rather than what the file asks for.
struct Wish {
    std::optional<double> center, width;
    /// The whole range that stored bits can hold.
    bool is_full = false;
};

/// Throws `Code::corrupt` for a window that cannot be, `Code::unsupported` for a function.
VOI voi(const DataSet &data, const Picture &image, int64_t frame, const Wish &wish,
        const Modality &modality, const Values &values, std::vector<std::string> &ignored);

/// The window that the file asks for first; none where it has none or a table instead.
std::optional<VOI> stored_voi(const DataSet &data, const Picture &image, int64_t frame,
                              const Modality &modality, std::vector<std::string> &ignored);

}  // namespace worker
