// The loops of every path that this processor has, against sums in double precision and against each other.
// Built and run by Scripts/check-kernels, also for processors that are not at hand.
#include <cmath>
#include <cstdio>
#include <vector>

#include "loops.h"
#include "numbers.h"
#include "processor.h"

using namespace preceptor;

namespace {

int failures = 0;

void expect(bool holds, const char *path, const char *what) {
    if (!holds) failures++;
    if (!holds) std::printf("FAILED  %s: %s\n", path, what);
}

double number(int64_t i) { return std::sin(0.7 * static_cast<double>(i)) * 3; }

template <typename T>
std::vector<T> numbers(int64_t count) {
    std::vector<T> result(count);
    for (int64_t i = 0; i < count; i++) store(&result[i], static_cast<float>(number(i)));
    return result;
}

bool near(double value, double expected, double tolerance) {
    return std::abs(value - expected) <= tolerance * (1 + std::abs(expected));
}

template <typename T>
void check(Path path) {
    const auto loops = loops_of<T>(path);
    const char *name = path_name(path);
    const double tolerance = sizeof(T) == 4 ? 2e-6 : 8e-3;
    const int64_t width = 37;
    const auto x = numbers<T>(2 * width), dy = numbers<T>(width);
    std::vector<T> out(width), dx(2 * width);
    loops.swiglu(x.data(), out.data(), 1, width);
    loops.swiglu_backward(x.data(), dy.data(), dx.data(), 1, width);
    for (int64_t i = 0; i < width; i++) {
        const double gate = to_float(x[i]), up = to_float(x[width + i]), s = 1 / (1 + std::exp(-gate)), d = to_float(dy[i]);
        expect(near(to_float(out[i]), gate * s * up, tolerance), name, "swiglu");
        expect(near(to_float(dx[i]), d * up * s * (1 + gate * (1 - s)), tolerance), name, "swiglu's gradient of the gate");
        expect(near(to_float(dx[width + i]), d * gate * s, tolerance), name, "swiglu's gradient of the other half");
    }

    std::vector<float> cosine(8), sine(8);
    for (int i = 0; i < 8; i++) (cosine[i] = std::cos(0.3f * i), sine[i] = std::sin(0.3f * i));
    loops.rotate(x.data(), dx.data(), cosine.data(), sine.data(), 1, 1, 2 * width, 2, 16);
    for (int i = 0; i < 8; i++) {
        const double a = to_float(x[16 + i]), b = to_float(x[24 + i]);
        expect(near(to_float(dx[16 + i]), a * cosine[i] - b * sine[i], tolerance), name, "rotary positions");
        expect(near(to_float(dx[24 + i]), b * cosine[i] + a * sine[i], tolerance), name, "rotary positions");
    }
    expect(to_float(dx[2 * width - 1]) == to_float(x[2 * width - 1]), name, "what is not rotated");

    double squares = 0, along = 0;
    for (int64_t i = 0; i < width; i++) squares += std::pow(to_float(x[i]), 2);
    const double inverse = 1 / std::sqrt(squares / width + 1e-5);
    for (int64_t i = 0; i < width; i++) along += to_float(dy[i]) * to_float(dy[i]) * to_float(x[i]) * inverse * inverse / width;
    loops.rms_norm(x.data(), dy.data(), out.data(), 1, width, 1e-5f);
    for (int64_t i = 0; i < width; i++) expect(near(to_float(out[i]), to_float(x[i]) * inverse * to_float(dy[i]), tolerance), name, "norm");
    loops.rms_norm_backward(x.data(), dy.data(), dy.data(), out.data(), 1, width, 1e-5f);
    for (int64_t i = 0; i < width; i++)
        expect(near(to_float(out[i]), inverse * (to_float(dy[i]) * to_float(dy[i]) - along * to_float(x[i])), tolerance), name,
               "norm's gradient");

    double top = -1e9, sum = 0, weighted = 0;
    for (int64_t i = 0; i < width; i++) top = std::max(top, static_cast<double>(to_float(x[i])));
    for (int64_t i = 0; i < width; i++) sum += std::exp(to_float(x[i]) - top);
    for (int64_t i = 0; i < width; i++) weighted += std::exp(to_float(x[i]) - top) / sum * (to_float(x[i]) - top);
    auto row = std::vector<T>(x.begin(), x.begin() + width);
    float log_p, entropy, is_top;
    const int64_t target = 5;
    const double expected = to_float(x[target]) - top - std::log(sum);
    expect(near(loops.log_probability(row.data(), width, target, 1), expected, 2e-6), name, "log-probability");
    loops.score_row(row.data(), width, target, 1, &log_p, &entropy, &is_top);
    expect(near(log_p, expected, 2e-6), name, "token score");
    expect(near(entropy, std::log(sum) - weighted, 4e-6), name, "entropy");
    expect(near(to_float(row[target]), 1 - std::exp(expected), tolerance), name, "slope of a score");

    std::vector<float> scores(width);
    for (int64_t i = 0; i < width; i++) scores[i] = to_float(x[i]);
    const auto softmax = loops.softmax_row(scores.data(), out.data(), 1, width - 2, width);
    expect(to_float(out[width - 1]) == 0 && to_float(out[width - 2]) == 0, name, "what softmax does not see");
    expect(near(to_float(out[3]), std::exp(to_float(x[3]) - softmax.top), tolerance), name, "softmax");
}

}  // namespace

int main() {
    for (auto path : kPaths) {
        if (!has(path)) continue;
        expect(agrees(path), path_name(path), "thin and tiled products");
        check<float>(path);
        check<c10::BFloat16>(path);
        std::printf("%s: checked\n", path_name(path));
    }
    return failures > 0;
}
