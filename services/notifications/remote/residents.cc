#include "services/notifications/remote/residents.h"

#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"

namespace veche::notifications {
namespace {

constexpr char kService[] = "notifications";
constexpr absl::Duration kTimeout = absl::Seconds(5);
// A reader of the feed waits for it.
constexpr absl::Duration kHomeTimeout = absl::Seconds(1);

}  // namespace

Residents::Residents(rpc::Channels& channels)
    : identity_(identity::v1::Identity::NewStub(channels.For("identity"))) {}

absl::StatusOr<Residents::Page> Residents::List(absl::Span<const std::string> districts,
                                                absl::string_view after, int limit) {
  identity::v1::ListResidentsOfDistrictsRequest request;
  for (const std::string& district : districts) request.add_districts(district);
  request.set_page_size(limit);
  request.set_page_token(std::string(after));
  identity::v1::ListResidentsOfDistrictsResponse response;
  RETURN_IF_ERROR(rpc::FromGrpc(identity_->ListResidentsOfDistricts(
      rpc::NewBackgroundContext(kService, kTimeout).get(), request, &response)));
  Page page{.residents = {response.residents().begin(), response.residents().end()},
            .last = response.next_page_token().empty()};
  if (page.residents.empty() && !page.last) {
    return absl::InternalError("identity sent an empty page of residents that is not the last");
  }
  return page;
}

absl::StatusOr<std::string> Residents::HomeOf(absl::string_view resident) {
  identity::v1::GetHomeDistrictsRequest request;
  request.add_residents(std::string(resident));
  identity::v1::GetHomeDistrictsResponse response;
  RETURN_IF_ERROR(rpc::FromGrpc(identity_->GetHomeDistricts(
      rpc::NewBackgroundContext(kService, kHomeTimeout).get(), request, &response)));
  return response.homes().empty() ? "" : response.homes(0).district();
}

}  // namespace veche::notifications
