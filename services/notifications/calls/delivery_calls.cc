#include "services/notifications/calls/delivery_calls.h"

#include <optional>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "common/api/page.h"
#include "common/api/timestamp.h"
#include "common/base/id.h"
#include "common/base/status_macros.h"
#include "services/notifications/domain/delivery_errors.h"
#include "services/notifications/streams/convert.h"

namespace veche::notifications {
namespace {

constexpr absl::string_view kPrefix = "deliveries/";

template <typename Domain, typename WireType>
constexpr bool Same(Domain domain, WireType wire) {
  return static_cast<int>(domain) == static_cast<int>(wire);
}
static_assert(Same(Channel::kWebPush, v1::Delivery::WEB_PUSH));
static_assert(Same(Channel::kContact, v1::Delivery::CONTACT));
static_assert(Same(Channel::kWebhook, v1::Delivery::WEBHOOK));
static_assert(Same(DeliveryState::kQueued, v1::Delivery::QUEUED));
static_assert(Same(DeliveryState::kSending, v1::Delivery::SENDING));
static_assert(Same(DeliveryState::kSent, v1::Delivery::SENT));
static_assert(Same(DeliveryState::kFailed, v1::Delivery::FAILED));
static_assert(Same(DeliveryState::kDead, v1::Delivery::DEAD));

v1::Delivery ToWire(const Delivery& delivery) {
  v1::Delivery wire;
  wire.set_name(absl::StrCat(kPrefix, delivery.id));
  wire.set_subscriber(delivery.subscriber);
  wire.set_channel(static_cast<v1::Delivery::Channel>(delivery.channel));
  wire.set_state(static_cast<v1::Delivery::State>(delivery.state));
  wire.set_attempts(delivery.attempt);
  wire.set_error(delivery.error);
  // Posts and notices are numbered in one sequence.
  const std::optional<int64_t> subject = delivery.post ? delivery.post : delivery.notice;
  if (subject) wire.set_subject(absl::StrCat("notifications/", ToId(*subject)));
  *wire.mutable_due_time() = api::ToTimestamp(delivery.due_time);
  *wire.mutable_create_time() = api::ToTimestamp(delivery.create_time);
  return wire;
}

}  // namespace

absl::StatusOr<v1::ListDeliveriesResponse> DeliveryCalls::ListDeliveries(
    const rpc::Call&, const v1::ListDeliveriesRequest& request, Violations violations) {
  const api::Page page(request, "", violations);
  const std::string before = page.Place(IsUlid, violations);
  const DeliveryState state = request.state() == v1::Delivery::STATE_UNSPECIFIED
                                  ? DeliveryState::kDead
                                  : static_cast<DeliveryState>(request.state());
  if (state != DeliveryState::kDead && state != DeliveryState::kFailed) {
    violations.Add("state", "GIVEN_UP_STATE");
  }
  RETURN_IF_ERROR(violations.ToStatus());
  std::vector<Delivery> deliveries;
  RETURN_IF_ERROR(parts_.database.Read([&](sql::Transaction& transaction) -> absl::Status {
    // One row more than the page tells whether another page follows.
    ASSIGN_OR_RETURN(deliveries,
                     parts_.store.ListGivenUp(transaction, state, before, page.size() + 1));
    return absl::OkStatus();
  }));
  v1::ListDeliveriesResponse response;
  if (deliveries.size() > static_cast<size_t>(page.size())) {
    deliveries.pop_back();
    response.set_next_page_token(page.TokenAfter(deliveries.back().id));
  }
  for (const Delivery& delivery : deliveries) *response.add_deliveries() = ToWire(delivery);
  return response;
}

absl::StatusOr<v1::Delivery> DeliveryCalls::ResendDelivery(
    const rpc::Call& call, const v1::ResendDeliveryRequest& request) {
  v1::Delivery response;
  RETURN_IF_ERROR(parts_.database.Write([&](sql::Transaction& transaction) -> absl::Status {
    transaction.OnCommit(parts_.on_queued);
    ASSIGN_OR_RETURN(const std::optional<Delivery> delivery,
                     parts_.store.Resend(transaction, absl::StripPrefix(request.name(), kPrefix),
                                         parts_.clock.Now()));
    if (!delivery) return DeliveryNotFound(request.name());
    response = ToWire(*delivery);
    return call.Remember(transaction, response);
  }));
  return response;
}

}  // namespace veche::notifications
