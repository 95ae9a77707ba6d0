#pragma once

#include <cstddef>
#include <cstdint>

// The innermost loops: plain, so that the compiler makes vector instructions of them.

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
// A copy of the function for processors with AVX2, chosen when the program starts.
#define VECHE_VECTORISED __attribute__((target_clones("avx2", "default")))
#else
#define VECHE_VECTORISED
#endif
