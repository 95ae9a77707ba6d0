#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/clock.h"
#include "common/rpc/channels.h"
#include "services/notifications/domain/recipient_count.h"
#include "veche/identity/v1/identity.grpc.pb.h"

namespace veche::notifications {

// Counts the residents of districts, who all read alerts in the app. Thread-safe; blocks for a few
// seconds at most.
class ResidentCounter final : public RecipientCounter {
 public:
  // All must outlive the object.
  ResidentCounter(rpc::Channels& channels, const Clock& clock);

  absl::StatusOr<RecipientCount> Count(const std::string& topic, Severity severity,
                                       const std::vector<std::string>& districts) override;

 private:
  const std::unique_ptr<identity::v1::Identity::StubInterface> identity_;
  const Clock& clock_;
};

}  // namespace veche::notifications
