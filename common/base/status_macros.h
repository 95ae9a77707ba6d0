#pragma once

#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

// The only macros of the project: early return on error.

#define VECHE_CONCAT_INNER(a, b) a##b
#define VECHE_CONCAT(a, b) VECHE_CONCAT_INNER(a, b)

#define RETURN_IF_ERROR(expr)                                                        \
  do {                                                                               \
    if (absl::Status veche_status = (expr); !veche_status.ok()) return veche_status; \
  } while (false)

#define ASSIGN_OR_RETURN(lhs, rexpr) \
  VECHE_ASSIGN_OR_RETURN(VECHE_CONCAT(veche_statusor_, __LINE__), lhs, rexpr)

#define VECHE_ASSIGN_OR_RETURN(statusor, lhs, rexpr)       \
  auto statusor = (rexpr);                                 \
  if (!statusor.ok()) return std::move(statusor).status(); \
  lhs = *std::move(statusor)
