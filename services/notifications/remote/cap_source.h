#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/http_client/client.h"

namespace veche::notifications {

// Fetches the CAP documents of other senders. Thread-safe; blocks for ten seconds at most.
class CapSource {
 public:
  // The client's options bound the size of an answer. `client` must outlive the object.
  explicit CapSource(http_client::Client& client) : client_(client) {}

  // The document at an https URL. InvalidArgument with a violation of "url" that says why there is
  // none.
  absl::StatusOr<std::string> Fetch(const std::string& url);

 private:
  http_client::Client& client_;
};

}  // namespace veche::notifications
