#include "services/polling/remote/city.h"

#include "common/api/timestamp.h"
#include "common/base/status_macros.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"

namespace veche::polling {
namespace {

constexpr char kService[] = "polling";
constexpr absl::Duration kTimeout = absl::Seconds(10);

}  // namespace

City::City(rpc::Channels& channels)
    : identity_(identity::v1::Identity::NewStub(channels.For("identity"))),
      directory_(directory::v1::Directory::NewStub(channels.For("directory"))) {}

absl::StatusOr<int64_t> City::CountEligible(const protocol::Definition& definition) {
  identity::v1::CountEligibleRequest request;
  request.mutable_eligibility()->set_min_age(static_cast<int32_t>(definition.min_age));
  request.mutable_eligibility()->set_verified(definition.verified);
  for (const std::string& district : definition.districts) {
    request.mutable_eligibility()->add_districts(district);
  }
  *request.mutable_time() = api::ToTimestamp(absl::FromUnixSeconds(definition.close_time));
  identity::v1::CountEligibleResponse response;
  RETURN_IF_ERROR(rpc::FromGrpc(identity_->CountEligible(
      rpc::NewBackgroundContext(kService, kTimeout).get(), request, &response)));
  return response.count();
}

absl::StatusOr<std::vector<std::string>> City::ListDistricts() {
  directory::v1::ListDistrictsResponse response;
  RETURN_IF_ERROR(rpc::FromGrpc(directory_->ListDistricts(
      rpc::NewBackgroundContext(kService, kTimeout).get(), {}, &response)));
  std::vector<std::string> names;
  for (const auto& district : response.districts()) names.push_back(district.name());
  return names;
}

}  // namespace veche::polling
