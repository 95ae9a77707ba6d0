#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/types/span.h"
#include "common/rpc/channels.h"
#include "veche/identity/v1/identity.grpc.pb.h"

namespace veche::notifications {

// The residents of districts, as identity knows them. Thread-safe; blocks for a few seconds at
// most.
class Residents {
 public:
  struct Page {
    std::vector<std::string> residents;  // "residents/{id}", ascending
    bool last = true;
  };

  // `channels` must outlive the object.
  explicit Residents(rpc::Channels& channels);

  // The first `limit` residents (at most 500) of the districts after the resident `after`, "" for
  // the first page; of the whole city when `districts` is empty. Errors are those of the call.
  absl::StatusOr<Page> List(absl::Span<const std::string> districts, absl::string_view after,
                            int limit);
  // "districts/{id}" that a resident has chosen, "" for none. Waits for a second at most.
  absl::StatusOr<std::string> HomeOf(absl::string_view resident);

 private:
  const std::unique_ptr<identity::v1::Identity::StubInterface> identity_;
};

}  // namespace veche::notifications
