#include "services/appeals/workers/city.h"

#include "common/base/status_macros.h"
#include "common/observe/worker.h"
#include "common/rpc/call.h"
#include "common/rpc/status.h"

namespace veche::appeals {
namespace {

constexpr absl::Duration kRefreshEvery = absl::Seconds(30);
constexpr absl::Duration kRetryEvery = absl::Milliseconds(500);
constexpr absl::Duration kTimeout = absl::Seconds(5);

template <typename Request, typename Response, typename Stub>
absl::StatusOr<Response> Ask(Stub& stub,
                             grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                          Response*),
                             const Request& request) {
  Response response;
  auto context = rpc::NewBackgroundContext("appeals", kTimeout);
  RETURN_IF_ERROR(rpc::FromGrpc((stub.*method)(context.get(), request, &response)));
  return response;
}

// The directory says "none" where nobody chose a profile. The law does not depend on the category:
// only the city as a whole can be without a legal profile.
CitySnapshot::Category WithDefaults(const directory::v1::Category& category,
                                    const CityDefaults& defaults) {
  const bool no_profile = category.legal_profile().empty() || category.legal_profile() == "none";
  return {category.title(), category.department(),
          category.response_hours() > 0 ? category.response_hours() : defaults.response_hours,
          no_profile ? defaults.legal_profile : category.legal_profile()};
}

template <typename Wire>
CitySnapshot::Titles TitlesOf(const Wire& wire) {
  return {.main = wire.title(), .by_language = {wire.titles().begin(), wire.titles().end()}};
}

}  // namespace

City::City(std::shared_ptr<grpc::Channel> directory, observe::Telemetry telemetry,
           CityDefaults defaults)
    : directory_(directory::v1::Directory::NewStub(std::move(directory))),
      telemetry_(std::move(telemetry)),
      defaults_(std::move(defaults)),
      worker_(observe::LoggedWorker("appeals-city", telemetry_), [this] { return Step(); }) {}

std::shared_ptr<const CitySnapshot> City::Get() const {
  absl::MutexLock lock(&mutex_);
  return snapshot_;
}

absl::Status City::Refresh() {
  using Stub = directory::v1::Directory::Stub;
  auto snapshot = std::make_shared<CitySnapshot>();
  snapshot->response_hours = defaults_.response_hours;
  snapshot->legal_profile = defaults_.legal_profile;
  ASSIGN_OR_RETURN(auto categories,
                   Ask(*directory_, &Stub::ListCategories, directory::v1::ListCategoriesRequest()));
  for (const auto& category : categories.categories()) {
    snapshot->categories[category.name()] = WithDefaults(category, defaults_);
    snapshot->titles[category.name()] = TitlesOf(category);
    snapshot->by_title[category.title()] = category.name();
  }
  ASSIGN_OR_RETURN(auto departments, Ask(*directory_, &Stub::ListDepartments,
                                         directory::v1::ListDepartmentsRequest()));
  for (const auto& department : departments.departments()) {
    snapshot->departments.insert(department.name());
    if (!department.kind().empty()) {
      snapshot->departments_by_kind[department.kind()].push_back(department.name());
    }
  }
  directory::v1::ListDistrictsRequest with_boundaries;
  with_boundaries.set_boundaries(true);
  ASSIGN_OR_RETURN(auto districts, Ask(*directory_, &Stub::ListDistricts, with_boundaries));
  std::vector<geo::Boundary> boundaries;
  for (const auto& district : districts.districts()) {
    snapshot->titles[district.name()] = TitlesOf(district);
    snapshot->district_names.insert(district.name());
    auto boundary = geo::Boundary::FromGeoJson(district.boundary());
    if (!boundary.ok()) {
      telemetry_.logger->Warning("district without a usable boundary",
                                 {{"district", district.name()}});
      continue;
    }
    boundaries.push_back(*std::move(boundary));
    snapshot->districts.push_back(district.name());
  }
  snapshot->district_index = std::make_unique<geo::DistrictIndex>(std::move(boundaries));
  absl::MutexLock lock(&mutex_);
  snapshot_ = std::move(snapshot);
  return absl::OkStatus();
}

absl::Duration City::Step() {
  if (absl::Status status = Refresh(); !status.ok()) {
    telemetry_.logger->Log(observe::Level::kDebug, "directory not reached",
                           {{"error", status.ToString()}});
  }
  // An empty directory is still being filled: look again soon.
  const std::shared_ptr<const CitySnapshot> snapshot = Get();
  const bool empty = snapshot == nullptr || snapshot->categories.empty();
  return empty ? kRetryEvery : kRefreshEvery;
}

}  // namespace veche::appeals
