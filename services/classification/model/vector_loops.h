#pragma once

#include <cstddef>
#include <cstdint>

// For the innermost loops, which are written plainly so that the compiler can vectorise them.

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
// Compiles the function also for AVX2; the dynamic loader chooses.
#define VECHE_VECTORISED __attribute__((target_clones("avx2", "default")))
#else
#define VECHE_VECTORISED
#endif
