#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/error.h"

namespace google::protobuf {
class Message;
}

// Page sizes and tokens. A token holds a place in a list and belongs to the request that it came
// from: other filters do not take it. Opaque to clients. Pure.

namespace veche::appeals {

// A fingerprint of `request` (without its page_size and page_token) as asked by `caller`.
int64_t FingerprintOf(const google::protobuf::Message& request, absl::string_view caller);

std::string MakePageToken(const std::vector<int64_t>& place, int64_t fingerprint);
// The `numbers` numbers of the place; nothing for "". Adds a violation for any other text.
std::optional<std::vector<int64_t>> ReadPageToken(absl::string_view token, size_t numbers,
                                                  int64_t fingerprint, Violations& violations);

// 20 for 0, at most 200; a violation for less than 0.
int PageSize(int wanted, Violations& violations);

// Ends a page before gRPC's 4 MiB do; one item always fits. For one thread.
class PageBudget {
 public:
  bool Fits(const google::protobuf::Message& item);

 private:
  size_t items_ = 0;
  size_t bytes_ = 0;
};

}  // namespace veche::appeals
