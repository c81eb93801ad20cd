// Work shared over the threads of this process.
#pragma once
#include <algorithm>
#include <cstdint>

namespace preceptor {

/// Calls run(body, index) for every index below count, on `parallel_threads()` threads; see `parallel_for`.
void run_parallel(int64_t count, void (*run)(const void *body, int64_t index), const void *body);

/// Threads that a loop may use, the calling one among them.
int64_t parallel_threads();

/// Calls body(index) for every index below count.
///
/// The calling thread works too and waits for nobody who has not begun: on a busy machine a loop is done when its
/// work is. What a body throws is thrown here, after the others have ended; the rest of the indices is left out.
/// A loop within a loop, and one that finds the threads taken, runs on its own thread.
template <typename Body>
void parallel_for(int64_t count, const Body &body) {
    run_parallel(count, [](const void *body, int64_t index) { (*static_cast<const Body *>(body))(index); }, &body);
}

/// Cuts `count` rows into contiguous pieces of at least `grain` and calls body(first, last) on each.
template <typename Body>
void parallel_rows(int64_t count, int64_t grain, const Body &body) {
    const int64_t pieces = std::max<int64_t>(1, std::min<int64_t>(count / std::max<int64_t>(grain, 1), 4 * parallel_threads()));
    parallel_for(pieces, [&](int64_t piece) {
        body(count * piece / pieces, count * (piece + 1) / pieces);
    });
}

}  // namespace preceptor
