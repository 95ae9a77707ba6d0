#include "common/observe/trace.h"

#include <cstdint>

#include "absl/random/random.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"

namespace veche::observe {
namespace {

constexpr size_t kTraceDigits = 32;
constexpr size_t kParentDigits = 16;
constexpr size_t kVersion00Length = 2 + 1 + kTraceDigits + 1 + kParentDigits + 1 + 2;

// Ids must be unique; they need not be secret.
std::string NewId(size_t digits) {
  thread_local absl::BitGen random;
  std::string id;
  while (id.size() < digits) {
    absl::StrAppend(&id,
                    absl::Hex(absl::Uniform<uint64_t>(absl::IntervalClosed, random, 1, UINT64_MAX),
                              absl::kZeroPad16));
  }
  return id;
}

bool IsLowerHex(absl::string_view text) {
  for (char c : text) {
    if (!absl::ascii_isdigit(c) && (c < 'a' || c > 'f')) return false;
  }
  return true;
}

bool IsId(absl::string_view text) {
  return IsLowerHex(text) && text.find_first_not_of('0') != absl::string_view::npos;
}

// Fields of a later version may follow after a dash; version ff is forbidden.
bool IsWellFormed(absl::string_view header) {
  if (header.size() < kVersion00Length || !IsLowerHex(header.substr(0, 2))) return false;
  if (absl::StartsWith(header, "ff")) return false;
  if (absl::StartsWith(header, "00") && header.size() != kVersion00Length) return false;
  if (header.size() > kVersion00Length && header[kVersion00Length] != '-') return false;
  return header[2] == '-' && header[35] == '-' && header[52] == '-' &&
         IsId(header.substr(3, kTraceDigits)) && IsId(header.substr(36, kParentDigits)) &&
         IsLowerHex(header.substr(53, 2));
}

// The lowest bit of the flags' last digit.
bool IsSampled(char digit) {
  int value = digit <= '9' ? digit - '0' : digit - 'a' + 10;
  return (value & 1) != 0;
}

}  // namespace

std::string TraceContext::ToTraceparent() const {
  return absl::StrCat("00-", trace_id, "-", parent_id, sampled ? "-01" : "-00");
}

TraceContext TraceContext::Continue(absl::string_view traceparent) {
  if (!IsWellFormed(traceparent)) return {NewId(kTraceDigits), NewId(kParentDigits), true};
  return {std::string(traceparent.substr(3, kTraceDigits)), NewId(kParentDigits),
          IsSampled(traceparent[54])};
}

}  // namespace veche::observe
