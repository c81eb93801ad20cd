// Attention's backward pass: recomputes the probabilities from the log-sum-exp of each query and head
// (FlashAttention-2, arXiv:2307.08691).
//
// A sequence and those that continue it form a group. The gradients of the prefix's keys and values are sums over
// the group, in f32 and rounded once. Large groups are cut into a few shares that run at the same time, each with
// sums of its own, which are added in a fixed order: the result does not depend on the threads.
#include "attention.h"
#include "parallel.h"

namespace preceptor {

namespace {

/// Shares that a group is cut into, at most: each needs memory for sums of the prefix's size.
constexpr int64_t kShares = 4;

/// Sequences of one group that one task takes, per key-value head.
struct Share {
    int64_t prefix;
    std::vector<int64_t> members;
    /// Where its sums for the prefix go, or null: it is the group's only share.
    float *sums;
};

/// The groups' shares, and the memory for their sums: for each key-value head dk, dv [rows of the prefix, size].
struct Plan {
    std::vector<Share> shares;
    /// First share and number of shares of the groups that are cut.
    std::vector<std::pair<int64_t, int64_t>> cut;
    at::Tensor memory;

    Plan(const Sequences &all, const Shape &shape) {
        std::vector<std::vector<int64_t>> groups(all.count());
        for (int64_t i = 0; i < all.count(); i++) groups[all.prefixes[i] < 0 ? i : all.prefixes[i]].push_back(i);
        const auto parts = [&](const auto &group) {
            return std::clamp<int64_t>(static_cast<int64_t>(group.size()) - 1, 1, kShares);
        };
        const auto floats = [&](int64_t prefix) { return 2 * all.lengths[prefix] * shape.kv_heads * shape.size; };
        int64_t total = 0;
        for (const auto &group : groups)
            if (group.size() > 2) total += parts(group) * floats(group[0]);
        memory = at::empty({total}, at::kFloat);
        float *place = memory.mutable_data_ptr<float>();
        for (const auto &group : groups) {
            if (group.empty()) continue;
            const int64_t count = parts(group), first = static_cast<int64_t>(shares.size());
            if (count > 1) cut.emplace_back(first, count);
            for (int64_t i = 0; i < count; i++) {
                shares.push_back({group[0], {}, count > 1 ? place : nullptr});
                if (count > 1) place += floats(group[0]);
            }
            for (size_t i = 0; i < group.size(); i++) shares[first + i % count].members.push_back(group[i]);
        }
    }
};

/// Keys and values of one sequence and head in tiles, and the sums of their gradients.
///
/// Tiles full of the prefix's rows stay while the sequences of a share come and go. The rest of the prefix shares
/// a tile with the sequence's first rows; its sums are kept in a tile of their own, between the two.
template <typename E>
struct KeyTiles {
    E *k_rows, *k_packed, *v_rows;
    float *dk, *dv;
    int64_t full;

    int64_t sums(int64_t block) const { return block < full ? block : block + 1; }
};

template <typename T, typename E>
void load(const KeyTiles<E> &tiles, const Past<T> &past, int64_t first, int64_t size) {
    const int64_t area = kTile * size, last = tile_count(past.count());
    for (int64_t block = first; block < last; block++) {
        past.keys.copy_tile(block * kTile, size, tiles.k_rows + block * area);
        pack_rows(tiles.k_rows + block * area, size, tiles.k_packed + block * area);
        past.values.copy_tile(block * kTile, size, tiles.v_rows + block * area);
    }
    const int64_t fresh = tiles.sums(tiles.full), count = std::max<int64_t>(0, last - tiles.full);
    std::memset(tiles.dk + fresh * area, 0, count * area * sizeof(float));
    std::memset(tiles.dv + fresh * area, 0, count * area * sizeof(float));
}

/// A tile of queries and the gradients of what they gave, in both packings.
template <typename E>
struct QueryTile {
    E *q_columns, *q_packed, *d_columns, *d_packed;
    float lse[kTile], delta[kTile];
};

/// Adds one tile of queries' gradients to keys and values up to its last query; dq [kTile, size] is written.
/// `position`: of the tile's first query, counted from the start of the prefix.
template <typename E>
void query_tile_backward(const QueryTile<E> &queries, const KeyTiles<E> &tiles, int64_t position, int64_t count,
                         const Shape &shape, float *dq) {
    const int64_t size = shape.size, area = kTile * size;
    SCRATCH(float, scores, kTile * kTile);
    SCRATCH(float, d_probabilities, kTile * kTile);
    SCRATCH(E, probabilities, kTile * kTile);
    SCRATCH(E, d_scores, kTile * kTile);
    SCRATCH(E, d_scores_turned, kTile * kTile);
    for (int64_t block = 0; block < tile_count(position + count); block++) {
        const int64_t place = block * area, sums = tiles.sums(block) * area;
        multiply_tile(kTile, size, tiles.k_rows + place, size, queries.q_columns, scores, kTile, false);
        multiply_tile(kTile, size, tiles.v_rows + place, size, queries.d_columns, d_probabilities, kTile, false);
        loops<E>().tile_backward(scores, d_probabilities, queries.lse, queries.delta, shape.scale,
                                 position - block * kTile, probabilities, d_scores);
        multiply_tile(size, kTile, probabilities, kTile, queries.d_packed, tiles.dv + sums, size, true);
        multiply_tile(size, kTile, d_scores, kTile, queries.q_packed, tiles.dk + sums, size, true);
        preceptor::tiles<E, E>().transpose(d_scores, d_scores_turned);
        multiply_tile(size, kTile, d_scores_turned, kTile, tiles.k_packed + place, dq, size, block > 0);
    }
}

/// One query head of a sequence: writes dq, adds to the sums of the keys and values.
template <typename T, typename E>
void head_backward(const BackwardPass<T> &pass, const KeyTiles<E> &tiles, const Sequences &all, int64_t sequence,
                   int64_t head, const Shape &shape) {
    const int64_t size = shape.size, width = shape.width(), out_width = shape.heads * size, area = kTile * size;
    const int64_t first = all.starts[sequence], length = all.lengths[sequence];
    const Rows<T> q{pass.x + first * width + head * size, length, width};
    const Rows<T> d_out{pass.d_out + first * out_width + head * size, length, out_width};
    const T *out = pass.out + first * out_width + head * size;
    const float *lse = pass.lse + first * shape.heads + head * length;
    SCRATCH(E, rows, area);
    SCRATCH(E, q_columns, area);
    SCRATCH(E, q_packed, area);
    SCRATCH(E, d_columns, area);
    SCRATCH(E, d_packed, area);
    SCRATCH(float, dq, area);
    QueryTile<E> queries{q_columns, q_packed, d_columns, d_packed, {}, {}};
    for (int64_t start = 0; start < length; start += kTile) {
        const int64_t count = std::min(kTile, length - start);
        for (int64_t row = 0; row < kTile; row++) {
            const int64_t place = (start + row) * out_width;
            queries.delta[row] = row < count ? loops<T>().dot(out + place, d_out.own + place, size) : 0.0f;
            // Makes the probabilities of what is no query zero.
            queries.lse[row] = row < count ? lse[start + row] : 1e30f;
        }
        q.copy_tile(start, size, rows);
        pack_columns(rows, size, q_columns);
        pack_rows(rows, size, q_packed);
        d_out.copy_tile(start, size, rows);
        pack_columns(rows, size, d_columns);
        pack_rows(rows, size, d_packed);
        query_tile_backward(queries, tiles, all.past(sequence) + start, count, shape, dq);
        T *to = pass.dx + (first + start) * width + head * size;
        for (int64_t row = 0; row < count; row++) loops<T>().scale_row(dq + row * size, to + row * width, 1.0f, size);
    }
}

/// Rounds sums dk, dv [rows, size] into the rows of dx from `first` on.
template <typename T>
void write_sums(const float *dk, const float *dv, int64_t first, int64_t rows, int64_t kv_head, const Shape &shape, T *dx) {
    const int64_t size = shape.size, width = shape.width();
    T *to = dx + first * width + (shape.heads + kv_head) * size;
    for (int64_t row = 0; row < rows; row++) {
        loops<T>().scale_row(dk + row * size, to + row * width, 1.0f, size);
        loops<T>().scale_row(dv + row * size, to + row * width + shape.kv_heads * size, 1.0f, size);
    }
}

void add(const float *from, int64_t count, float *to) {
    for (int64_t i = 0; i < count; i++) to[i] += from[i];
}

/// One key-value head, and the query heads that share it, of a share's sequences.
template <typename T, typename E>
void share_backward(const BackwardPass<T> &pass, const Sequences &all, const Share &share, int64_t kv_head,
                    const Shape &shape) {
    const int64_t size = shape.size, area = kTile * size, prefix_rows = all.lengths[share.prefix];
    const int64_t full = prefix_rows / kTile, rest = (prefix_rows - full * kTile) * size;
    int64_t blocks = 0;
    for (auto member : share.members) blocks = std::max(blocks, tile_count(all.past(member) + all.lengths[member]));
    SCRATCH(E, k_rows, blocks * area);
    SCRATCH(E, k_packed, blocks * area);
    SCRATCH(E, v_rows, blocks * area);
    SCRATCH(float, dk, (blocks + 1) * area);
    SCRATCH(float, dv, (blocks + 1) * area);
    const KeyTiles<E> tiles{k_rows, k_packed, v_rows, dk, dv, full};
    const int64_t shared = full * area, fresh = shared + area;
    std::memset(dk, 0, fresh * sizeof(float));
    std::memset(dv, 0, fresh * sizeof(float));
    for (auto member : share.members) {
        load(tiles, past_of(pass.x, all, member, kv_head, shape), member == share.members[0] ? 0 : full, size);
        for (int64_t head = kv_head * shape.group(); head < (kv_head + 1) * shape.group(); head++)
            head_backward(pass, tiles, all, member, head, shape);
        add(dk + fresh, rest, dk + shared);
        add(dv + fresh, rest, dv + shared);
        if (member != share.prefix)
            write_sums(dk + fresh + rest, dv + fresh + rest, all.starts[member], all.lengths[member], kv_head, shape, pass.dx);
    }
    const int64_t count = prefix_rows * size;
    if (share.sums) {
        float *to = share.sums + 2 * kv_head * count;
        std::memcpy(to, dk, count * sizeof(float));
        std::memcpy(to + count, dv, count * sizeof(float));
    } else {
        write_sums(dk, dv, all.starts[share.prefix], prefix_rows, kv_head, shape, pass.dx);
    }
}

}  // namespace

template <typename T, typename E>
void attend_backward(const BackwardPass<T> &pass, const Sequences &all, const Shape &shape) {
    const Plan plan(all, shape);
    const int64_t heads = shape.kv_heads;
    parallel_for(static_cast<int64_t>(plan.shares.size()) * heads, [&](int64_t task) {
        share_backward<T, E>(pass, all, plan.shares[task / heads], task % heads, shape);
    });
    parallel_for(static_cast<int64_t>(plan.cut.size()) * heads, [&](int64_t task) {
        const auto [first, shares] = plan.cut[task / heads];
        const int64_t head = task % heads, prefix = plan.shares[first].prefix, rows = all.lengths[prefix];
        const int64_t count = rows * shape.size, place = 2 * head * count;
        float *sums = plan.shares[first].sums + place;
        for (int64_t i = 1; i < shares; i++) add(plan.shares[first + i].sums + place, 2 * count, sums);
        write_sums(sums, sums + count, all.starts[prefix], rows, head, shape, pass.dx);
    });
}

template void attend_backward<float, float>(const BackwardPass<float> &, const Sequences &, const Shape &);
template void attend_backward<c10::BFloat16, float>(const BackwardPass<c10::BFloat16> &, const Sequences &, const Shape &);
template void attend_backward<c10::BFloat16, c10::BFloat16>(const BackwardPass<c10::BFloat16> &, const Sequences &, const Shape &);

}  // namespace preceptor
