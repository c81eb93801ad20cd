#include "KernelTestSupport.h"

#include <atomic>
#include <stdexcept>
#include <string>

#include "parallel.h"
#include "self_test.h"

using namespace preceptor;

int kt_path_count(void) { return sizeof kPaths / sizeof kPaths[0]; }
const char *kt_path_name(int path) { return path_name(kPaths[path]); }
bool kt_has_path(int path) { return has(kPaths[path]); }
bool kt_path_agrees(int path) { return agrees(kPaths[path]); }

namespace {

void in_halves(int64_t m, int64_t panels, int64_t inputs, const float *a, int64_t a_stride, const float *b, int64_t panel,
               float *c, int64_t c_stride, bool add) {
    for (int64_t row = 0; row < m; row++) {
        for (int64_t output = 0; output < panels * kPanel; output++) {
            const float *right = b + output / kPanel * panel + output % kPanel;
            float halves[2] = {0, 0};
            for (int64_t i = 0; i < inputs; i++) halves[2 * i / inputs] += a[row * a_stride + i] * right[i * kPanel];
            float &to = c[row * c_stride + output];
            to = (add ? to : 0) + halves[0] + halves[1];
        }
    }
}

void without_the_last(int64_t m, int64_t panels, int64_t inputs, const float *a, int64_t a_stride, const float *b, int64_t panel,
                      float *c, int64_t c_stride, bool add) {
    tiles<float, float>().product(m, panels, inputs, a, a_stride, b, panel, c, c_stride, add);
    for (int64_t row = 0; row < m; row++) c[row * c_stride + kPanel - 1] = 0;
}

}  // namespace

bool kt_halves_agree(void) {
    auto changed = tiles<float, float>();
    changed.product = in_halves;
    return agrees(changed, changed, tiles<float, float>());
}

bool kt_missing_output_agrees(void) {
    auto changed = tiles<float, float>();
    changed.product = without_the_last;
    return agrees(changed, changed, tiles<float, float>());
}

const char *kt_loop(int64_t count, int64_t failing, int32_t *calls) {
    thread_local std::string message;
    message.clear();
    try {
        parallel_for(count, [&](int64_t index) {
            std::atomic_ref<int32_t>(calls[index]).fetch_add(1);
            if (index == failing) throw std::runtime_error("index " + std::to_string(index));
        });
    } catch (const std::exception &error) {
        message = error.what();
    }
    return message.c_str();
}

int64_t kt_nested_loops(int64_t count) {
    std::atomic<int64_t> sum{0};
    parallel_for(count, [&](int64_t i) { parallel_for(count, [&](int64_t j) { sum.fetch_add(i * j); }); });
    return sum.load();
}
