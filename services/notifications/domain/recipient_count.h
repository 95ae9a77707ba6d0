#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "services/notifications/domain/alert.h"

namespace veche::notifications {

// How many would be told of an alert. A recipient may have several channels.
struct RecipientCount {
  int64_t recipients = 0;
  int64_t in_app = 0;
  int64_t web_push = 0;
  int64_t email = 0;
  int64_t webhook = 0;
};

// Counts who would be told of an alert, without telling anybody. Thread-safe; may block.
class RecipientCounter {
 public:
  virtual ~RecipientCounter() = default;
  // Of a topic ("topics/{id}") in districts ("districts/{id}"); empty: the whole city.
  virtual absl::StatusOr<RecipientCount> Count(const std::string& topic, Severity severity,
                                               const std::vector<std::string>& districts) = 0;
};

}  // namespace veche::notifications
