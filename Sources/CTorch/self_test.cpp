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
std::vector<float> in_tiles(const Tiles<T, E> &tiles, const std::vector<T> &x, const std::vector<T> &weights, int64_t rows,
                            int64_t outputs, int64_t inputs, int64_t depth) {
    const int64_t panels = (outputs + kPanel - 1) / kPanel, width = panels * kPanel;
    std::vector<float> sums(rows * width);
    std::vector<E> right(depth * width), left(rows * depth);
    for (int64_t input = 0; input < inputs; input += depth) {
        const int64_t count = std::min(depth, inputs - input);
        tiles.pack_columns(weights.data() + input, inputs, outputs, count, right.data());
        for (int64_t row = 0; row < rows; row++) tiles.copy_row(x.data() + row * inputs + input, left.data() + row * count, count);
        tiles.product(rows, panels, count, left.data(), count, right.data(), sums.data(), width, input > 0);
    }
    std::vector<float> result;
    for (int64_t row = 0; row < rows; row++)
        result.insert(result.end(), sums.begin() + row * width, sums.begin() + row * width + outputs);
    return result;
}

bool same(const std::vector<float> &a, const std::vector<float> &b) {
    return std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

}  // namespace

template <typename T, typename E>
bool agrees(const Loops<T> &loops, const Tiles<T, E> &tiles) {
    Numbers numbers;
    for (int64_t inputs : {2, 16, 34, 62, 64, 200, 576}) {
        for (int64_t outputs : {1, 15, 16, 17, 33, 64}) {
            constexpr int64_t kMost = 29;
            const auto x = numbers.many<T>(kMost * inputs), weights = numbers.many<T>(outputs * inputs);
            const auto whole = in_tiles(tiles, x, weights, kMost, outputs, inputs, inputs);
            if (!same(whole, in_tiles(tiles, x, weights, kMost, outputs, inputs, std::max<int64_t>(2, inputs / 6 * 2)))) return false;
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
                const Term<T> term{x.data(), inputs, weights.data(), inputs, inputs};
                std::vector<float> thin(rows * outputs);
                loops.thin_scores(&term, 1, nullptr, thin.data(), outputs, rows, outputs);
                if (!same(thin, {whole.begin(), whole.begin() + rows * outputs})) return false;
                if (!same(thin, in_tiles(tiles, x, weights, rows, outputs, inputs, inputs))) return false;
            }
        }
    }
    return true;
}

template bool agrees(const Loops<float> &, const Tiles<float, float> &);
template bool agrees(const Loops<c10::BFloat16> &, const Tiles<c10::BFloat16, float> &);
template bool agrees(const Loops<c10::BFloat16> &, const Tiles<c10::BFloat16, c10::BFloat16> &);

bool agrees(Path path) {
    using c10::BFloat16;
    if (!agrees(loops_of<float>(path), tiles_of<float, float>(path))) return false;
    if (path == Path::avx512_bf16) return agrees(loops_of<BFloat16>(path), tiles_of<BFloat16, BFloat16>(path));
    return agrees(loops_of<BFloat16>(path), tiles_of<BFloat16, float>(path));
}

}  // namespace preceptor
