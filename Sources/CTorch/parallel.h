// Work shared over libtorch's own threads.
#pragma once
#include <ATen/Parallel.h>
#include <dlfcn.h>

#include <atomic>
#include <cstdint>

namespace preceptor {

/// Calls body(index) for every index below count, on as many threads as libtorch uses.
///
/// libtorch's CPU threads are libgomp's; at::parallel_for reaches them only when compiled with an OpenMP
/// that calls libgomp, so the entry point is looked up by name. Without it the loop runs on one thread.
template <typename Body>
void parallel_for(int64_t count, const Body &body) {
    using Parallel = void (*)(void (*)(void *), void *, unsigned, unsigned);
    static const auto run = reinterpret_cast<Parallel>(dlsym(RTLD_DEFAULT, "GOMP_parallel"));
    const int64_t threads = std::min<int64_t>(count, at::get_num_threads());
    if (threads <= 1 || !run) {
        for (int64_t i = 0; i < count; i++) body(i);
        return;
    }
    struct Shared {
        const Body &body;
        int64_t count;
        std::atomic<int64_t> next{0};
    } shared{body, count};
    run([](void *data) {
        auto &shared = *static_cast<Shared *>(data);
        for (int64_t i; (i = shared.next.fetch_add(1)) < shared.count;) shared.body(i);
    }, &shared, static_cast<unsigned>(threads), 0);
}

/// Cuts `count` rows into contiguous pieces of at least `grain` and calls body(first, last) on each.
template <typename Body>
void parallel_rows(int64_t count, int64_t grain, const Body &body) {
    const int64_t pieces = std::max<int64_t>(1, std::min<int64_t>(count / std::max<int64_t>(grain, 1), 4 * at::get_num_threads()));
    parallel_for(pieces, [&](int64_t piece) {
        body(count * piece / pieces, count * (piece + 1) / pieces);
    });
}

}  // namespace preceptor
