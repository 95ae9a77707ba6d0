#pragma once

#include <string>

#include "absl/strings/string_view.h"

namespace veche::observe {

// W3C Trace Context: tells which request a piece of work belongs to.
struct TraceContext {
  std::string trace_id;   // 32 hexadecimal digits
  std::string parent_id;  // 16 hexadecimal digits: this hop
  bool sampled = true;

  // "00-<trace>-<parent>-01".
  std::string ToTraceparent() const;
  // A new hop of the trace in `traceparent`; a new sampled trace when `traceparent` is empty or
  // malformed.
  static TraceContext Continue(absl::string_view traceparent);
};

}  // namespace veche::observe
