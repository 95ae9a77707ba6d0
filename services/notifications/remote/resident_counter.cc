#include "services/notifications/remote/resident_counter.h"

#include "common/api/timestamp.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"

namespace veche::notifications {
namespace {

constexpr char kService[] = "notifications";
constexpr absl::Duration kTimeout = absl::Seconds(5);

}  // namespace

ResidentCounter::ResidentCounter(rpc::Channels& channels, const Clock& clock)
    : identity_(identity::v1::Identity::NewStub(channels.For("identity"))), clock_(clock) {}

absl::StatusOr<RecipientCount> ResidentCounter::Count(const std::string&, Severity,
                                                      const std::vector<std::string>& districts) {
  identity::v1::CountEligibleRequest request;
  for (const std::string& district : districts) {
    request.mutable_eligibility()->add_districts(district);
  }
  *request.mutable_time() = api::ToTimestamp(clock_.Now());
  identity::v1::CountEligibleResponse response;
  RETURN_IF_ERROR(rpc::FromGrpc(identity_->CountEligible(
      rpc::NewBackgroundContext(kService, kTimeout).get(), request, &response)));
  return RecipientCount{.recipients = response.count(), .in_app = response.count()};
}

}  // namespace veche::notifications
