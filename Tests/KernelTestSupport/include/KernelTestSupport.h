// What tests ask of the kernels beneath the C ABI.
#pragma once
#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Paths, from the least to the best.
int kt_path_count(void);
const char *kt_path_name(int path);
/// Whether this processor has the path.
bool kt_has_path(int path);
/// Whether thin and tiled products of a path that it has agree.
bool kt_path_agrees(int path);
/// What the self-test says of products that sum the two halves of their inputs apart.
bool kt_halves_agree(void);
/// The same of products that leave the last output of a panel out.
bool kt_missing_output_agrees(void);

/// Runs a loop whose index `failing` throws (negative: none does); what was thrown, or an empty text.
/// `calls` gets how often each index was called.
const char *kt_loop(int64_t count, int64_t failing, int32_t *calls);
/// The sum of i * j over a loop of `count` within a loop of `count`.
int64_t kt_nested_loops(int64_t count);

#ifdef __cplusplus
}
#endif
