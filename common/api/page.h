#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "common/base/error.h"

namespace google::protobuf {
class Message;
}

namespace veche::api {

inline constexpr int kDefaultPageSize = 20;
inline constexpr int kLargestPageSize = 200;

// The page that a List request asks for (AIP-158), and the token of the page after it.
//
// A token holds the position of the last item of its page, and is valid only with the filters and
// the caller of the request that it came from. Tokens are opaque to clients, but neither secret nor
// signed. Its format may change with a release: a client whose token is refused begins with the
// first page again. Immutable; thread-safe.
class Page {
 public:
  // Adds a violation of pageSize when it is negative, and of pageToken when it is not from an
  // answer to this request. `caller` is the owner of the list, "" for a list that is the same for
  // everyone. REQUIRES: `request` has the fields page_size (int32) and page_token (string).
  Page(const google::protobuf::Message& request, absl::string_view caller, Violations& violations);

  // 20 unless the client says otherwise, at most 200.
  int size() const { return size_; }

  // The `place` that was given to TokenAfter, "" for the first page. Adds a violation of pageToken
  // when `is_valid` refuses it.
  std::string Place(bool (*is_valid)(absl::string_view), Violations& violations) const;
  // The place as `count` numbers; nullopt for the first page.
  std::optional<std::vector<int64_t>> Numbers(size_t count, Violations& violations) const;

  // The next_page_token of an answer whose last item is at `place`, which must not be empty.
  std::string TokenAfter(absl::string_view place) const;
  std::string TokenAfter(std::initializer_list<int64_t> place) const;

 private:
  int size_;
  std::string fingerprint_;  // of the filters and the caller
  std::string place_;
};

// Ends a page before gRPC's 4 MiB do; one item always fits. For one thread.
class PageBudget {
 public:
  bool Fits(const google::protobuf::Message& item);

 private:
  size_t items_ = 0;
  size_t bytes_ = 0;
};

}  // namespace veche::api
