// Whether a path keeps the promise that sampling and training are one arithmetic: the same row has the same bits
// in a thin product and in a tiled one, whatever its neighbours, and they are those of a plain sum.
#include "self_test.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "numbers.h"

namespace preceptor {

namespace {

/// Numbers of either sign over a few powers of two, so that another order of the sums rounds differently.
struct Numbers {
    uint64_t state = 0x9E3779B97F4A7C15u;

    float next() {
        state = state * 6364136223846793005u + 1442695040888963407u;
        const float fraction = static_cast<float>(static_cast<int32_t>(state >> 32)) * 0x1p-31f;
        return std::ldexp(fraction, static_cast<int>(state >> 28 & 7) - 4);
    }

    template <typename T>
    std::vector<T> many(int64_t count) {
        std::vector<T> result(count);
        for (auto &each : result) store(&each, next());
        return result;
    }
};

/// x W^T as the tiled products compute it, in pieces of `depth` summands.
template <typename T, typename E>
std::vector<float> in_tiles(const Tiles<T, E> &tiles, const Tiles<E, E> &packed, const std::vector<T> &x,
                            const std::vector<T> &weights, int64_t rows, int64_t outputs, int64_t inputs, int64_t depth) {
    const int64_t panels = (outputs + kPanel - 1) / kPanel, width = panels * kPanel;
    std::vector<float> sums(rows * width);
    std::vector<E> right(depth * width), left(rows * depth);
    for (int64_t input = 0; input < inputs; input += depth) {
        const int64_t count = std::min(depth, inputs - input);
        tiles.pack_columns(weights.data() + input, inputs, outputs, count, right.data());
        for (int64_t row = 0; row < rows; row++) tiles.copy_row(x.data() + row * inputs + input, left.data() + row * count, count);
        packed.product(rows, panels, count, left.data(), count, right.data(), kPanel * count, sums.data(), width, input > 0);
    }
    std::vector<float> result;
    for (int64_t row = 0; row < rows; row++)
        result.insert(result.end(), sums.begin() + row * width, sums.begin() + row * width + outputs);
    return result;
}

/// The same of weights that lie in panels: as they lie, and widened first.
template <typename T, typename E>
std::vector<float> in_panels(const Tiles<T, E> &tiles, const Tiles<E, E> &packed, const Tiles<T, T> &own,
                             const std::vector<T> &x, const std::vector<T> &weights, int64_t rows, int64_t outputs,
                             int64_t inputs, bool widened) {
    const int64_t panels = outputs / kPanel, panel = kPanel * inputs;
    std::vector<float> sums(rows * outputs);
    std::vector<T> lying(outputs * inputs);
    std::vector<E> left(rows * inputs), right(outputs * inputs);
    own.pack_columns(weights.data(), inputs, outputs, inputs, lying.data());
    tiles.copy_row(x.data(), left.data(), rows * inputs);
    if (!widened) {
        tiles.product(rows, panels, inputs, left.data(), inputs, lying.data(), panel, sums.data(), outputs, false);
    } else {
        tiles.widen_panels(lying.data(), panel, panels, inputs, right.data());
        packed.product(rows, panels, inputs, left.data(), inputs, right.data(), panel, sums.data(), outputs, false);
    }
    return sums;
}

/// Whether panels turned are what their weights packed by rows are.
template <typename T, typename E>
bool turns(const Tiles<T, E> &tiles, const Tiles<T, T> &own, const std::vector<T> &weights, int64_t outputs, int64_t inputs) {
    std::vector<T> lying(outputs * inputs);
    std::vector<E> turned(outputs * inputs), packed(outputs * inputs);
    own.pack_columns(weights.data(), inputs, outputs, inputs, lying.data());
    tiles.turn_panels(lying.data(), kPanel * inputs, outputs / kPanel, inputs, turned.data());
    tiles.pack_rows(weights.data(), inputs, outputs, inputs, packed.data());
    return std::memcmp(turned.data(), packed.data(), turned.size() * sizeof(E)) == 0;
}

bool same(const std::vector<float> &a, const std::vector<float> &b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

}  // namespace

template <typename T, typename E>
bool agrees(const Tiles<T, E> &tiles, const Tiles<E, E> &packed, const Tiles<T, T> &own) {
    Numbers numbers;
    for (int64_t inputs : {2, 16, 34, 62, 64, 200, 576}) {
        for (int64_t outputs : {1, 15, 16, 17, 33, 64}) {
            constexpr int64_t kMost = 29;
            const auto x = numbers.many<T>(kMost * inputs), weights = numbers.many<T>(outputs * inputs);
            const auto whole = in_tiles(tiles, packed, x, weights, kMost, outputs, inputs, inputs);
            if (!same(whole, in_tiles(tiles, packed, x, weights, kMost, outputs, inputs, std::max(tiles.step, inputs / 3 / tiles.step * tiles.step)))) return false;
            for (int64_t i = 0; i < kMost * outputs; i++) {
                double sum = 0, size = 0;
                for (int64_t k = 0; k < inputs; k++) {
                    const double term = static_cast<double>(to_float(x[i / outputs * inputs + k])) * to_float(weights[i % outputs * inputs + k]);
                    sum += term;
                    size += std::abs(term);
                }
                if (!(std::abs(whole[i] - sum) <= 1e-6 * static_cast<double>(inputs) * size)) return false;
            }
            for (int64_t rows : {1, 2, 3, 5, 8, 13}) {
                const std::vector<float> wanted(whole.begin(), whole.begin() + rows * outputs);
                std::vector<E> left(rows * inputs);
                std::vector<float> thin(rows * outputs);
                tiles.copy_row(x.data(), left.data(), rows * inputs);
                tiles.thin_product(left.data(), inputs, weights.data(), inputs, inputs, thin.data(), outputs, rows, outputs, false);
                if (!same(thin, wanted)) return false;
                for (bool widened : {false, true})
                    if (outputs % kPanel == 0 && !same(wanted, in_panels(tiles, packed, own, x, weights, rows, outputs, inputs, widened)))
                        return false;
                if (!same(thin, in_tiles(tiles, packed, x, weights, rows, outputs, inputs, inputs))) return false;
            }
            if (outputs % kPanel == 0 && inputs % 32 == 0 && !turns(tiles, own, weights, outputs, inputs)) return false;
        }
    }
    return true;
}

template bool agrees(const Tiles<float, float> &, const Tiles<float, float> &, const Tiles<float, float> &);

bool agrees(Path path) {
    using c10::BFloat16;
    const auto full = tiles_of<float, float>(path);
    const auto half = tiles_of<BFloat16, BFloat16>(path);
    if (!agrees(full, full, full)) return false;
    return path >= Path::avx512_bf16 ? agrees(half, half, half) : agrees(tiles_of<BFloat16, float>(path), full, half);
}

}  // namespace preceptor
