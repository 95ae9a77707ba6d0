#include "services/notifications/remote/directory.h"

#include <utility>
#include <vector>

#include "common/base/status_macros.h"
#include "common/observe/worker.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"

namespace veche::notifications {
namespace {

constexpr char kService[] = "notifications";
constexpr absl::Duration kRefreshEvery = absl::Seconds(30);
constexpr absl::Duration kRetryEvery = absl::Milliseconds(500);
constexpr absl::Duration kTimeout = absl::Seconds(5);

}  // namespace

Directory::Directory(rpc::Channels& channels, observe::Telemetry& telemetry)
    : stub_(directory::v1::Directory::NewStub(channels.For("directory"))),
      telemetry_(telemetry),
      worker_(observe::LoggedWorker("notice-city", telemetry_), [this] { return Step(); }) {}

std::shared_ptr<const DistrictMap> Directory::Get() const {
  absl::MutexLock lock(&mutex_);
  return districts_;
}

absl::Status Directory::Refresh() {
  directory::v1::ListDistrictsRequest request;
  request.set_boundaries(true);
  directory::v1::ListDistrictsResponse response;
  RETURN_IF_ERROR(rpc::FromGrpc(stub_->ListDistricts(
      rpc::NewBackgroundContext(kService, kTimeout).get(), request, &response)));
  std::vector<District> districts, without_boundary;
  std::vector<geo::Boundary> boundaries;
  for (const directory::v1::District& wire : response.districts()) {
    District district{wire.name(), wire.title(), {wire.titles().begin(), wire.titles().end()}};
    auto boundary = geo::Boundary::FromGeoJson(wire.boundary());
    if (!boundary.ok()) {
      without_boundary.push_back(std::move(district));
      continue;
    }
    districts.push_back(std::move(district));
    boundaries.push_back(*std::move(boundary));
  }
  districts.insert(districts.end(), std::make_move_iterator(without_boundary.begin()),
                   std::make_move_iterator(without_boundary.end()));
  auto map = std::make_shared<const DistrictMap>(std::move(districts), std::move(boundaries));
  absl::MutexLock lock(&mutex_);
  districts_ = std::move(map);
  return absl::OkStatus();
}

absl::Duration Directory::Step() {
  if (absl::Status status = Refresh(); !status.ok()) {
    telemetry_.logger->Log(observe::Level::kDebug, "directory not reached",
                           {{"error", status.ToString()}});
  }
  // An empty directory is still being filled: look again soon.
  const std::shared_ptr<const DistrictMap> districts = Get();
  return districts == nullptr || districts->empty() ? kRetryEvery : kRefreshEvery;
}

}  // namespace veche::notifications
