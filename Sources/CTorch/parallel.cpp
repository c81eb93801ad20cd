#include "parallel.h"

#include <ATen/Parallel.h>

#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace preceptor {

namespace {

inline void relax() {
#if defined(__x86_64__)
    _mm_pause();
#elif defined(__aarch64__)
    asm volatile("isb");
#endif
}

/// Turns of looking before a thread that waits goes to sleep: about as long as the work between two loops of a
/// decoded token. Longer, and a waiting thread spends the share of a busy processor that its work will want.
constexpr int kTurns = 2000;

/// Waits until done() holds; `word` changes when it may.
template <typename Word, typename Done>
void wait(const std::atomic<Word> &word, const Done &done) {
    for (int turn = 0; turn < kTurns; turn++) {
        if (done()) return;
        relax();
    }
    while (true) {
        const Word seen = word.load();
        if (done()) return;
        word.wait(seen);
    }
}

thread_local bool within_loop = false;

/// The lower half of a place in a loop that takes nobody.
constexpr uint64_t kClosed = 0xFFFFFFFFu;

/// The threads, and the one loop that they work on.
///
/// `next` holds the loop's number in its upper half and the next index in the lower: an index can only be taken
/// from the loop whose fields the taker has read, so that a thread which wakes late does no harm and is not waited
/// for. The fields change only while the lower half says that the loop is closed.
class Team {
public:
    static Team &shared() {
        // Never destroyed: its threads may outlive main.
        static Team *team = new Team;
        return *team;
    }

    void run(int64_t count, int64_t threads, void (*call)(const void *, int64_t), const void *body) {
        start(threads - 1);
        const uint64_t number = (next.load() >> 32) + 1;
        next.store(number << 32 | kClosed);
        error = nullptr;
        failed.store(false);
        done.store(0);
        this->call.store(call);
        this->body.store(body);
        this->count.store(count);
        next.store(number << 32);
        loop.store(static_cast<uint32_t>(number));
        if (asleep.load() > 0) {
            if (threads > 2) loop.notify_all();
            else loop.notify_one();
        }
        work(number);
        wait(done, [&] { return done.load() == count; });
        // No index is left, and none is taken after this.
        if (error) std::rethrow_exception(error);
    }

    std::mutex owner;

private:
    std::atomic<uint64_t> next{0};
    std::atomic<uint32_t> loop{0};
    std::atomic<int64_t> count{0}, done{0};
    std::atomic<void (*)(const void *, int64_t)> call{nullptr};
    std::atomic<const void *> body{nullptr};
    std::atomic<int> asleep{0};
    std::atomic<bool> failed{false};
    std::mutex error_lock;
    std::exception_ptr error;
    int64_t started = 0;

    void start(int64_t wanted) {
        for (; started < wanted; started++) std::thread([this] { serve(); }).detach();
    }

    void serve() {
        uint32_t seen = 0;
        while (true) {
            for (int turn = 0; turn < kTurns && loop.load() == seen; turn++) relax();
            if (loop.load() == seen) {
                asleep.fetch_add(1);
                loop.wait(seen);
                asleep.fetch_sub(1);
            }
            seen = loop.load();
            const uint64_t place = next.load();
            if ((place & kClosed) != kClosed) work(place >> 32);
        }
    }

    /// Takes indices of loop `number`, which was open, until there are none.
    void work(uint64_t number) {
        const auto call = this->call.load();
        const auto *body = this->body.load();
        const int64_t count = this->count.load();
        int64_t finished = 0;
        within_loop = true;
        for (uint64_t place = next.load(); place >> 32 == number;) {
            const int64_t index = static_cast<int64_t>(place & kClosed);
            if (index >= count) break;
            if (!next.compare_exchange_weak(place, place + 1)) continue;
            finished++;
            if (failed.load()) continue;
            try {
                call(body, index);
            } catch (...) {
                const std::lock_guard guard(error_lock);
                if (!failed.exchange(true)) error = std::current_exception();
            }
        }
        within_loop = false;
        // Last: the caller may go on as soon as all are counted.
        if (finished > 0 && done.fetch_add(finished) + finished == count) done.notify_one();
    }
};

}  // namespace

int64_t parallel_threads() { return std::max(1, at::get_num_threads()); }

void run_parallel(int64_t count, void (*run)(const void *, int64_t), const void *body) {
    const int64_t threads = std::min(count, parallel_threads());
    // A loop's indices share a word with its number.
    if (threads > 1 && !within_loop && count < static_cast<int64_t>(kClosed)) {
        auto &team = Team::shared();
        const std::unique_lock guard(team.owner, std::try_to_lock);
        if (guard) return team.run(count, threads, run, body);
    }
    for (int64_t index = 0; index < count; index++) run(body, index);
}

}  // namespace preceptor
